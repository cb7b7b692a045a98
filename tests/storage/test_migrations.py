"""The schema: old files are brought up to date, and the file reads well by itself."""

import pytest
from sqlite_utils import Database

from detectors.model import Alert, Scored
from storage._sqlite import sqlite
from storage.alerts import save_alerts
from storage.blocks import complete_block, save_slice
from storage.chats import Defaults, save_chat
from storage.database import open_database, reading
from storage.features import save_features
from storage.migrations import migrations
from storage.model import Priority
from storage.models import Learnt, save_model
from storage.outbox import enqueue_alert
from tests.make import NOW, asked, block, coinbase, transaction

STEPS = [step.name for step in migrations.pending(Database(memory=True))]


def schema(db):
    return {
        row["name"]: row["sql"]
        for row in db.query("SELECT name, sql FROM sqlite_master")
        if row["sql"]
    }


@pytest.mark.parametrize("step", STEPS[1:])
def test_a_file_of_any_age_is_brought_up_to_date(tmp_path, step):
    old = Database(sqlite.connect(str(tmp_path / "old.db")))
    migrations.apply(old, stop_before=step)
    with old.atomic():
        old.conn.execute("INSERT INTO checkpoints (chain, heard_at) VALUES ('bitcoin', ?)", (NOW,))
    old.close()
    upgraded, fresh = open_database(tmp_path / "old.db"), open_database(tmp_path / "new.db")
    assert schema(upgraded) == schema(fresh)
    assert list(upgraded.query("SELECT heard_at FROM checkpoints")) == [{"heard_at": NOW}]
    upgraded.close()
    fresh.close()


def test_opening_again_changes_nothing(tmp_path):
    first = open_database(tmp_path / "a.db")
    before = schema(first)
    first.close()
    again = open_database(tmp_path / "a.db")
    assert schema(again) == before
    again.close()


@pytest.fixture
def filled(db):
    with db.atomic():
        whale = transaction(7)
        made = block(1, [coinbase(1), whale])
        save_slice(db, made, made.transactions)
        complete_block(db, made)
        chat = save_chat(
            db, "telegram", "1", "", "private", "Ada", Defaults("en", "UTC", "USD"), NOW
        )
        ((id_, _),) = save_alerts(db, [Alert("bitcoin", whale.hash, "whales", "BTC", NOW, 7, None)])
        enqueue_alert(db, asked(chat.id), "bitcoin:key", id_, Priority.BROADCAST, NOW)
        save_features(db, "bitcoin", (), [Scored(whale.hash, NOW, ())])
        save_model(db, Learnt("bitcoin", NOW, NOW, NOW, 1, (), {}, {}, b""), "", runs=True)
    return db


def test_every_readable_view_answers_and_shows_times_as_text(filled):
    views = [name for name in filled.view_names() if name.endswith("_readable")]
    assert len(views) >= 4
    for view in views:
        rows = list(filled.query(f"SELECT * FROM {view} LIMIT 100"))
        assert rows, view
        assert any(str(value).startswith("2023-11-1") for value in rows[0].values()), view


def test_the_views_say_what_is_in_the_tables(filled):
    rows = filled.query("SELECT category, height FROM transactions_readable ORDER BY category")
    assert [tuple(row.values()) for row in rows] == [("coinbase", 1), ("payment", 1)]
    (told,) = filled.query("SELECT chat, action, state FROM outbox_readable")
    assert told == {"chat": "Ada", "action": "send", "state": "due"}


def test_every_table_can_be_browsed_by_its_columns(filled):
    for table in filled.table_names():
        assert filled[table].columns_dict
        list(filled.query(f"SELECT * FROM [{table}] LIMIT 10"))


def test_the_file_is_whole_and_its_references_hold(filled):
    assert list(filled.query("PRAGMA integrity_check")) == [{"integrity_check": "ok"}]
    assert list(filled.query("PRAGMA foreign_key_check")) == []


@pytest.mark.parametrize("name", ["what?.db", "50% off#1.db", "with space.db", "ü.db"])
def test_a_reader_finds_the_file_whatever_its_name(tmp_path, name):
    db = open_database(tmp_path / name)
    with reading(tmp_path / name) as reader:
        assert reader.table_names() == db.table_names()
    db.close()


def test_a_reader_cannot_write(tmp_path):
    open_database(tmp_path / "a.db").close()
    with reading(tmp_path / "a.db") as reader, pytest.raises(sqlite.OperationalError):
        reader.conn.execute("DELETE FROM chats")


def test_a_reader_sees_one_state_while_others_write(db, tmp_path):
    with reading(tmp_path / "test.db") as reader:
        assert reader.table("chats").count == 0
        with db.atomic():
            save_chat(db, "telegram", "1", "", "private", "", Defaults("en", "UTC", "USD"), NOW)
        assert reader.table("chats").count == 0
    with reading(tmp_path / "test.db") as reader:
        assert reader.table("chats").count == 1
