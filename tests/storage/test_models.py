"""The registry of models: one runs, what is damaged is noticed, old ones are forgotten."""

import pytest

from storage.models import (
    KEPT,
    DamagedError,
    Learnt,
    file_of,
    model_of,
    models_of,
    refuse_damaged,
    run_model,
    running_model,
    save_model,
)
from tests.make import NOW


def learnt(at=NOW, file=b"a forest", chain="bitcoin"):
    return Learnt(
        chain, at, at - 86400, at, 5_000, ("moved", "fee"), {"trees": 100},
        {"average_precision": 0.5}, file,
    )  # fmt: skip


@pytest.fixture
def two(db):
    """The versions of a model that was retired and of the one that runs."""
    with db.atomic():
        return [save_model(db, learnt(file=name), "better", runs=True) for name in (b"1", b"2")]


def running(db, chain="bitcoin"):
    row = running_model(db, chain)
    assert row is not None
    return row


def states(db):
    return {row.version: row.state for row in models_of(db, "bitcoin", 100)}


def test_a_model_comes_back_as_it_was_saved(db):
    version = save_model(db, learnt(), "it is the first", runs=True)
    row = running(db)
    assert row == model_of(db, version)
    assert (row.features, row.parameters, row.metrics) == (
        ("moved", "fee"), {"trees": 100}, {"average_precision": 0.5},
    )  # fmt: skip
    assert (row.state, row.why, row.rows) == ("running", "it is the first", 5_000)
    assert file_of(db, version) == b"a forest"


def test_only_one_model_of_a_chain_runs(db, two):
    other = save_model(db, learnt(chain="other"), "", runs=True)
    assert states(db) == {two[0]: "retired", two[1]: "running"}
    assert running(db, "other").version == other


def test_a_refused_model_leaves_the_running_one_alone(db, two):
    refused = save_model(db, learnt(), "it finds less", runs=False)
    assert running(db).version == two[1]
    assert model_of(db, refused).why == "it finds less"


def test_an_older_model_runs_again(db, two):
    assert run_model(db, two[0], "Ada rolled back").state == "running"
    assert states(db) == {two[0]: "running", two[1]: "retired"}
    assert model_of(db, two[1]).why == "Ada rolled back"


def test_a_file_that_changed_is_noticed_and_the_one_before_runs(db, two):
    db.conn.execute("UPDATE models SET file = x'00' WHERE version = ?", (two[1],))
    with pytest.raises(DamagedError):
        file_of(db, two[1])
    refuse_damaged(db, two[1])
    assert running(db).version == two[0]
    assert states(db) == {two[0]: "running", two[1]: "damaged"}


def test_without_a_model_before_it_nothing_runs_for_a_damaged_one(db):
    version = save_model(db, learnt(), "", runs=True)
    assert refuse_damaged(db, version) is None
    assert running_model(db, "bitcoin") is None


def test_old_models_are_forgotten_and_never_the_running_one(db):
    running = save_model(db, learnt(), "", runs=True)
    for n in range(KEPT + 5):
        save_model(db, learnt(NOW + n), "", runs=False)
    kept = states(db)
    assert len(kept) == KEPT + 1
    assert kept[running] == "running"
    assert running in {row.version for row in models_of(db, "bitcoin", 3)}


def test_a_version_is_never_given_twice(db):
    first = save_model(db, learnt(), "", runs=True)
    db.conn.execute("DELETE FROM models")
    assert save_model(db, learnt(), "", runs=True) > first


def test_no_model_is_no_model(db):
    with pytest.raises(LookupError):
        run_model(db, 7, "")
    with pytest.raises(LookupError):
        file_of(db, 7)
