"""What a summary is written from: roll-ups of five weeks, and small questions by index.

Its cost depends on the period that is told of and on what the chat watches, not on the history.
"""

from msgspec import Struct
from sqlite_utils import Database

from storage.flows import Flow, Told, flows_between, told_between
from storage.ledger import gaps_between
from storage.rollups import DAY, QUARTER, Rollup, histogram_between
from storage.statistics import (
    Window,
    blind_seconds,
    known_since,
    largest_between,
    rounded_quantile,
    totals,
)
from storage.transactions import transaction_by_hash
from storage.trends import sums_by_bucket
from watchers.model import Gap, Transaction

HOUR = 3600
COMPARED_SECONDS = 28 * DAY
"""How far before a period its like is looked for."""
LARGEST = 3


class ChainFacts(Struct, frozen=True):
    """What happened on a chain in [since, until), the same for every chat.

    `hours` are the sums of each hour, from `COMPARED_SECONDS` before `since` on. The fee rates
    are thousandths of a base unit per virtual byte: the median of the last hour, and that of
    the days before the period (`fees_since` on), None where nothing was paid or known.
    `running`: the last hour is not over.
    """

    since: int
    until: int
    known_since: int | None
    hours: tuple[Rollup, ...]
    fee_rate: int | None
    usual_fee_rate: int | None
    fees_since: int
    largest: tuple[Transaction, ...]
    gaps: tuple[Gap, ...]
    running: bool = False

    @property
    def blind_seconds(self) -> int:
        """For how long nothing was heard."""
        return blind_seconds(self.gaps, self.since, self.until)


class ChatFacts(Struct, frozen=True):
    """What a chat had to do with it: its watched addresses that moved, and its alerts."""

    flows: tuple[Flow, ...]
    told: Told


def chain_facts(db: Database, chain: str, since: int, until: int, now: int) -> ChainFacts:
    """All that is told of a chain; `since` and `until` are whole hours apart, on quarters."""
    known = known_since(db, chain)
    edges = range(since - COMPARED_SECONDS, until + 1, HOUR)
    window = Window(since, until, QUARTER)
    seen = totals(db, chain, "seen", window).transactions
    fees_since = max(since - COMPARED_SECONDS, -(-(known or 0) // DAY) * DAY)
    largest = largest_between(db, chain, window, seen, LARGEST, now)
    found = (transaction_by_hash(db, chain, large.hash) for large in largest)
    paid_until = min(until, now - now % QUARTER + QUARTER)
    return ChainFacts(
        since,
        until,
        known,
        sums_by_bucket(db, chain, "seen", edges),
        _median_fee_rate(db, chain, paid_until - HOUR, paid_until),
        _median_fee_rate(db, chain, fees_since, since),
        fees_since,
        tuple(transaction for transaction in found if transaction),
        tuple(gaps_between(db, chain, since, until)),
        running=until > now,
    )


def chat_facts(db: Database, chat: int, chain: str, since: int, until: int, now: int) -> ChatFacts:
    """What a chat had to do with a period."""
    flows = flows_between(db, chat, chain, since, until, now)
    moved = tuple(flow for flow in flows if flow.transactions)
    return ChatFacts(moved, told_between(db, chat, since, until))


def _median_fee_rate(db: Database, chain: str, since: int, until: int) -> int | None:
    if until - since < HOUR:
        return None
    return rounded_quantile(histogram_between(db, chain, "seen", "fee_rate", since, until))
