import pytest

from storage.blocks import begin_chain
from storage.chats import Defaults, save_chat
from storage.database import open_database
from tests.make import NOW


@pytest.fixture
def db(tmp_path):
    database = open_database(tmp_path / "test.db")
    with database.atomic():
        begin_chain(database, "bitcoin", NOW - 86400)
    yield database
    database.close()


@pytest.fixture
def chats(db):
    with db.atomic():
        return [
            save_chat(
                db, "telegram", address, thread, "group", "", Defaults("en", "UTC", "USD"), NOW
            )
            for address, thread in (("-1", ""), ("-1", "7"), ("-2", ""))
        ]


@pytest.fixture
def plan():
    """The steps that SQLite takes for the statements that a function runs."""

    def steps(db, act, tables=()):
        statements: list[str] = []
        db.conn.set_trace_callback(statements.append)
        act()
        db.conn.set_trace_callback(None)
        asked = [
            text
            for text in statements
            if text.startswith(("SELECT", "DELETE", "UPDATE"))
            and (not tables or any(f" {table} " in f"{text} " for table in tables))
        ]
        assert asked
        return [row[3] for text in asked for row in db.conn.execute(f"EXPLAIN QUERY PLAN {text}")]

    return steps
