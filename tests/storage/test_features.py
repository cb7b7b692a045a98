"""The feature store: a table with names that a person can open."""

import math

import pytest

from detectors.model import Scored
from storage.features import (
    KEPT_SECONDS,
    amount_of,
    features_between,
    features_of_hash,
    prepare_features,
    save_features,
    scores_between,
)
from storage.retention import delete_old
from tests.make import NOW, hash_of

NAMES = ("moved", "fee")


@pytest.fixture
def store(db):
    prepare_features(db, NAMES)
    return db


def scored(n, **more):
    return Scored(hash_of(n), NOW + n, (float(n), math.nan), **more)


def save(db, *rows):
    with db.atomic():
        save_features(db, "bitcoin", NAMES, rows)


def test_a_person_reads_named_columns_and_the_rate_as_one_in_so_many(store):
    save(store, scored(7, model=3, score=0.6, rate=0.001))
    (row,) = store.query("SELECT * FROM features_readable")
    assert (row["moved"], row["fee"], row["model"], row["one_in"]) == (7.0, None, 3, 1000)
    assert row["seen"].startswith("2023-11-14")


def test_what_is_not_known_comes_back_as_not_known(store):
    save(store, scored(7))
    found = features_of_hash(store, "bitcoin", hash_of(7), NAMES)
    assert found.values[0] == 7.0
    assert math.isnan(found.values[1])
    assert (found.time, found.model, found.rate) == (NOW + 7, None, None)
    assert features_of_hash(store, "bitcoin", hash_of(8), NAMES) is None


def test_a_feature_that_came_later_is_not_known_of_what_was_before(store):
    save(store, scored(1))
    prepare_features(store, (*NAMES, "inputs"))
    prepare_features(store, (*NAMES, "inputs"))
    ((_, values),) = features_between(store, "bitcoin", (*NAMES, "inputs"), NOW, NOW + 9, 9)
    assert math.isnan(values[2])


def test_the_newest_rows_of_a_window_are_read_oldest_first(store):
    save(store, *map(scored, range(10)))
    found = features_between(store, "bitcoin", NAMES, NOW, NOW + 8, 3)
    assert [time - NOW for time, _ in found] == [5, 6, 7]


def test_rows_are_counted_as_far_as_asked(store):
    save(store, *map(scored, range(10)))
    assert (amount_of(store, "bitcoin", NOW, 4).rows, amount_of(store, "x", 0, 4).rows) == (4, 0)
    assert amount_of(store, "bitcoin", NOW + 2, 100).since == NOW + 2


def test_only_the_scores_of_one_model_are_read(store):
    save(store, scored(1, model=1, score=0.5), scored(2, model=2, score=0.7), scored(3))
    assert scores_between(store, "bitcoin", 2, NOW, NOW + 9) == [0.7]


def test_what_is_scored_again_is_there_once(store):
    save(store, scored(1))
    save(store, scored(1, model=1, score=0.5, rate=0.5))
    assert store.table("features").count == 1


def test_features_are_let_go_when_training_no_longer_looks_at_them(store):
    save(store, *map(scored, range(10)))
    while delete_old(store, NOW + 5 + KEPT_SECONDS, 86400):
        pass
    assert amount_of(store, "bitcoin", 0, 100).rows == 5


def test_a_name_that_is_no_word_is_refused(store):
    with pytest.raises(ValueError, match="no name"):
        prepare_features(store, ["x; DROP TABLE alerts"])


def test_windows_are_read_by_an_index(store, plan):
    steps = plan(store, lambda: features_between(store, "bitcoin", NAMES, NOW, NOW + 9, 3))
    assert any("features_by_time" in step for step in steps)
