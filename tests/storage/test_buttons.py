"""Buttons: what each does is kept, and only what was offered can be pressed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.buttons import (
    RENEWED_SECONDS,
    command_of,
    forget_buttons,
    known_buttons,
    save_buttons,
)
from storage.database import open_database
from storage.model import Button, Message
from tests.make import NOW


def offer(db, *buttons, now=NOW):
    with db.atomic():
        return save_buttons(db, Message((), (), (buttons,)), now).buttons[0]


def test_a_token_stands_for_its_command_after_a_restart(tmp_path):
    db = open_database(tmp_path / "a.db")
    (button,) = offer(db, Button("Details", "/tx " + "ab" * 32))
    db.close()
    again = open_database(tmp_path / "a.db")
    assert command_of(again, button.token) == "/tx " + "ab" * 32
    again.close()


def test_one_command_has_one_row_however_often_it_is_offered(db):
    first, second = offer(db, Button("a", "/mute"), Button("b", "/mute", replaces=True))
    assert first.token.partition(":")[2] == second.token.partition(":")[2]
    assert first.token != second.token, "whether it replaces is in the token"
    assert db.table("buttons").count == 1


def test_links_and_texts_to_copy_need_no_token(db):
    link, copy = offer(db, Button("x", url="https://x.example"), Button("y", copy="y"))
    assert (link.token, copy.token) == ("", "")
    assert db.table("buttons").count == 0


def test_a_token_fits_into_what_telegram_sends_back(db):
    (button,) = offer(db, Button("long", "/watch " + "x" * 500))
    assert len(button.token.encode()) <= 64


def test_what_was_offered_long_ago_is_forgotten_and_what_was_offered_again_is_not(db):
    (old,), (kept,) = offer(db, Button("a", "/a")), offer(db, Button("b", "/b"))
    offer(db, Button("b", "/b"), now=NOW + 9)
    forget_buttons(db, NOW + RENEWED_SECONDS + 5)
    assert command_of(db, old.token) is None
    assert command_of(db, kept.token) == "/b"


def test_what_was_offered_again_without_a_note_lives_as_long_as_from_then(db):
    offer(db, Button("a", "/a"))
    again = NOW + RENEWED_SECONDS - 1
    message = known_buttons(db, Message((), (), ((Button("a", "/a"),),)), again)
    assert message is not None
    forget_buttons(db, again)
    assert command_of(db, message.buttons[0][0].token) == "/a"


@pytest.mark.parametrize(
    "token", ["", ":", "r1", "r1:", "s1:-1", "s1:1.5", "x1:1", "s1:²", "s1:" + "9" * 40, "s1:1:2"]
)
def test_a_token_that_is_none_of_ours_does_nothing(db, token):
    offer(db, Button("a", "/a"))
    assert command_of(db, token) is None


@settings(max_examples=300)
@given(token=st.one_of(st.text(), st.text("0123456789", max_size=25).map("s1:{}".format)))
def test_whatever_is_sent_back_gives_no_error(token, shared):
    assert command_of(shared, token) is None


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    db = open_database(tmp_path_factory.mktemp("buttons") / "a.db")
    yield db
    db.close()
