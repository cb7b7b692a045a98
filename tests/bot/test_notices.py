"""When an owner is told of trouble, and what."""

import pytest

from bot.notices import format_incident, note_incident
from storage.chats import LOCAL, save_chat
from storage.database import open_database
from storage.dispatch import claim
from storage.ledger import INCIDENT_LASTS_SECONDS, INCIDENT_PEACE_SECONDS
from storage.links import enter_link_code, new_link_code
from storage.model import Role
from storage.persons import prefer, save_person, set_role
from tests.bot.desk import DEFAULTS
from tests.make import NOW
from watchers.model import Incident


@pytest.fixture
def db(tmp_path):
    database = open_database(tmp_path / "test.db")
    save_chat(database, LOCAL, LOCAL, "", "private", "", DEFAULTS, NOW)
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


def test_an_owner_with_two_accounts_is_told_once_where_they_prefer_it(db):
    ada = save_person(db, "telegram", "1", "Ada", NOW)
    lovelace = save_person(db, "discord", "2", "Ada", NOW)
    set_role(db, "telegram", "1", Role.OWNER, NOW)
    chats = [
        save_chat(db, who.platform, who.address, "", "private", "", DEFAULTS, NOW, person=who.id)
        for who in (ada, lovelace)
    ]
    enter_link_code(db, new_link_code(db, ada, NOW), lovelace, NOW)
    prefer(db, ada.id, "discord")
    note(db, [0])
    rows = db.conn.execute("SELECT chat_id, state FROM deliveries WHERE chat_id != 1 ORDER BY id")
    assert rows.fetchall() == [(chats[1].id, "due"), (chats[0].id, "standby")]
    assert [due.chat.platform for due in claim(db, {"telegram": 9}, NOW)] == ["telegram"]
