"""What detectors remember is what the database has, whatever became of the last transaction."""

from contextlib import suppress

import pytest

from storage.detector_states import States, load_state


def test_what_was_saved_is_loaded_by_chain_and_detector(db):
    states = States()
    assert states.load(db, "bitcoin") == {}
    states.save(db, "odd", "bitcoin", b"one")
    states.save(db, "large", "bitcoin", b"two")
    states.save(db, "odd", "other", b"three")
    assert states.load(db, "bitcoin") == {"odd": b"one", "large": b"two"}
    assert States().load(db, "other") == {"odd": b"three"}
    assert load_state(db, "odd", "bitcoin") == b"one"


@pytest.mark.parametrize("kept", [{}, {"odd": b"kept"}])
def test_what_was_rolled_back_is_not_remembered(db, kept):
    states = States()
    with db.atomic():
        states.load(db, "bitcoin")
        for detector, state in kept.items():
            states.save(db, detector, "bitcoin", state)
    with suppress(ZeroDivisionError), db.atomic():
        states.load(db, "bitcoin")
        states.save(db, "odd", "bitcoin", b"lost")
        raise ZeroDivisionError
    assert states.load(db, "bitcoin") == kept
    with db.atomic():
        states.save(db, "odd", "bitcoin", b"after")
    assert states.load(db, "bitcoin") == {"odd": b"after"} == States().load(db, "bitcoin")
