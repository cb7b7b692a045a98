"""Amounts between people and base units; nothing here passes through a float."""

import re
from decimal import Decimal

from watchers.model import Asset

USD = Asset("USD", 6, "micro-USD")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_SUFFIXES = {"": 0, "k": 3, "m": 6, "b": 9, "bn": 9}
_AMOUNT = re.compile(
    r"^\s*(?P<sign>[$])?\s*(?P<number>\d[\d,_ ]*(?:\.\d+)?|\.\d+)\s*(?P<suffix>k|m|bn?)?"
    r"\s*(?P<unit>[a-z$]+)?\s*$",
    re.IGNORECASE,
)


class AmountError(ValueError):
    """A text that is no amount; its message says why, for the reader."""


def parse_amount(text: str, asset: Asset) -> tuple[int, str]:
    """Base units and the unit of `500 BTC`, `1.5k`, `2.5M USD`, `$100k` or `50000 sat`.

    The unit is the asset's symbol (base units: `10 ** decimals` to one) or "USD"
    (micro-USD); without one the asset is meant. Raises `AmountError`.
    """
    match = _AMOUNT.match(text)
    if match is None:
        raise AmountError(f"“{text.strip()[:40]}” is not an amount")
    number = Decimal(re.sub(r"[,_ ]", "", match["number"]))
    number = number.scaleb(_SUFFIXES[(match["suffix"] or "").lower()])
    unit = (match["unit"] or match["sign"] or asset.symbol).upper()
    if unit in {"USD", "$"}:
        return _whole(number.scaleb(USD.decimals), USD), USD.symbol
    if unit in {asset.base_unit.upper(), f"{asset.base_unit.upper()}S"}:
        return _whole(number, asset), asset.symbol
    if unit == asset.symbol:
        return _whole(number.scaleb(asset.decimals), asset), asset.symbol
    raise AmountError(f"“{unit[:12]}” is no unit I know: use {asset.symbol} or USD")


def _whole(number: Decimal, asset: Asset) -> int:
    if number != number.to_integral_value():
        raise AmountError(f"that is finer than one {asset.base_unit}")
    if not 0 < number < Decimal(10) ** 30:
        raise AmountError("an amount must be more than zero")
    return int(number)


def format_amount(amount: int, asset: Asset, places: int | None = None) -> str:
    """`1,234.5 BTC`: exact without `places`, rounded to at most so many with them."""
    value = Decimal(amount).scaleb(-asset.decimals)
    return f"{_trimmed(value, asset.decimals if places is None else places)} {asset.symbol}"


def format_round(amount: int, asset: Asset) -> str:
    """As much of an amount as an eye takes in: `1,234 BTC`, `12.35 BTC`, `0.00012 BTC`."""
    whole = abs(amount) // 10**asset.decimals
    if whole >= 100:
        return format_amount(amount, asset, 0)
    if whole >= 1:
        return format_amount(amount, asset, 2)
    digits = len(str(abs(amount))) if amount else 0
    return format_amount(amount, asset, min(asset.decimals, asset.decimals - digits + 2))


def format_money(micro: int, currency: str = "USD") -> str:
    """`$80.2M`, `€1,234`, `0.35 CHF`: millionths of a currency, rounded for the eye."""
    value = compact(Decimal(micro).scaleb(-USD.decimals))
    sign = _SIGNS.get(currency)
    return f"{sign}{value}" if sign else f"{value} {currency}"


def compact(value: Decimal | int) -> str:
    """`80.2M`, `12.3k`, `1,234`, `0.35`."""
    value = Decimal(value)
    for limit, divisor, suffix in ((10**9, 9, "B"), (10**6, 6, "M"), (10**5, 3, "k")):
        if abs(value) >= limit:
            return _trimmed(value.scaleb(-divisor), 1) + suffix
    return _trimmed(value, 0 if abs(value) >= 100 else 2)


def _trimmed(value: Decimal, places: int) -> str:
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
