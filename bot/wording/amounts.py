"""Amounts between people and base units; nothing here passes through a float."""

import re
from decimal import Context, Decimal

from bot.language import _, signs
from bot.units import counted
from bot.wording.words import number, suffixed
from watchers.model import Asset

USD = Asset("USD", 6, "micro-USD")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_SUFFIXES = {"": 0, "k": 3, "m": 6, "b": 9, "bn": 9}
_DIGITS = r"\d{1,3}(?:[,_ ]\d{3})+|\d+"
_AMOUNT = re.compile(
    rf"(?P<before>\$|[a-z]+(?=[\s\d]))?\s*(?P<number>(?:{_DIGITS})(?:\.\d+)?|\.\d+)\s*"
    r"(?P<after>\$|[a-z]+(?:\s+[a-z$]+)?)?",
    re.IGNORECASE | re.ASCII,
)
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}(?!\d)", re.ASCII)
_EXACT = Context(prec=80)
_TENTH = Decimal("0.1")
_LONGEST = 60


class AmountError(ValueError):
    """A text that is no amount; its message says why, for the reader."""


def parse_amount(text: str, asset: Asset) -> tuple[int, str]:
    """Base units and the unit of `500 BTC`, `1.5k`, `2.5M USD`, `$100k` or `50000 sat`.

    The unit is the asset's symbol (base units: `10 ** decimals` to one) or "USD"
    (micro-USD); without one the asset is meant. Raises `AmountError`.
    """
    text = text.strip()
    match = _AMOUNT.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise AmountError(_fault(text))
    scale, unit = _scale_and_unit(match, asset)
    number = _EXACT.create_decimal(re.sub(r"[,_ ]", "", match["number"])).scaleb(scale, _EXACT)
    if unit == USD.symbol:
        return _whole(number.scaleb(USD.decimals, _EXACT), USD), unit
    if unit == asset.symbol:
        return _whole(number.scaleb(asset.decimals, _EXACT), asset), unit
    return _whole(number, asset), asset.symbol


def _scale_and_unit(match: re.Match[str], asset: Asset) -> tuple[int, str]:
    """The power of ten that `k`, `M` or `B` stands for, and the unit that was named."""
    before, after = match["before"] or "", match["after"] or ""
    suffix, unit = _split(after, asset)
    if before and unit:
        raise AmountError(_("“{amount}” names two units").format(amount=match[0]))
    named = _unit(before or unit, asset)
    if named == asset.symbol and suffix.lower() == "m" and len(after.split()) == 1 and unit:
        unclear = _(
            "“{unit}” could mean millions or thousandths: write 0.001 {asset} or 1M {asset}"
        )
        raise AmountError(unclear.format(unit=after, asset=named))
    return _SUFFIXES[suffix.lower()], named


def _split(letters: str, asset: Asset) -> tuple[str, str]:
    """The suffix and the unit in what follows a number: `k`, `BTC`, `kBTC`, `M USD`."""
    first, _, second = letters.partition(" ")
    if second:
        return (first, second.strip()) if first.lower() in _SUFFIXES else ("", letters)
    if first.lower() in _SUFFIXES:
        return first, ""
    for length in (2, 1):
        head, tail = first[:length], first[length:]
        if head.lower() in _SUFFIXES and tail and _is_unit(tail, asset):
            return head, tail
    return "", first


def _unit(name: str, asset: Asset) -> str:
    """The symbol, "USD" or the base unit that a name means."""
    if not name or name.upper() == asset.symbol:
        return asset.symbol
    if name.upper() in {USD.symbol, "$"}:
        return USD.symbol
    if _is_unit(name, asset):
        return asset.base_unit
    if asset.symbol == USD.symbol:
        only = _("“{unit}” is no unit I know: use {asset}")
        raise AmountError(only.format(unit=name[:12], asset=asset.symbol))
    unknown = _("“{unit}” is no unit I know: use {asset} or {money}")
    raise AmountError(unknown.format(unit=name[:12], asset=asset.symbol, money=USD.symbol))


def _is_unit(name: str, asset: Asset) -> bool:
    if name.upper() in {asset.symbol, USD.symbol, "$"}:
        return True
    stem = name.lower().removesuffix("s")
    return len(stem) >= 3 and asset.base_unit.startswith(stem)


def _fault(text: str) -> str:
    shown = f"{text[:40]}…" if len(text) > 40 else text
    if _DECIMAL_COMMA.search(text):
        said = _("“{text}” can be read in two ways: write 1.5 for a fraction, 1,500 for thousands")
        return said.format(text=shown)
    return _("“{text}” is not an amount").format(text=shown)


def _whole(number: Decimal, asset: Asset) -> int:
    if number != number.to_integral_value():
        raise AmountError(_("that is finer than one {unit}").format(unit=asset.base_unit))
    if number <= 0:
        raise AmountError(_("an amount must be more than zero"))
    if number >= Decimal(10) ** 30:
        raise AmountError(_("that is more than there is"))
    return int(number)


def typed_amount(amount: int, asset: Asset) -> str:
    """`1,234.5 BTC`: exact, as it is typed, whatever language is spoken."""
    value = Decimal(amount).scaleb(-asset.decimals, _EXACT)
    return f"{_trimmed(f'{value:,.{asset.decimals}f}')} {asset.symbol}"


def format_amount(amount: int, asset: Asset, places: int | None = None) -> str:
    """`1,234.5 BTC`, `1,500 sat`: exact without `places`, rounded to at most so many with them."""
    shown = counted(asset)
    return f"{_number(amount, shown, shown.decimals if places is None else places)} {shown.symbol}"


def asset_in(unit: str, asset: Asset) -> Asset:
    """What an amount in a unit is counted in: a chain's asset, or USD."""
    return asset if unit == asset.symbol else USD


def money_in(currency: str) -> Asset:
    """What is counted in millionths of a currency."""
    return Asset(currency, USD.decimals, f"micro-{currency}")


def format_exact(amount: int, asset: Asset) -> str:
    """`500 BTC`, `50B sat`, `$10M`, `$1,234,567`: as brief as it can be without a loss."""
    shown = counted(asset)
    sign = _SIGNS.get(shown.symbol)
    if sign is None and shown is asset:
        return format_amount(amount, asset)
    value = Decimal(amount).scaleb(-shown.decimals, _EXACT)
    divisor, brief = _brief(value)
    is_brief = divisor and brief.scaleb(divisor, _EXACT) == value
    text = compact(value) if is_brief else _number(amount, shown, shown.decimals)
    return _money(text, sign) if sign else f"{text} {shown.symbol}"


def format_round(amount: int, asset: Asset) -> str:
    """As much of an amount as an eye takes in: `1,234 BTC`, `0.00012 BTC`, `123.4B sat`."""
    return f"{round_number(amount, asset)} {unit_of(asset)}"


def unit_of(asset: Asset) -> str:
    """What amounts of an asset are shown in: `BTC`, `sat`."""
    return counted(asset).symbol


def round_number(amount: int, asset: Asset) -> str:
    """As `format_round`, without the unit."""
    shown = counted(asset)
    if shown is not asset:
        return compact(Decimal(amount).scaleb(-shown.decimals, _EXACT))
    whole = abs(amount) // 10**asset.decimals
    if whole >= 100:
        return _number(amount, asset, 0)
    if whole >= 1:
        return _number(amount, asset, 2)
    digits = len(str(abs(amount))) if amount else 0
    return _number(amount, asset, min(asset.decimals, asset.decimals - digits + 2))


def _number(amount: int, asset: Asset, places: int) -> str:
    return _localised(Decimal(amount).scaleb(-asset.decimals, _EXACT), places)


def format_fee_rate(thousandths: int) -> str:
    """`0.35`, `3.2`, `120`: thousandths of a base unit per virtual byte, without the unit."""
    value = Decimal(thousandths).scaleb(-3)
    return _localised(value, 0 if value >= 100 else 1 if value >= 1 else 2)


def format_money(micro: int, currency: str = "USD") -> str:
    """`$80.2M`, `€1,234`, `0.35 CHF`: millionths of a currency, rounded for the eye."""
    value = compact(Decimal(micro).scaleb(-USD.decimals))
    sign = _SIGNS.get(currency)
    return _money(value, sign) if sign else f"{value} {currency}"


def _money(amount: str, sign: str) -> str:
    return signs().money.format(sign=sign, amount=amount)


def compact(value: Decimal | int) -> str:
    """`80.2M`, `123.4k`, `1,234`, `0.35`."""
    value = Decimal(value)
    power, brief = _brief(value)
    if not power:
        return _localised(value, 0 if abs(value) >= 100 else 2)
    return suffixed(power).format(n=_localised(brief, 1))


def _brief(value: Decimal) -> tuple[int, Decimal]:
    """The power of ten that a large number is told in, 0 for none, and the number of those."""
    for power, limit in ((12, 10**12), (9, 10**9), (6, 10**6), (3, 10**5)):
        if abs(value) >= limit:
            brief = value.scaleb(-power, _EXACT)
            return power, brief.quantize(_TENTH, context=_EXACT)
    return 0, value


def _localised(value: Decimal, places: int) -> str:
    return _trimmed(number(value, places), signs().decimal)


def _trimmed(text: str, point: str = ".") -> str:
    return text.rstrip("0").rstrip(point) if point in text else text
