"""Alerts, each once, and what is known of their transactions when they are told."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from detectors.model import Alert, Kind, Severity
from storage.states import State, state_of, states_in
from storage.transactions import transaction_by_hash
from watchers.model import Transaction


class Story(Struct, frozen=True):
    """All there is to tell of one transaction in one message: its alerts and its state.

    `transaction` is None where the raw row is no longer kept. An alert without a transaction
    is a story of its own: its `hash` is "", and its state says nothing.
    """

    hash: str
    chain: str
    alerts: tuple[Alert, ...]
    transaction: Transaction | None
    state: State

    @property
    def met_at(self) -> int:
        """When the transaction was first met, as far as that is still known."""
        return self.alerts[0].time if self.transaction is None else self.transaction.time


_COLUMNS = (
    "a.chain, a.transaction_hash, a.detector, a.subject, a.time, a.amount, a.usd_micro,"
    " a.severity, a.late, a.window_seconds, a.rate"
)


def save_alerts(db: Database, alerts: Iterable[Alert]) -> list[tuple[int, Alert]]:
    """Store the alerts that are new, with their row ids; the unique key decides."""
    saved = []
    for alert in alerts:
        cursor = db.conn.execute(
            "INSERT OR IGNORE INTO alerts (chain, transaction_hash, detector, subject, time,"
            " amount, usd_micro, severity, late, window_seconds, rate)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                alert.chain, alert.transaction, alert.detector, alert.subject, alert.time,
                str(alert.amount), None if alert.usd_micro is None else str(alert.usd_micro),
                alert.severity, alert.late, alert.window, alert.rate,
            ),
        )  # fmt: skip
        if cursor.rowcount:
            saved.append((int(cursor.lastrowid or 0), alert))
    return saved


def _alert(row: Sequence[Any]) -> Alert:
    chain, hash_, detector, subject, time, amount, usd_micro, severity, late, window, rate = row
    return Alert(
        chain, hash_, detector, subject, time, int(amount),
        None if usd_micro is None else int(usd_micro), Severity(severity), bool(late), window, rate,
    )  # fmt: skip


def alerts_of(db: Database, message: int) -> dict[int, Alert]:
    """The alerts that a message tells, by their row ids: all that no mute kept back."""
    rows = db.conn.execute(
        "SELECT alert_id FROM message_alerts WHERE message_id = ? AND mute_id IS NULL", (message,)
    )
    return alerts_by_id(db, [id_ for (id_,) in rows])


def alerts_by_id(db: Database, ids: Collection[int]) -> dict[int, Alert]:
    """Alerts by their row ids, in their order."""
    rows = db.conn.execute(
        f"SELECT a.id, {_COLUMNS} FROM alerts a WHERE a.id IN (SELECT value FROM json_each(?))"
        " ORDER BY a.id",
        (msgspec.json.encode(list(ids)).decode(),),
    )
    return {id_: _alert(alert) for id_, *alert in rows.fetchall()}


def odd_between(db: Database, chain: str, since: int, until: int) -> list[Alert]:
    """What was called odd in [since, until)."""
    where = "a.time >= ? AND a.time < ? AND a.chain = ? AND a.detector = ?"
    which = (since, until, chain, Kind.ANOMALIES)
    query = f"SELECT {_COLUMNS} FROM alerts a WHERE {where} ORDER BY a.id"
    return [_alert(row) for row in db.conn.execute(query, which)]


def stories_of(
    db: Database,
    message: int,
    now: int,
    without: Collection[int] = (),
    newest: int | None = None,
    skip: int = 0,
    only: Collection[str] | None = None,
) -> list[Story]:
    """What a message tells, a story a transaction, in the order of the alerts.

    Alerts whose row ids are in `without` are left out. With `newest` only so many of the
    newest are told, the newest first, after those to `skip`; with `only` these transactions.
    """
    told = list(_grouped(db, message, without).items())
    if only is not None:
        told = [each for each in told if each[0][1] in only]
    if newest is not None:
        told = told[::-1][skip : skip + newest]
    (shown,) = db.conn.execute("SELECT shown FROM messages WHERE id = ?", (message,)).fetchone()
    before = states_in(shown)
    return [
        story_of(db, chain, hash_, tuple(alerts), before.get(hash_, ""), now)
        for (chain, hash_, _), alerts in told
    ]


def count_stories(db: Database, message: int) -> int:
    """How many transactions a message tells of, and alerts that have none."""
    return len(_grouped(db, message, ()))


def _grouped(
    db: Database, message: int, without: Collection[int]
) -> dict[tuple[str, str, str], list[Alert]]:
    """The alerts of a message by their transactions; each that has none by itself."""
    grouped: dict[tuple[str, str, str], list[Alert]] = {}
    for id_, alert in alerts_of(db, message).items():
        if id_ not in without:
            alone = "" if alert.transaction else f"{alert.detector} {alert.subject} {alert.window}"
            grouped.setdefault((alert.chain, alert.transaction, alone), []).append(alert)
    return grouped


def story_of(
    db: Database, chain: str, hash_: str, alerts: tuple[Alert, ...], before: str, now: int
) -> Story:
    """What alerts say of a transaction, as it stands now, or stood when it was shown before."""
    if not hash_:
        return Story("", chain, alerts, None, State())
    transaction = transaction_by_hash(db, chain, hash_)
    if transaction is None and before:
        return Story(hash_, chain, alerts, None, State.remembered(before))
    return Story(hash_, chain, alerts, transaction, state_of(db, chain, hash_, now))
