"""How many alerts a whale threshold would have sent, counted in what is stored."""

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct
from sqlite_utils import Database

from storage.ledger import prices_between
from storage.transactions import COINBASE
from watchers.model import Asset

COUNTED_AT_MOST = 50_000
"""Beyond it the count stops, the largest first: nobody wants so many alerts."""


class Thresholds(Struct, frozen=True):
    """What alerts: base units, or micro-USD; either is enough, None for neither."""

    amount: int | None = None
    usd_micro: int | None = None


class Preview(Struct, frozen=True):
    """Alerts that there would have been since each of the times that were asked for.

    `unpriced`: as many more would have been at the newest price, but no price is known
    for their time. `priced`: any price is known at all. `history_since`: the first thing
    that is stored, None for nothing. `at_least`: there were more than could be counted.
    """

    alerts: tuple[int, ...]
    unpriced: tuple[int, ...]
    priced: bool
    history_since: int | None
    at_least: bool = False


class Ticker(Struct, frozen=True):
    """Prices by time: `micro[i]` is valid from `times[i]`, for at most `max_age_seconds`."""

    times: Sequence[int]
    micro: Sequence[int]
    max_age_seconds: int

    def at(self, time: int) -> int | None:
        """The price that was valid at a time, None where there was none."""
        index = bisect_right(self.times, time) - 1
        if index < 0 or self.times[index] < time - self.max_age_seconds:
            return None
        return self.micro[index]


def preview_whales(
    db: Database,
    chain: str,
    asset: Asset,
    thresholds: Thresholds,
    since: Sequence[int],
    now: int,
    price_max_age_seconds: int,
) -> Preview:
    """Count the transactions of a chain, coinbase apart, that reach a threshold by at least.

    Each counts once, by when it was first met, with the price of that time; a
    transaction that came in a block was met when the block was mined.
    """
    ticker = _ticker(db, asset, min(since), now, price_max_age_seconds)
    candidates = _candidates(db, chain, _floor(thresholds, asset, ticker), min(since))
    reached: list[int] = []
    unpriced: list[int] = []
    for seen_at, moved in candidates[:COUNTED_AT_MOST]:
        verdict = _reaches(moved, seen_at, thresholds, asset, ticker)
        if verdict is not False:
            (unpriced if verdict is None else reached).append(seen_at)
    return Preview(
        tuple(sum(time >= start for time in reached) for start in since),
        tuple(sum(time >= start for time in unpriced) for start in since),
        bool(ticker.micro),
        _first_seen(db, chain),
        len(candidates) > COUNTED_AT_MOST,
    )


def _reaches(
    moved: int, seen_at: int, thresholds: Thresholds, asset: Asset, ticker: Ticker
) -> bool | None:
    """Whether an amount alerts; None where it would only at the newest price."""
    if thresholds.amount is not None and moved >= thresholds.amount:
        return True
    if thresholds.usd_micro is None or not ticker.micro:
        return False
    one: int = 10**asset.decimals
    price = ticker.at(seen_at)
    if price is not None:
        return moved * price >= thresholds.usd_micro * one
    return None if moved * ticker.micro[-1] >= thresholds.usd_micro * one else False


def _floor(thresholds: Thresholds, asset: Asset, ticker: Ticker) -> int | None:
    """What moved at least where any threshold is reached, whichever price is taken."""
    floors = [] if thresholds.amount is None else [thresholds.amount]
    if thresholds.usd_micro is not None and ticker.micro:
        floors.append(thresholds.usd_micro * 10**asset.decimals // max(ticker.micro))
    return min(floors, default=None)


def _ticker(db: Database, asset: Asset, since: int, now: int, max_age_seconds: int) -> Ticker:
    prices = prices_between(db, asset.symbol, "USD", since - max_age_seconds, now + 1)
    return Ticker([time for time, _ in prices], [micro for _, micro in prices], max_age_seconds)


def _candidates(db: Database, chain: str, floor: int | None, since: int) -> list[tuple[int, int]]:
    """(first met, moved) of what moved at least so much, the largest first.

    It is rare, so it is found by amount and not by time.
    """
    if floor is None:
        return []
    rows = db.conn.execute(
        "SELECT seen_at, moved FROM transactions"
        " WHERE chain = ? AND moved_real >= ? AND +seen_at >= ? AND category != ?"
        " ORDER BY moved_real DESC LIMIT ?",
        (chain, float(floor), since, COINBASE, COUNTED_AT_MOST + 1),
    )
    return [(seen_at, int(moved)) for seen_at, moved in rows if int(moved) >= floor]


def _first_seen(db: Database, chain: str) -> int | None:
    row = db.conn.execute(
        "SELECT min(seen_at) FROM transactions WHERE chain = ?", (chain,)
    ).fetchone()
    return None if row[0] is None else int(row[0])
