"""Amounts in base units as people read them; nothing here passes through a float."""

from decimal import Context, Decimal

from bot.language import signs
from bot.units import counted
from bot.wording.words import number, suffixed
from watchers.model import Asset

USD = Asset("USD", 6, "micro-USD")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_EXACT = Context(prec=80)
_TENTH = Decimal("0.1")


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


def format_fee_level(thousandths: int) -> str:
    """`3`, `3.45`, `0.001`: as `format_fee_rate`, but exact: what decides is shown as it is."""
    return _localised(Decimal(thousandths).scaleb(-3), 3)


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
    return trimmed(number(value, places), signs().decimal)


def trimmed(text: str, point: str = ".") -> str:
    """A number without the zeros that end its fraction."""
    return text.rstrip("0").rstrip(point) if point in text else text
