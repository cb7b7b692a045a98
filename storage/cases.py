"""All that is stored of whether a transaction was told in a chat: what there is to judge it by."""

from itertools import groupby

from msgspec import Struct
from sqlite_utils import Database

from storage.features import Rated, rated
from storage.ledger import (
    PRICE_MAX_AGE_SECONDS,
    IncidentRow,
    gaps_between,
    incident_about,
    price_after,
    price_at,
)
from storage.lookups import TransactionRecord, transaction_record
from storage.subscriptions import Lasting, subscriptions_ever
from storage.tellings import Telling, telling, telling_about
from watchers.model import Gap, Price


class Case(Struct, frozen=True):
    """A transaction as a chat may ask about it; `record` is None where it is not stored.

    `judged_at` is when it was judged, as far as that is known, and `price` in USD that of
    then; `later` is the first one after it, where there was none. `asking` are the rules as
    they were then: what began only later, or had ended, where there was none then. `rated` is
    how odd it was, None where that is no longer kept.
    """

    record: TransactionRecord | None
    telling: Telling | None
    judged_at: int
    asking: tuple[Lasting, ...]
    price: Price | None
    later: Price | None
    gap: Gap | None
    incident: IncidentRow | None
    rated: Rated | None = None


def case_of(db: Database, chat: int, chain: str, asset: str, hash_: str, now: int) -> Case:
    """What is stored of a transaction, and of what a chat was told of it."""
    record = transaction_record(db, chain, hash_, now)
    number = telling_about(db, chat, chain, hash_)
    found = None if number is None else telling(db, chat, number)
    return judged_as(db, chat, chain, asset, hash_, record, found)


def judged_as(
    db: Database,
    chat: int,
    chain: str,
    asset: str,
    hash_: str,
    record: TransactionRecord | None,
    found: Telling | None = None,
) -> Case:
    """As `case_of`, of a transaction that may be known from elsewhere."""
    seen_at = 0 if record is None else record.transaction.time
    gap = None if record is None or record.announced else _gap_at(db, chain, seen_at)
    judged_at = _alerted_at(db, chain, hash_) or (gap.end if gap else seen_at)
    price = price_at(db, asset, "USD", judged_at, PRICE_MAX_AGE_SECONDS)
    later = None if price else price_after(db, asset, "USD", judged_at)
    asking = as_of(subscriptions_ever(db, chat), judged_at)
    incident = incident_about(db, hash_)
    odd = rated(db, chain, hash_)
    return Case(record, found, judged_at, asking, price, later, gap, incident, odd)


def as_of(ever: list[Lasting], time: int) -> tuple[Lasting, ...]:
    """Of what had each number in turn: what counted at a time, else what came next, else last."""
    rules = sorted(ever, key=lambda one: (one.subscription.chat, one.subscription.number))
    grouped = groupby(rules, key=lambda one: (one.subscription.chat, one.subscription.number))
    return tuple(_as_of(list(turns), time) for _, turns in grouped)


def _as_of(turns: list[Lasting], time: int) -> Lasting:
    counted = [one for one in turns if one.is_on(time)]
    after = [one for one in turns if one.since > time]
    return (counted or after or turns[-1:])[0]


def _alerted_at(db: Database, chain: str, hash_: str) -> int | None:
    """When detectors looked at a transaction, where anybody's alert tells."""
    (time,) = db.conn.execute(
        "SELECT min(time) FROM alerts WHERE chain = ? AND transaction_hash = ?", (chain, hash_)
    ).fetchone()
    return None if time is None else int(time)


def _gap_at(db: Database, chain: str, time: int) -> Gap | None:
    return next(iter(gaps_between(db, chain, time, time + 1)), None)
