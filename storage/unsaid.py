"""What an edit was to tell first and could not: it is told in a message of its own."""

from collections.abc import Iterable, Mapping

import msgspec
from sqlite_utils import Database

from detectors.model import Alert
from storage.alerts import alerts_of
from storage.budget import collects
from storage.listeners import OURS
from storage.model import Priority
from storage.outbox import enqueue_alert
from storage.states import states_in
from storage.subscriptions import subscriptions_by_id
from storage.transactions import conflict_keys


def tell_unsaid(db: Database, message: int, before: str, shown: str, now: float) -> str:
    """Tell anew of the transactions that a refused edit was the first to show.

    `before` is what the message shows, `shown` what the edit would have shown (as
    `dispatch.shown_of`); returns that without them. What comes next of these, or of their
    rivals, is told with them. A message that collects what is beyond the budget stays as it
    is: it names only a part of it anyway.
    """
    is_being_said = not before
    if is_being_said or collects(db, message):
        return shown
    states = states_in(shown)
    first = states.keys() - states_in(before).keys()
    unsaid = {
        id_: alert for id_, alert in alerts_of(db, message).items() if alert.transaction in first
    }
    _tell_anew(db, message, unsaid, int(now))
    told = {alert.transaction for alert in unsaid.values()}
    return " ".join(f"{hash_}:{state}" for hash_, state in states.items() if hash_ not in told)


def _tell_anew(db: Database, message: int, alerts: Mapping[int, Alert], now: int) -> None:
    (chat,) = db.conn.execute("SELECT chat_id FROM messages WHERE id = ?", (message,)).fetchone()
    keys = {id_: _key(db, alert) for id_, alert in alerts.items()}
    _retire(db, chat, set(keys.values()))
    taken = db.conn.execute(
        "DELETE FROM message_alerts WHERE message_id = ?"
        " AND alert_id IN (SELECT value FROM json_each(?)) RETURNING alert_id, subscription_id",
        (message, msgspec.json.encode(list(alerts)).decode()),
    ).fetchall()
    known = subscriptions_by_id(db, [subscription for _, subscription in taken])
    for id_, subscription in sorted(taken):
        asked = {chat: known[subscription].subscription}
        enqueue_alert(db, asked, keys[id_], id_, Priority.PERSONAL, now)


def _key(db: Database, alert: Alert) -> str:
    return conflict_keys(db, alert.chain, [alert.transaction])[alert.transaction]


def _retire(db: Database, chat: int, keys: Iterable[str]) -> None:
    """Let the messages with a key take in no more, wherever whoever is told there is told."""
    db.conn.executemany(
        f"UPDATE messages SET key = key || ' until ' || id WHERE key = ?2 AND chat_id IN ({OURS})",
        [(chat, key) for key in keys],
    )
