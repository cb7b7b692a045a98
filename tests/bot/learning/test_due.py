"""When a model is trained: at 02:00 where people live, once a night, and first when it can be."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.learning.due import AGAIN_SECONDS, NEEDED, Known, last_night, reason_to_train
from storage.features import Amount
from storage.trainings import Training

HOUR = 3600
LAGOS = "Africa/Lagos"


def at(text, zone="UTC"):
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


NOON = at("2026-05-10T12:00")


def training(began, reason="nightly", *, ended=True):
    return Training(1, "bitcoin", reason, None, began, began + 60 if ended else None)


def known(*trainings, model=True, rows=NEEDED, since=NOON - HOUR, **more):
    return Known(model, Amount(rows, since), trainings, **more)


def test_a_model_is_trained_at_two_where_the_bot_lives():
    yesterday = training(at("2026-05-09T02:00", LAGOS))
    before, after = at("2026-05-10T01:59", LAGOS), at("2026-05-10T02:00", LAGOS)
    assert reason_to_train(known(yesterday), before, LAGOS) is None
    assert reason_to_train(known(yesterday), after, LAGOS) == "nightly"


def test_once_a_night_is_enough():
    tonight = training(at("2026-05-10T02:01"))
    assert reason_to_train(known(tonight), NOON, "UTC") is None


def test_a_night_that_was_missed_is_made_up_for():
    assert reason_to_train(known(training(at("2026-05-08T02:00"))), NOON, "UTC") == "nightly"


def test_what_was_cut_off_is_tried_again_three_times():
    cut = [training(at(f"2026-05-10T0{hour}:00"), ended=False) for hour in (2, 3, 4)]
    assert reason_to_train(known(*cut[:2]), NOON, "UTC") == "nightly"
    assert reason_to_train(known(*cut), NOON, "UTC") is None


def test_the_first_model_comes_with_enough_to_learn_from():
    assert reason_to_train(known(model=False), NOON, "UTC") == "first"
    assert reason_to_train(known(model=False, rows=NEEDED - 1), NOON, "UTC") is None
    assert reason_to_train(known(model=False, since=NOON - 600), NOON, "UTC") is None
    assert reason_to_train(known(model=False, rows=0, since=None), NOON, "UTC") is None


def test_a_first_training_that_came_to_nothing_is_tried_again_after_hours():
    failed = training(NOON - HOUR, "first")
    assert reason_to_train(known(failed, model=False), NOON, "UTC") is None
    assert reason_to_train(known(failed, model=False), NOON + AGAIN_SECONDS, "UTC") == "first"


def test_a_model_that_drifted_is_trained_early_and_once_a_day():
    tonight = training(at("2026-05-10T02:00"))
    assert reason_to_train(known(tonight, drifted=True), NOON, "UTC") == "drift"
    done = training(NOON - 60, "drift")
    assert reason_to_train(known(tonight, done, drifted=True), NOON, "UTC") is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-29T12:00", "2026-03-29T03:00"),  # 02:00 is skipped
        ("2026-10-25T12:00", "2026-10-25T02:00"),  # 02:00 comes twice: the first
        ("2026-05-10T01:00", "2026-05-09T02:00"),
    ],
)
def test_two_in_the_morning_is_by_the_wall_clock(now, expected):
    assert last_night(at(now, "Europe/Berlin"), "Europe/Berlin") == at(expected, "Europe/Berlin")
