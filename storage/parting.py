"""What becomes of what was to be told a person in one of two chats, once they are two persons."""

from sqlite_utils import Database

from detectors.model import Alert, Ring, Subscription
from storage.alerts import alerts_of
from storage.closing import close_delivery
from storage.model import Priority
from storage.outbox import enqueue_alert
from storage.subscriptions import subscriptions_of


def tell_apart(db: Database, person: int, now: int) -> None:
    """Tell whose chat stood by what it had asked for itself; it does not stand by any more.

    The message may tell more by then, which is the other's alone.
    """
    rows = db.conn.execute(
        "SELECT s.id, s.message_id, s.chat_id, s.priority, m.key FROM chats c"
        " JOIN deliveries s ON s.chat_id = c.id AND s.state = 'standby'"
        " JOIN messages m ON m.id = s.message_id JOIN chats l ON l.id = m.chat_id"
        " WHERE c.person_id = ?1 AND l.person_id != ?1",
        (person,),
    ).fetchall()
    for delivery, message, chat, priority, key in rows:
        close_delivery(db, delivery, "needless", "it is told apart", now)
        for id_, alert in alerts_of(db, message).items():
            if asking := _asking(db, chat, alert):
                enqueue_alert(db, {chat: asking}, key, id_, Priority(priority), now)


def _asking(db: Database, chat: int, alert: Alert) -> Subscription | None:
    """The subscription of a chat that an alert answers to: the loudest."""
    rings: list[Ring] = [ring for ring in Ring if ring is not Ring.OFF]
    asking = [s for s in subscriptions_of(db, chat) if s.ring in rings and s.asks_for(alert)]
    return min(asking, key=lambda one: rings.index(one.ring), default=None)
