"""Amounts as people type them, to base units and back; nothing here passes through a float."""

import re
from collections.abc import Mapping
from decimal import Context, Decimal

from bot.language import _, signs
from bot.wording.amounts import USD, trimmed
from watchers.model import Asset

_SUFFIXES = {
    3: "k tsd thousand tausend",
    6: "m mn mio mln million millions millionen millón millon millones",
    9: "b bn mrd milliarde milliarden",
}
SUFFIXES: Mapping[str, int] = {
    w: power for power, words in _SUFFIXES.items() for w in words.split()
}
"""The power of ten that a word behind a number stands for."""
CURRENCIES: Mapping[str, str] = {
    "$": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD", "dólar": "USD", "dólares": "USD",
    "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "¥": "JPY", "₿": "BTC",
}  # fmt: skip
"""What is named by a sign or a word, in lower case."""
_SIGN = r"(?:us)?\$|[€£¥₿]"
_WORD = r"[^\W\d_]+\.?"
_AMOUNT = re.compile(
    rf"(?P<before>{_SIGN}|{_WORD}(?=[\s\d]))?\s*"
    r"(?P<number>[0-9](?:[0-9.,'’_ ]*[0-9])?|[.,][0-9]+)\s*"
    rf"(?P<after>(?:{_WORD}(?:\s+de)?\s*)?(?:{_SIGN}|{_WORD})?)",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,'’_ ])[0-9]{3})(?:\1[0-9]{3})*")
_TWO_WAYS = re.compile(r"([1-9][0-9]{0,2})([.,])([0-9]{3})")
_EXACT = Context(prec=80)
_LONGEST = 60


class AmountError(ValueError):
    """A text that is no amount; its message says why, for the reader."""


def parse_amount(text: str, asset: Asset) -> tuple[int, str]:
    """Base units and the unit of `500 BTC`, `1.5k`, `2,5 Mio. USD`, `$100k` or `50000 sat`.

    The unit is the asset's symbol (base units: `10 ** decimals` to one) or "USD"
    (micro-USD); without one the asset is meant. Raises `AmountError`.
    """
    text = " ".join(text.split())
    match = _AMOUNT.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise _no_amount(text)
    scale, unit = _scale_and_unit(match, asset)
    money = unit == USD.symbol or asset.decimals == USD.decimals
    digits = _digits(match["number"], text, money=money, counted=scale > 0)
    number = _EXACT.create_decimal(digits).scaleb(scale, _EXACT)
    if unit == USD.symbol:
        return _whole(number.scaleb(USD.decimals, _EXACT), USD), unit
    if unit == asset.symbol:
        return _whole(number.scaleb(asset.decimals, _EXACT), asset), unit
    return _whole(number, asset), asset.symbol


def _digits(number: str, text: str, *, money: bool, counted: bool) -> str:
    """A number with a point before its fraction and nothing else between its digits.

    A comma with any but three digits behind it begins a fraction; with three, it does so in
    `1,5 Mio`. Where both readings are usual the number is refused: in a language that writes a
    comma before fractions, and of money, of which nobody writes thousandths.
    """
    unclear = _TWO_WAYS.fullmatch(number)
    if unclear is None:
        return _plain(number, text)
    comma_first = signs().decimal == ","
    whole, fraction = f"{unclear[1]}{unclear[3]}", f"{unclear[1]}.{unclear[3]}"
    if not counted and (comma_first or (money and unclear[2] == ".")):
        said = _("“{text}” can be read in two ways: write {whole} or {fraction}")
        fraction = unambiguous(trimmed(fraction))
        raise AmountError(said.format(text=_shown(text), whole=whole, fraction=fraction))
    return fraction if comma_first or unclear[2] == "." else whole


def _plain(number: str, text: str) -> str:
    """The same of a number that can be read in one way only."""
    marks = re.sub(r"[^.,]", "", number)
    point = marks[-1:] if len(set(marks)) == 2 or len(marks) == 1 else ""
    whole, _point, fraction = number.rpartition(point) if point else (number, "", "")
    is_whole = not re.search(r"[.,'’_ ]", whole) or _GROUPED.fullmatch(whole)
    if not is_whole or re.search(r"[^0-9]", fraction):
        raise _no_amount(text)
    return f"{re.sub(r'[^0-9]', '', whole) or 0}.{fraction or 0}"


def _scale_and_unit(match: re.Match[str], asset: Asset) -> tuple[int, str]:
    """The power of ten that `k`, `M` or `Mio` stands for, and the unit that was named."""
    before, after = match["before"] or "", match["after"] or ""
    suffix, unit = _split(after, asset)
    if before and unit:
        raise AmountError(_("“{amount}” names two units").format(amount=match[0]))
    named = _unit(before or unit, asset)
    if named == asset.symbol and suffix == "m" and len(after.split()) == 1 and unit:
        unclear = _(
            "“{unit}” could mean millions or thousandths: write 0.001 {asset} or 1M {asset}"
        )
        raise AmountError(unclear.format(unit=after, asset=named))
    return SUFFIXES.get(suffix, 0), named


def _split(after: str, asset: Asset) -> tuple[str, str]:
    """The suffix, in lower case, and the unit in what follows a number: `k`, `kBTC`, `M USD`."""
    first, *more = [word.rstrip(".") for word in after.split()] or [""]
    more = [word for word in more if word.lower() != "de"]
    if more:
        return (first.lower(), more[0]) if first.lower() in SUFFIXES else ("", after)
    if first.lower() in SUFFIXES:
        return first.lower(), ""
    for length in range(min(len(first) - 1, 9), 0, -1):
        head, tail = first[:length].lower(), first[length:]
        if head in SUFFIXES and _is_unit(tail, asset):
            return head, tail
    return "", first


def _unit(name: str, asset: Asset) -> str:
    """The symbol, "USD" or the base unit that a name means."""
    symbol = CURRENCIES.get(name.lower(), name.upper())
    if not name or symbol == asset.symbol:
        return asset.symbol
    if symbol == USD.symbol:
        return USD.symbol
    if _is_unit(name, asset):
        return asset.base_unit
    if asset.symbol == USD.symbol:
        only = _("“{unit}” is no unit I know: use {asset}")
        raise AmountError(only.format(unit=name[:12], asset=asset.symbol))
    unknown = _("“{unit}” is no unit I know: use {asset} or {money}")
    raise AmountError(unknown.format(unit=name[:12], asset=asset.symbol, money=USD.symbol))


def _is_unit(name: str, asset: Asset) -> bool:
    if CURRENCIES.get(name.lower(), name.upper()) in {asset.symbol, USD.symbol}:
        return True
    stem = name.lower().removesuffix("s")
    return len(stem) >= 3 and asset.base_unit.startswith(stem)


def _no_amount(text: str) -> AmountError:
    return AmountError(_("“{text}” is not an amount").format(text=_shown(text)))


def _shown(text: str) -> str:
    return f"{text[:40]}…" if len(text) > 40 else text


def _whole(number: Decimal, asset: Asset) -> int:
    if number != number.to_integral_value():
        raise AmountError(_("that is finer than one {unit}").format(unit=asset.base_unit))
    if number <= 0:
        raise AmountError(_("an amount must be more than zero"))
    if number >= Decimal(10) ** 30:
        raise AmountError(_("that is more than there is"))
    return int(number)


def unambiguous(number: str) -> str:
    """A number that no language reads in two ways: with no mark but the point of its fraction."""
    return f"{number}0" if _TWO_WAYS.fullmatch(number) else number


def typed_amount(amount: int, asset: Asset) -> str:
    """`1234.5 BTC`: exact, as it can be typed whatever language is spoken."""
    value = Decimal(amount).scaleb(-asset.decimals, _EXACT)
    return f"{unambiguous(trimmed(f'{value:.{asset.decimals}f}'))} {asset.symbol}"
