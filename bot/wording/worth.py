"""What amounts are worth in a chat's currency, at a time."""

from bot.desk import Desk
from bot.wording.amounts import format_money
from detectors.whales import in_money
from storage.ledger import PRICE_MAX_AGE_SECONDS, price_at
from watchers.model import Asset, Price


async def price_of(desk: Desk, asset: Asset, currency: str, time: int) -> Price | None:
    """The price at a time, None where none is known for it."""
    return await desk.read(price_at, asset.symbol, currency, time, PRICE_MAX_AGE_SECONDS)


def in_brackets(amount: int, asset: Asset, price: Price | None) -> str:
    """` ($80.2M)`, or "" where no price is known."""
    value = in_money(amount, asset.decimals, price)
    return "" if value is None or price is None else f" ({format_money(value, price.currency)})"
