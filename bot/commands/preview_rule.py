"""What `/preview` is asked about: a rule as typed, one of the chat's, or all of them."""

from collections.abc import Iterator, Sequence

from bot.commands.alert_changes import KIND_NAMES, named, settled
from bot.commands.alert_list import asked_in, numbered
from bot.commands.command import Call, UsageError
from bot.commands.times import parse_period
from bot.commands.values import SHOWN, Chains, listed, parse_number
from bot.desk import Desk
from bot.kinds.registry import KINDS
from bot.language import _
from bot.preview.found import Asked
from bot.wording.periods import DAY
from bot.wording.words import bold, clean, code, in_rows, say
from detectors.model import Kind, Ring, Subscription
from storage.model import Button, Message

ALL = "all"
_OFFERED = 8


async def parse_asked(call: Call, desk: Desk) -> Asked | None:
    """What is meant, None where nothing was typed; raises `UsageError`."""
    text = " ".join(call.arguments.get("rule", "").split())
    if not text:
        return None
    if "period" in call.arguments:
        return await _meant(text, call.arguments["period"], call, desk)
    for rule, period in _readings(text):
        try:
            return await _meant(rule, period, call, desk)
        except UsageError:
            continue
    return await _meant(text, DAY, call, desk)


def _readings(text: str) -> Iterator[tuple[str, int]]:
    """A text without the period that its last two words, or its last one, may be."""
    words = text.split()
    for count in (2, 1):
        if len(words) > count:
            try:
                period = parse_period(" ".join(words[-count:]))
            except UsageError:
                continue
            yield " ".join(words[:-count]), period


async def _meant(text: str, period: int, call: Call, desk: Desk) -> Asked | None:
    """What is meant by a text without its period, None for nothing; raises `UsageError`."""
    if text.lower() == ALL:
        rules = [rule for rule in await asked_in(call, desk) if rule.ring is not Ring.OFF]
        if not rules:
            return None
        return Asked(tuple(rules), ALL, period)
    if text.removeprefix("#").isdigit():
        number = parse_number(text)
        return Asked((await numbered(call, desk, number),), str(number), period)
    meant = [await settled(rule, call, desk) for rule in parse_rule(text, desk.chains)]
    return Asked(tuple(meant), text, period, text)


def parse_rule(text: str, chains: Chains) -> Sequence[Subscription]:
    """The rule that `/alerts add` would begin; raises `UsageError`."""
    kind, *rest = text.split(" ", 1)
    if kind.lower() not in KIND_NAMES:
        raise UsageError(
            _("“{word}” is no kind of rule. There are: {kinds}.").format(
                word=clean(kind, SHOWN), kinds=listed(KIND_NAMES)
            )
        )
    words = KINDS[Kind(kind.lower())]
    if not rest and "" not in words.examples:
        example = f"{words.kind} {words.examples[0]}"
        question = _("Which {kind}? For example: “{example}”.")
        raise UsageError(question.format(kind=named(words.kind), example=example))
    return words.parse(" ".join(rest), chains)


async def offer(call: Call, desk: Desk) -> Message:
    """The chat's own rules to choose from, and how to write another."""
    rules = (await asked_in(call, desk))[:_OFFERED]
    buttons = [
        Button(f"{KINDS[one.kind].mark} {one.number}", f"/preview {one.number}", replaces=True)
        for one in rules
    ]
    rows = [*in_rows(buttons, 4)]
    if len(rules) > 1:
        rows.append((Button(_("All together"), f"/preview {ALL}", replaces=True),))
    lines = [say(f"{one.number}. {KINDS[one.kind].describe(one, desk.chains)}") for one in rules]
    lines.append(say(_("Or any rule:"), " ", code("/preview whales 500 BTC")))
    return Message(say(bold(_("Which rule shall I try on what I have seen?"))), tuple(lines),
                   tuple(rows))  # fmt: skip
