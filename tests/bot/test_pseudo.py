"""Everything a person reads went through the catalogue: shown by a language of wide letters.

A plain word in an answer, in an alert or on a picture was put there past the catalogue, unless it
is the same in every language. What is to be typed or copied stands in code and is not looked at.
"""

import re
from collections import deque
from dataclasses import replace

import pytest
from msgspec import Struct

from bot.commands.alert_changes import KIND_NAMES as KINDS
from bot.commands.registry import COMMANDS
from storage.ledger import save_gap, save_incident
from storage.trainings import begin_training, end_training
from tests.bot import pseudo
from tests.bot.commands.whys import asking
from tests.bot.desk import ADDRESS, MISTYPED_ADDRESS, PRIVATE_KEY, Talk
from tests.make import NOW, block, hash_of, transaction
from watchers.model import Gap, Incident, Price, sealed

BTC = 10**8
MOST = 350
RULES = (
    "whales 1 BTC", f"watch {ADDRESS} in min 0.1 BTC label Ñ", "blocks", "blocks later than 30m",
    "fees below 3", "price above 100000", "source", "anomalies rare",
)  # fmt: skip
MISTAKES = (
    f"/watch {MISTYPED_ADDRESS}", PRIVATE_KEY, "/watch 0x" + "a" * 40, "/watch tb1qqqqqqq",
    f"/watch {hash_of(0)}", ADDRESS, hash_of(1), "500 BTC", "840000", "/hlep", "zzz",
    "/threshold 500 XYZ", "/threshold 1,5 BTC", "/mute 5 parsecs", "/quiet 25:00 26:00",
    "/alerts 1 ring", "/alerts add fees", "/alerts add price below", "/language zz", "/units zz",
    "/preview whales", "/summary daily", "/summary weekly 08:00", "/chart", "/chart zz",
    *(f"/{command.name}" for command in COMMANDS),
    *(f"/{command.name} zz zz" for command in COMMANDS),
)  # fmt: skip
TYPED = sorted(
    {*KINDS, *(choice for c in COMMANDS for p in c.parameters for choice in p.choices)}, key=len
)[::-1]
SAME = re.compile(
    rf"""
    “[^”]*”                                                  # what was typed is said again
    | /[a-z]+                                                # commands,
    | (?<=[:\uff46]\ )({"|".join(TYPED)})(,\ ({"|".join(TYPED)}))+  # lists of what can be typed,
    | \b(BTC|USD|EUR|sat|vB|UTC|PDF|CSV|JSON|ID|[kM]B)\b     # units and formats,
    | \b(Bitcoin|Telegram|Discord|Spyhop|SQLite)\b           # names,
    | \b(English|Deutsch|Español)\b                          # languages, each by its own name,
    | \w+…\w+ | …[0-9a-f]{{8,}} | \btb1\b | \b\w+/\w+\b          # addresses, ids, time zones
    | \b(First\ miner|Savings|Ada|ada|bob|miner|somewhere)\b # and what people are called here
    """,
    re.VERBOSE,
)
"""What is the same in all languages."""
PLAIN = re.compile(r"[A-Za-z]{2,}")
CHANGES = ("/language", "/start off", "/link unlink", "/members remove")
"""They change in which language is spoken, or who may ask."""


class Reader:
    """Reads all that is said and drawn; `plain` holds what was not translated, and where."""

    def __init__(self):
        self.plain = {}

    def read(self, message, asked):
        for line in (message.title, *message.lines, message.news):
            self.see(
                "".join("" if run.style in {"code", "pre"} else run.text for run in line), asked
            )
        for button in (button for row in message.buttons for button in row):
            self.see(button.label, asked)
        if message.picture:
            self.see(message.picture.description, asked)

    def see(self, text, asked):
        if PLAIN.search(SAME.sub("", text)):
            self.plain.setdefault(text, asked)

    async def draw(self, kind, series, theme):
        self.look_at(series, f"the chart {kind}")
        return b""

    async def publish(self, title, pages):
        self.look_at((title, *pages), "a report")
        return b""

    def look_at(self, value, what):
        """Every text of a value, but for the names of things."""
        if isinstance(value, str):
            self.see(re.sub(r"\{\w*\}", "", value), what)
        elif isinstance(value, tuple | list):
            for item in value:
                self.look_at(item, what)
        elif isinstance(value, Struct):
            for name in set(value.__struct_fields__) - {"timezone", "chart"}:
                self.look_at(getattr(value, name), what)


@pytest.fixture
async def ada(tmp_path):
    """Somebody who owns the bot, speaks wide letters, and was told a few things."""
    with pseudo.spoken():
        async with asking(tmp_path, name="Å", language=pseudo.CODE) as ada:
            await ada.office.store.write(_owns)
            await ada.office.store.write(_keep_reasons)
            for rule in RULES:
                await ada.talk.send(f"/alerts add {rule}")
            await ada.take(Price("BTC", "USD", 64_000 * 10**6, NOW - 60, "somewhere"))
            await ada.take(transaction(550 * BTC, name="whale", time=NOW - 2), sent=1)
            await ada.take(transaction(5 * BTC, recipient=ADDRESS, time=NOW - 2), sent=2)
            await ada.take(block(1, [transaction(550 * BTC, name="whale")]), sent=3)
            yield ada


def _owns(db):
    db.conn.execute("UPDATE persons SET role = 'owner'")


def _keep_reasons(db):
    """What is kept until somebody reads it: trouble, a training, a time in which nothing came."""
    detail = sealed("An event is set aside. {cause}", cause="")
    save_incident(db, Incident("storage", "event not stored", detail, NOW))
    save_gap(db, Gap("bitcoin", "blockchain.com", NOW - 900, NOW - 600, "the connection was lost"))
    training = begin_training(db, "bitcoin", "asked", NOW - 60)
    outcome = sealed("{who} went back to {version}", who="Å", version=1)
    end_training(db, training, outcome, None, NOW)


async def test_all_that_is_said_and_drawn_is_translated(ada):
    reader = Reader()
    desk = replace(ada.talk.desk, draw=reader.draw, publish=reader.publish)
    talk = Talk(desk, "open", platform="telegram", chat="7", person="7", name="Å", language="xx")
    examples = [example for command in COMMANDS for example in command.examples]
    whale = hash_of("whale")
    waiting = deque([*examples, *MISTAKES, f"/why {whale}", f"/tx {whale}", f"/address {ADDRESS}"])
    asked: set[str] = set()
    while waiting and len(asked) < MOST:
        text = waiting.popleft()
        if text in asked or text.startswith(CHANGES):
            continue
        asked.add(text)
        message = await talk.send(text)
        assert message is not None, text
        reader.read(message, text)
        waiting.extend(b.command for row in message.buttons for b in row if b.command)
    for _address, _edits, message in ada.office.platform.sent:
        reader.read(message, "what is told")
    assert len(asked) > 200
    assert not "\n".join(f"{where}: {text}" for text, where in reader.plain.items())
