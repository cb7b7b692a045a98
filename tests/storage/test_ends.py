"""News that waits as a message of its own."""

from storage.chats import Defaults, save_chat
from storage.ends import enqueue_ends
from storage.model import Message, Priority, Text
from storage.outbox import enqueue_notice
from storage.retention import DELIVERIES_KEPT_SECONDS, delete_old
from tests.make import NOW


def test_news_is_kept_also_where_its_number_was_given_before(db):
    """After a silence of months all deliveries are deleted, and SQLite counts from one again."""
    chat = save_chat(db, "telegram", "1", "", "private", "", Defaults("en", "UTC", "USD"), NOW)
    for time in (NOW, NOW + 2 * DELIVERIES_KEPT_SECONDS):
        hello = Message((Text("Hello"),))
        enqueue_notice(db, chat.id, f"hello {time}", hello, Priority.BROADCAST, time)
        ((reply, message),) = db.conn.execute("SELECT id, message_id FROM deliveries").fetchall()
        enqueue_ends(db, reply, message, time)
        db.conn.execute("UPDATE deliveries SET state = 'sent', closed_at = ?", (time,))
        delete_old(db, time + DELIVERIES_KEPT_SECONDS + 1, 0)
    (told,) = db.conn.execute("SELECT count(*) FROM messages WHERE key LIKE 'ends:%'").fetchone()
    assert told == 2
