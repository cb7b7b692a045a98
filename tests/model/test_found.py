"""What random histories have found, each in its shortest form."""

import pytest

from tests.model.test_history import History


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
