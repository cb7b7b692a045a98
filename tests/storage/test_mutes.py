"""Mutes: what is not to be heard, from when until when."""

from storage.mutes import end_mutes, muted_until, mutes_of, save_mute
from tests.make import NOW


def test_a_mute_begins_at_once_and_ends_by_itself(db, chats):
    save_mute(db, chats[0].id, NOW, NOW + 60)
    assert muted_until(db, chats[0].id, NOW) == NOW + 60
    assert muted_until(db, chats[0].id, NOW + 60) is None
    assert muted_until(db, chats[1].id, NOW) is None


def test_another_mute_takes_the_place_of_the_first_even_if_it_is_shorter(db, chats):
    save_mute(db, chats[0].id, NOW, NOW + 3600)
    save_mute(db, chats[0].id, NOW + 10, NOW + 70)
    assert muted_until(db, chats[0].id, NOW + 10) == NOW + 70


def test_a_mute_that_is_ended_is_over_at_once(db, chats):
    mute = save_mute(db, chats[0].id, NOW, NOW + 60)
    assert end_mutes(db, chats[1].id, NOW + 30, mute.id) == ()
    assert mutes_of(db, chats[0].id, NOW + 30) == (mute,)
    assert end_mutes(db, chats[0].id, NOW + 30) == (mute,)
    assert mutes_of(db, chats[0].id, NOW + 30) == ()
