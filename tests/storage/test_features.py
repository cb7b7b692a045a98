"""The feature store: a table with names that a person can open."""

import math

import pytest

from detectors.model import Scored
from storage.features import (
    KEPT_SECONDS,
    amount_of,
    features_of_hash,
    save_features,
)
from storage.retention import delete_old
from storage.thinning import draw
from tests.make import NOW, hash_of

NAMES = ("moved", "fee")


def scored(n, **more):
    return Scored(hash_of(n), NOW + n, (float(n), math.nan), **more)


def save(db, *rows):
    with db.atomic():
        save_features(db, "bitcoin", NAMES, rows)


def test_a_person_reads_named_columns_and_the_rate_as_one_in_so_many(db):
    save(db, scored(7, model=3, score=0.6, rate=1000.4))
    (row,) = db.query("SELECT * FROM features_readable")
    assert (row["moved"], row["fee"], row["model"], row["one_in"]) == (7.0, None, 3, 1000)
    assert row["seen"].startswith("2023-11-14")


def test_what_is_not_known_comes_back_as_not_known(db):
    save(db, scored(7))
    found = features_of_hash(db, "bitcoin", hash_of(7), NAMES)
    assert found is not None
    assert found.values[0] == 7.0
    assert math.isnan(found.values[1])
    assert (found.time, found.model, found.rate) == (NOW + 7, None, None)
    assert features_of_hash(db, "bitcoin", hash_of(8), NAMES) is None


def test_a_feature_that_came_later_is_not_known_of_what_was_before(db):
    save(db, scored(1))
    ((_, _, values),) = draw(db, "bitcoin", (*NAMES, "inputs"), (NOW, NOW + 9), 9).rows
    assert math.isnan(values[2])


def test_rows_are_counted_as_far_as_asked(db):
    save(db, *map(scored, range(10)))
    assert (amount_of(db, "bitcoin", NOW, 4).rows, amount_of(db, "x", 0, 4).rows) == (4, 0)
    assert amount_of(db, "bitcoin", NOW + 2, 100).since == NOW + 2


def test_what_is_scored_again_is_there_once(db):
    save(db, scored(1))
    save(db, scored(1, model=1, score=0.5, rate=2.0))
    assert db.table("features").count == 1


def test_features_are_let_go_when_training_no_longer_looks_at_them(db):
    save(db, *map(scored, range(10)))
    while delete_old(db, NOW + 5 + KEPT_SECONDS, 86400):
        pass
    assert amount_of(db, "bitcoin", 0, 100).rows == 5


def test_a_name_that_is_no_word_is_refused(db):
    with pytest.raises(ValueError, match="no name"):
        save_features(db, "bitcoin", ["x; DROP TABLE alerts"], [])
