"""What histories have found, random ones and others led to a doubt, in their shortest form."""

import pytest

from tests.model.history import History
from tests.model.source import BTC


@pytest.fixture
def life(monkeypatch):
    """A history that somebody writes; at its end everything is compared."""
    monkeypatch.setattr("bot.intake.steps.SLICE", 2)
    history = History()
    yield history
    history.teardown()


def test_a_block_that_is_still_being_stored_has_orphaned_nothing(life):
    life.announce(moved=2, sender="ada", recipient="bob")
    life.light_the_fuse(writes=2, before=True)
    life.mine(picked=[0], unseen=2)
    life.what_is_stored_agrees()


def test_a_mute_holds_though_the_clock_is_set_back(life):
    life.mute(chat=1, seconds=8 * 3600)
    life.clock(-3600)
    life.announce(moved=2, sender="ada", recipient="bob")
    life.deliver_all()


def test_an_unmuted_chat_stays_so_though_the_clock_is_set_back(life):
    life.mute(chat=1, seconds=8 * 3600)
    life.clock(1800)
    life.unmute(chat=1)
    life.clock(-3600)
    life.clock(1800)
    life.clock(30)
    life.announce(moved=2, sender="ada", recipient="bob")
    life.deliver_all()


def test_an_edit_of_unknown_outcome_is_made_again_though_its_reason_is_gone(life):
    life.announce(moved=2, sender="ada", recipient="bob")
    life.mine(picked=[0], unseen=0)
    life.deliver_all()
    life.reorganise(depth=1, more=1, announced=True, picked=[[]] * 9)
    life.clock(130)
    life.deliver(script=["dies after"])
    life.connect()
    life.return_to(pick=0, announced=True)
    life.deliver_all()


def test_what_a_refused_message_would_have_told_is_refused_with_all_its_rivals(life):
    life.announce(moved=2, sender="ada", recipient="bob")
    life.mine(picked=[], unseen=0)
    life.replace(pick=0, moved=2 * BTC, more=False)
    life.mine(picked=[2], unseen=0)
    life.deliver(script=["rejected"] * 5)
    life.reorganise(depth=1, more=1, announced=True, picked=[[0], *[[]] * 8])
    life.deliver_all()


def test_what_was_said_before_a_chat_moved_is_left_as_it_is(life):
    life.tell_of_a_whale()
    life.mine(picked=[0], unseen=0)
    life.deliver(script=["moved"])
    life.deliver_all()


@pytest.mark.parametrize("replacements", [1, 2])
@pytest.mark.parametrize("fate", ["rejected", "gone", "moved"])
def test_what_a_refused_edit_was_to_tell_first_is_told_by_itself(life, fate, replacements):
    life.announce(moved=2, sender="ada", recipient="bob")
    life.deliver_all()
    for _ in range(replacements):
        life.replace(pick=0, moved=50 * BTC, more=False)
        life.deliver(script=[fate] * 4)


@pytest.mark.parametrize("fate", ["rejected", "gone", "moved"])
def test_what_was_replaced_before_it_was_told_is_told_when_it_is_mined_after_all(life, fate):
    life.announce(moved=1, sender="ada", recipient="ada")
    life.replace(pick=0, moved=1 * BTC, more=False)
    life.deliver_all()
    life.replace(pick=0, moved=1 * BTC, more=False)
    life.deliver(script=[fate] * 4)
    life.mine(picked=[0], unseen=0)
    life.deliver(script=[fate] * 8)


@pytest.mark.parametrize("unknown", ["lost", "dies after"])
def test_what_an_edit_of_unknown_outcome_told_may_be_told_again(life, unknown):
    life.tell_of_a_whale()
    life.replace(pick=0, moved=1 * BTC, more=False)
    life.deliver(script=[unknown])
    life.connect()
    life.clock(30)
    life.deliver(script=["rejected"])


def test_what_an_edit_told_whose_verdict_was_not_stored_may_be_told_again(life):
    life.tell_of_a_whale()
    life.replace(pick=0, moved=1 * BTC, more=False)
    life.light_the_fuse(before=False, writes=3)
    life.deliver_all()
    life.connect()
    life.deliver(script=["rejected"])


def test_what_is_replaced_by_yet_another_names_that(life):
    life.announce(moved=2, sender="ada", recipient="bob")
    life.deliver_all()
    for _ in range(2):
        life.replace(pick=0, moved=1, more=False)
        life.deliver_all()
