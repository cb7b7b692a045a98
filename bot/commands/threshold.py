"""`/threshold whales AMOUNT | off`: from which amount on a transaction is told of."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.threshold_preview import (
    Rule,
    asset_of,
    format_counts,
    format_presets,
    named,
)
from bot.commands.values import SHOWN
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.amounts import USD
from bot.wording.typed_amounts import typed_amount
from bot.wording.words import bold, clean, code, filled, in_rows, say
from detectors.model import Kind, Subscription
from storage.model import Button, Line, Message
from storage.subscriptions import subscriptions_of

OFF = "off"
_PRESET_UNITS = (100, 500, 1000)
_PRESET_USD = 10_000_000 * 10**USD.decimals


class Threshold:
    """Sets, shows and removes whale thresholds; says how many alerts they would have sent."""

    name = "threshold"
    summary = marked("Be told of every transaction from an amount on")
    parameters = (
        Parameter(
            "whales", Type.CHOICE, marked("The kind of alert"), required=False, choices=("whales",)
        ),
        Parameter(
            "amount",
            Type.AMOUNT,
            marked("From where on: 500 BTC, 1.5k, $10M"),
            required=False,
            choices=(OFF,),
        ),
        Parameter("unit", Type.UNIT, marked("BTC or USD; after off: which one"), required=False),
    )
    examples = (
        "/threshold whales 500 BTC",
        "/threshold whales",
        "/threshold whales 2.5M USD",
        "/threshold whales off",
    )
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        amount, unit = call.arguments.get("amount"), call.arguments.get("unit", "")
        if amount is None:
            return await _show(call, desk)
        if amount == OFF:
            return await _remove(call, desk, unit)
        if unit:
            raise UsageError(_misplaced_unit(unit, desk))
        return await _set(call, desk, Rule(amount.amount, amount.unit))


async def _set(call: Call, desk: Desk, rule: Rule) -> Message:
    before = await _present(call, desk)
    known = {
        (s.chain, s.unit): s for s in await desk.read(subscriptions_of, call.chat.id, Kind.WHALES)
    }
    for chain in desk.chains.values():
        if rule.unit in {chain.asset.symbol, USD.symbol}:
            wanted = _subscription(call, chain.name, rule)
            was = known.get((chain.name, rule.unit), wanted)
            await desk.subscribe(replace(wanted, ring=was.ring))
    present = await _present(call, desk)
    undo = next((r for r in before if r.unit == rule.unit), None)
    back = _command(desk, undo) if undo else f"/threshold whales off {rule.unit}"
    buttons = (Button(_("Undo"), back), Button(_("Others…"), "/threshold whales"))
    lines = await _counts(desk, present, call.now)
    return Message(_verdict(desk, present), lines, (buttons,))


async def _remove(call: Call, desk: Desk, unit: str) -> Message:
    wanted = USD.symbol if unit == "$" else unit.upper()
    if wanted and wanted not in _units(desk):
        raise UsageError(_unknown_unit(unit, desk))
    before = await _present(call, desk)
    ended = [rule for rule in before if wanted in {"", rule.unit}]
    for rule in ended:
        for chain in desk.chains:
            await desk.unsubscribe(_subscription(call, chain, rule))
    present = await _present(call, desk)
    back = _("Back to {amount}")
    undo = tuple(Button(back.format(amount=named(desk, r)), _command(desk, r)) for r in ended)
    others = (Button(_("Others…"), "/threshold whales"),)
    lines = await _counts(desk, present, call.now)
    if not ended:
        none = _("There was none to switch off.")
        if wanted:
            none = _("There was none in {unit} to switch off.")
        lines = (say(none.format(unit=wanted)), *lines)
    return Message(_verdict(desk, present), lines, (undo, others) if undo else (others,))


async def _show(call: Call, desk: Desk) -> Message:
    """The present thresholds, and presets with what each would have sent in a day."""
    present = await _present(call, desk)
    lines: list[Line] = []
    if present:
        lines += await _counts(desk, present, call.now)
    presets = [
        Rule(units * 10**chain.asset.decimals, chain.asset.symbol)
        for chain in desk.chains.values()
        for units in _PRESET_UNITS
    ]
    presets.append(Rule(_PRESET_USD, USD.symbol))
    lines += await format_presets(desk, presets, call.now, dated=not present)
    lines.append(filled(_("Or your own: {command}"), command=code("/threshold whales 250 BTC")))
    buttons = [Button(named(desk, rule), _command(desk, rule)) for rule in presets]
    rows = [*in_rows(buttons, 2)]
    if present:
        rows.append((Button(_("Switch off"), "/threshold whales off"),))
    return Message(_verdict(desk, present), tuple(lines), tuple(rows))


async def _present(call: Call, desk: Desk) -> list[Rule]:
    """The chat's thresholds, one for each unit."""
    found: Iterable[Subscription] = await desk.read(subscriptions_of, call.chat.id, Kind.WHALES)
    return list(dict.fromkeys(Rule(s.amount, s.unit) for s in found))


async def _counts(desk: Desk, present: Sequence[Rule], now: int) -> tuple[Line, ...]:
    return await format_counts(desk, present, now)


def _subscription(call: Call, chain: str, rule: Rule) -> Subscription:
    return Subscription(0, call.chat.id, Kind.WHALES, chain, unit=rule.unit, amount=rule.amount)


def _verdict(desk: Desk, present: Sequence[Rule]) -> Line:
    if not present:
        return say(bold(_("Whale alerts are off.")))
    amounts = _either([named(desk, rule) for rule in present])
    return say(bold(_("🐋 Whale alerts from {amounts} on.").format(amounts=amounts)))


def _either(words: Sequence[str]) -> str:
    """`BTC or USD`."""
    said, *others = words
    for other in others:
        said = _("{one} or {other}").format(one=said, other=other)
    return said


def _command(desk: Desk, rule: Rule) -> str:
    return f"/threshold whales {typed_amount(rule.amount, asset_of(desk, rule))}"


def _units(desk: Desk) -> list[str]:
    return [*dict.fromkeys(chain.asset.symbol for chain in desk.chains.values()), USD.symbol]


def _unknown_unit(unit: str, desk: Desk) -> str:
    unknown = _("“{unit}” is no unit I know: use {units}.")
    return unknown.format(unit=clean(unit, SHOWN), units=_either(_units(desk)))


def _misplaced_unit(unit: str, desk: Desk) -> str:
    if unit.upper() not in _units(desk):
        return _unknown_unit(unit, desk)
    with_it = _("Write the amount and the unit together: 500 {unit}.")
    return with_it.format(unit=unit.upper())
