"""When an owner is told of trouble, and what."""

import pytest

from bot.notices import format_incident, note_incident
from storage.chats import LOCAL, Defaults, save_chat
from storage.database import open_database
from storage.ledger import INCIDENT_LASTS_SECONDS, INCIDENT_PEACE_SECONDS
from tests.make import NOW
from watchers.model import Incident


@pytest.fixture
def db(tmp_path):
    database = open_database(tmp_path / "test.db")
    save_chat(database, LOCAL, LOCAL, "", "private", "", Defaults("en", "UTC", "USD"), NOW)
    yield database
    database.close()


def trouble(after, *, urgent=True):
    return Incident("blockchain.com", "bad frame", "no JSON", NOW + after, urgent=urgent)


def told(db):
    """When owners were told, in seconds after the first time."""
    found = db.conn.execute("SELECT created_at FROM messages ORDER BY id").fetchall()
    return [at - NOW for (at,) in found]


def note(db, moments, *, urgent=True):
    for after in moments:
        note_incident(db, trouble(after, urgent=urgent), NOW + after)


def test_trouble_that_lasts_is_told_at_once_and_then_daily(db):
    note(db, range(0, 3 * INCIDENT_LASTS_SECONDS, INCIDENT_PEACE_SECONDS // 2))
    assert told(db) == [0, INCIDENT_LASTS_SECONDS, 2 * INCIDENT_LASTS_SECONDS]


def test_trouble_that_comes_back_after_a_while_of_peace_is_told_again(db):
    back = 60 + INCIDENT_PEACE_SECONDS
    note(db, [0, 60, back, back + 60])
    assert told(db) == [0, back]


def test_what_is_not_urgent_is_only_kept(db):
    note(db, [0, INCIDENT_LASTS_SECONDS], urgent=False)
    assert told(db) == []


def test_the_daily_word_says_how_often_it_came(db):
    note(db, range(0, INCIDENT_LASTS_SECONDS + 1, INCIDENT_PEACE_SECONDS // 2))
    bodies = [body for (body,) in db.conn.execute("SELECT body FROM messages ORDER BY id")]
    assert "still bad frame" not in str(bodies[0])
    assert "still bad frame" in str(bodies[1])
    assert "It came 48 times in 24 h" in str(bodies[1])


def test_the_first_word_says_what_it_is():
    message = format_incident(trouble(0))
    assert "".join(text.text for text in message.title) == "⚠️ blockchain.com: bad frame"
