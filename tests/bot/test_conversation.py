from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.command import MissingError
from bot.commands.nearest import MEANT
from bot.commands.parse import parse_arguments
from bot.commands.registry import COMMANDS
from bot.conversation import Conversation
from bot.platforms.platform import Incoming
from storage.chats import park_chat
from storage.ledger import incidents_since
from tests.bot.desk import (
    ADDRESS,
    DEFAULTS,
    INVITED,
    MISTYPED_ADDRESS,
    PRIVATE_KEY,
    Talk,
    button,
    make_desk,
    plain,
)
from tests.make import hash_of
from watchers.registry import CHAINS


async def test_a_command_is_answered_with_and_without_slash(talk):
    for text in ("/help", "HELP", "/help@SpyhopBot", " /Help "):
        assert "What I can do" in await talk.say(text)


async def test_help_lists_every_command_with_its_line(talk):
    listed = await talk.say("/help")
    for command in COMMANDS:
        if command.name != "help":
            assert f"/{command.name}  {command.summary}" in listed


@pytest.mark.parametrize("topic", ["watch", "/watch", "WATCH@SpyhopBot"])
async def test_help_explains_one_command(talk, topic):
    explained = await talk.say(f"/help {topic}")
    assert explained.startswith(
        "/watch ADDRESS [label] [in|out|any] [min AMOUNT]\nBe told of what moves"
    )
    assert "label: Your own name for it (may be left out)" in explained


async def test_help_for_an_unknown_command_offers_the_nearest(talk):
    answer = await talk.send("/help thresh")
    assert "Did you mean /threshold?" in plain(answer)
    assert "/threshold [whales]" in plain(await talk.press(answer, "Explain /threshold"))
    assert "There is no command “xyzzy”." in await talk.say("/help xyzzy")


async def test_an_unknown_command_offers_the_nearest_with_what_was_typed_after_it(talk, desk):
    answer = await talk.send(f"/wtach {ADDRESS} Cold wallet")
    assert "I do not know /wtach. Did you mean /watch?" in plain(answer)
    await talk.press(answer, "/watch")
    assert [s.label for s in desk.interests.watching("bitcoin", ADDRESS)] == ["Cold wallet"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/budget 5", "/alerts budget 5"),
        ("/stop", "/alerts off"),
        ("/snooze 8h", "/mute 8h"),
        ("/fees 7d", "/chart fees 7d"),
        ("/settings whatever", "/alerts"),
    ],
)
async def test_what_is_called_otherwise_elsewhere_is_known(talk, typed, meant):
    answer = await talk.send(typed)
    assert plain(answer).startswith("I do not know ")
    assert button(answer, meant).command == meant


def test_every_word_from_elsewhere_means_a_command_and_is_none():
    names = {command.name: command for command in COMMANDS}
    for word, meant in MEANT.items():
        name, _, rest = meant.partition(" ")
        assert word not in names
        with suppress(MissingError):
            parse_arguments(names[name], rest, CHAINS)


async def test_a_word_that_only_shares_letters_is_not_offered(talk):
    assert "Did you mean" not in await talk.say("/units")


async def test_arguments_that_the_nearest_command_cannot_take_are_not_offered(talk):
    answer = await talk.send(f"/wtach {MISTYPED_ADDRESS}")
    assert answer.buttons[0][0].command == "/watch"


async def test_a_command_like_no_other_leads_to_help(talk):
    assert await talk.say("/xyzzy") == "I do not know /xyzzy.\n[Help]"


async def test_a_private_key_is_warned_of_and_kept_nowhere(desk, talk, tmp_path, caplog):
    for text in (PRIVATE_KEY, f"/watch {PRIVATE_KEY} mine", f"look: {PRIVATE_KEY}!"):
        answer = await talk.say(text)
        assert "PRIVATE KEY" in answer
        assert PRIVATE_KEY not in answer
    group = talk.by(chat="-5", kind="group")
    assert "PRIVATE KEY" in await group.say(f"oops {PRIVATE_KEY}")
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert PRIVATE_KEY.encode() not in files
    assert PRIVATE_KEY not in caplog.text


async def test_buttons_work_after_a_restart(tmp_path):
    async with make_desk(tmp_path) as desk:
        answer = await Talk(desk).send(ADDRESS)
    async with make_desk(tmp_path) as desk:
        assert "👁 Watching" in plain(await Talk(desk).press(answer, "Watch it"))


@pytest.mark.parametrize("token", ["s1:999", "nonsense", "s1:", "v9:1", "s1:" + "9" * 40])
async def test_an_unknown_button_is_too_old(desk, talk, token):
    pressed = await talk.conversation(Incoming("terminal", "local", "ada", "Ada", pressed=token))
    assert plain(pressed) == "This button is too old. /help shows what I can do.\n[Help]"


@pytest.mark.parametrize("what", [{"text": "/start"}, {"text": "hi"}, {"returned": True}])
async def test_a_parked_chat_is_revived_by_whoever_comes_back(desk, what):
    who = Incoming("telegram", "7", "7", "Eve")
    conversation = Talk(desk).conversation
    await conversation(who)
    await desk.write(park_chat, "telegram", "7", "blocked")
    await conversation(Incoming("telegram", "7", "7", "Eve", **what))
    parked = "SELECT count(*) FROM chats WHERE parked != ''"
    assert await desk.read(lambda db: db.conn.execute(parked).fetchone()[0]) == 0


@pytest.mark.parametrize("thread", ["", "8"])
async def test_with_one_topic_all_topics_of_a_group_are_revived(desk, thread):
    topic = Incoming("telegram", "-7", "7", "Eve", kind="group", thread="9", text="/start")
    conversation = Talk(desk).conversation
    await conversation(topic)
    await desk.write(park_chat, "telegram", "-7", "kicked")
    back = Incoming("telegram", "-7", "7", "Eve", kind="group", thread=thread, returned=True)
    await conversation(back)
    parked = "SELECT count(*) FROM chats WHERE parked != ''"
    assert await desk.read(lambda db: db.conn.execute(parked).fetchone()[0]) == 0


async def test_who_only_comes_back_is_not_answered(talk):
    assert await talk.conversation(Incoming("telegram", "7", "7", "Eve", returned=True)) is None


class Broken:
    name, summary, parameters, examples = "broken", "Fails", (), ("/broken",)

    def __init__(self, *, changes):
        self.changes = changes
        self.personal = True

    async def reply(self, call, desk):
        raise RuntimeError("the reason")


@pytest.mark.parametrize(
    ("changes", "told"), [(False, "Nothing was changed."), (True, "show what is in force")]
)
async def test_a_fault_is_answered_and_noted(desk, changes, told):
    conversation = Conversation(desk, INVITED, DEFAULTS, [Broken(changes=changes)])
    answer = await conversation(Incoming("terminal", "local", "ada", "Ada", text="/broken"))
    assert "Something went wrong here, and it is noted." in plain(answer)
    assert told in plain(answer)
    (incident,) = await desk.read(incidents_since, 0)
    assert (incident.source, incident.kind, incident.detail) == (
        "commands", "/broken", "RuntimeError: the reason",
    )  # fmt: skip


async def test_a_database_that_fails_is_no_reason_for_silence(desk):
    class Closed:
        async def write(self, *_, **__):
            raise OSError("disk full")

        read = write

    conversation = Conversation(replace(desk, store=Closed()), INVITED, DEFAULTS)
    answer = await conversation(Incoming("terminal", "local", "ada", "Ada", text="/help"))
    assert "Something went wrong" in plain(answer)


ODD_WORDS = st.sampled_from([
    "off", "whales", "500", "BTC", "$", "1,5", "8h", "forever", '"', "''", "#", "0" * 70, "-1",
    ADDRESS, MISTYPED_ADDRESS, hash_of(1), "://", "a://b/", "@", "/", "\0", "\ud800", "\u202e",
])  # fmt: skip
NAMES = st.sampled_from([command.name for command in COMMANDS])
ARGUMENTS = st.lists(ODD_WORDS | st.text(max_size=8), max_size=5).map(" ".join)
TEXTS = st.one_of(
    st.text(),
    st.binary().map(lambda raw: raw.decode(errors="surrogateescape")),
    st.binary().map(lambda raw: raw.decode("latin-1")),
    ARGUMENTS,
    st.builds("/{} {}".format, NAMES, ARGUMENTS),
    st.builds("{} {}".format, NAMES, ARGUMENTS),
)


@given(
    text=TEXTS,
    pressed=st.just("") | st.text(max_size=8) | st.integers(0, 99).map("s1:{}".format),
    kind=st.sampled_from(["private", "group", "channel"]),
    name=st.text(max_size=5) | st.just("\ud800"),
    owner=st.booleans(),
)
@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_people_do_gets_an_answer_or_silence(desk, text, pressed, kind, name, owner):
    platform = "terminal" if owner else "telegram"
    who = Incoming(platform, kind, "7", name, "", kind, name, "", text, pressed)
    answer = await Conversation(desk, INVITED, DEFAULTS)(who)
    assert answer is not None or kind != "private" or not text.strip("\0 \n\t") or not text.strip()
    assert "Something went wrong" not in plain(answer)
    assert await desk.read(incidents_since, 0) == []


async def test_what_another_chat_was_offered_cannot_be_guessed(talk):
    answers = [await talk.send(text) for text in ("/start", "/help", ADDRESS)]
    tokens = [b.token for answer in answers for row in answer.buttons for b in row if b.token]
    ids = sorted(int(token.partition(":")[2]) for token in set(tokens))
    assert len(ids) > 4
    assert min(after - before for before, after in pairwise(ids)) > 1000


async def test_delivery_is_woken_for_whoever_comes_back(desk):
    woken = []
    talk = Talk(replace(desk, wake=lambda: woken.append(True)), platform="telegram", chat="7")
    await talk.say("/start")
    assert not woken
    await desk.write(park_chat, "telegram", "7", "blocked")
    await talk.say("/start")
    await talk.say("/start")
    assert woken == [True]


@pytest.mark.parametrize("typed", ["/strat", "/satrt", "/sart", "/lnik"])
async def test_no_button_keeps_a_code_that_was_typed_after_a_mistyped_command(desk, talk, typed):
    answer = await talk.send(f"{typed} q3Zk9_rT-w2b")
    assert "Did you mean" in plain(answer)
    rows = await desk.read(lambda db: db.conn.execute("SELECT command FROM buttons").fetchall())
    assert len(rows) == 2
    assert all(" " not in command for (command,) in rows)
