"""`/units [unit] [currency]`: in what amounts are shown, and what they are worth."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.values import SHOWN
from bot.desk import Desk
from bot.language import _, marked
from bot.units import counting_in
from bot.wording.amounts import unit_of
from bot.wording.words import bold, clean, place, say
from bot.wording.worth import price_of
from storage.chats import save_units
from storage.model import Button, Line, Message, Units
from watchers.model import Asset

Chosen: TypeAlias = tuple[Units, str]
"""Units, and the code of a currency."""

_SIGNS = {"$": "USD", "€": "EUR"}


class UnitsOf:
    """Shows and sets units and currency: a person's in private, the chat's elsewhere."""

    name = "units"
    summary = marked("In what amounts and their worth are shown")
    parameters = (
        Parameter(
            "units", Type.UNITS, marked("A unit, a currency, or both: sat EUR"), required=False
        ),
    )
    examples = ("/units", "/units sat", "/units BTC EUR")
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer, with what holds from now on."""
        words = clean(call.arguments.get("units", ""), SHOWN).replace(",", " ").split()
        units, currency = _read(words, desk)
        if words:
            await desk.write(save_units, call.chat, units, currency)
        chosen = (units or call.chat.units, currency or call.chat.currency)
        lines = (*await _reservation(call, desk, chosen[1]), say(_where(call)))
        return Message(say(bold(_verdict(desk, chosen))), lines, _buttons(desk, chosen))


def _read(words: Sequence[str], desk: Desk) -> tuple[Units | None, str | None]:
    """The units and the currency that are named, None for what is not."""
    known = {name.casefold(): units for asset in _assets(desk) for name, units in _names(asset)}
    currencies = {code.casefold(): code for code in desk.currencies} | _SIGNS
    units = [known[word.casefold()] for word in words if word.casefold() in known]
    codes = [currencies[word.casefold()] for word in words if word.casefold() in currencies]
    for word in words:
        if word.casefold() not in known | currencies:
            message = _("“{word}” is no unit or currency I know: use {known}.")
            use = (*_shown_in(desk, "whole"), *_shown_in(desk, "small"), *desk.currencies)
            raise UsageError(message.format(word=word, known=", ".join(dict.fromkeys(use))))
    if len(units) > 1 or len(codes) > 1:
        raise UsageError(_("Name one unit and one currency."))
    return next(iter(units), None), next(iter(codes), None)


def _names(asset: Asset) -> Iterator[tuple[str, Units]]:
    """What people call the units of an asset."""
    yield asset.symbol, "whole"
    if asset.small:
        yield asset.small, "small"
        yield f"{asset.small}s", "small"
        yield asset.base_unit, "small"


def _assets(desk: Desk) -> list[Asset]:
    return [chain.asset for chain in desk.chains.values()]


def _shown_in(desk: Desk, units: Units) -> list[str]:
    """What amounts are shown in, for each asset that there is."""
    with counting_in(units):
        return list(dict.fromkeys(map(unit_of, _assets(desk))))


def _verdict(desk: Desk, chosen: Chosen) -> str:
    units, currency = chosen
    said = _("🪙 Amounts are in {unit}, their worth in {currency}.")
    return said.format(unit=", ".join(_shown_in(desk, units)), currency=currency)


async def _reservation(call: Call, desk: Desk, currency: str) -> tuple[Line, ...]:
    """That nothing can be said of what amounts are worth, as long as that is so."""
    prices = [await price_of(desk, asset, currency, call.now) for asset in _assets(desk)]
    if any(prices):
        return ()
    said = _("I have no price in {currency} just now, so I leave the worth out.")
    return (say(said.format(currency=currency)),)


def _where(call: Call) -> str:
    if call.chat.person is not None:
        return _("That holds in all your private chats.")
    return _("That holds for this {place}.").format(place=place(call.chat))


def _buttons(desk: Desk, chosen: Chosen) -> tuple[tuple[Button, ...], ...]:
    """What else could be chosen."""
    other: Units = "small" if chosen[0] == "whole" else "whole"
    names = _shown_in(desk, other)
    units = Button(", ".join(names), f"/units {names[0]}", replaces=True)
    money = (Button(code, f"/units {code}", replaces=True) for code in desk.currencies)
    return ((units, *(button for button in money if button.label != chosen[1])),)
