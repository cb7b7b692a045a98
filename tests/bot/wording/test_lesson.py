"""What came of a training, as a person reads it."""

import pytest
from msgspec.structs import replace

from bot.language import speaking
from bot.learning.lesson import Lesson
from bot.wording.models import format_lesson, last_line, settings_line
from storage.models import Learnt
from storage.trainings import Training
from tests.bot.desk import plain
from tests.make import NOW
from watchers.registry import CHAINS

BITCOIN = CHAINS["bitcoin"]
FIRST = {
    "average_precision": 0.461, "calibration_error": 0.1,
    "planted": 80, "found": 62, "usual": 5_000, "called": 62,
}  # fmt: skip


def lesson(*, runs=True, **metrics):
    learnt = Learnt("bitcoin", NOW, NOW, NOW, 48_000, (), {}, {**FIRST, **metrics}, b"")
    return Lesson(48_000, learnt, runs, "")


def said(lesson, reason="asked"):
    *lines, button = plain(format_lesson(lesson, BITCOIN, 3, reason)).splitlines()
    assert button in {"[All models]", "[Alle Modelle]", "[Todos los modelos]"}
    return lines


def test_the_first_model_says_what_it_found_and_what_became_of_its_promise():
    assert said(lesson(), "first") == [
        "🎓 Bitcoin is judged by model 3 now",
        "It is the first.",
        "Of 80 odd ones planted among 5,000 others it found 62, at one in 100.",
        "Of the others it called 62 one in 100: that is one in 81.",
        "It learnt from 48,000 transactions.",
        "You can be told what is odd from now on: /alerts add anomalies",
    ]


def test_a_better_one_says_by_how_much():
    assert (
        "It parts the odd from the usual better than the one before: 0.46 against 0.41,"
        " where 1 would be without a mistake."
    ) in said(lesson(average_precision_before=0.41))


def test_one_that_is_not_better_says_so_also_where_it_is_close():
    lines = said(lesson(runs=False, average_precision_before=0.4623))
    assert lines[0] == "🎓 Model 3 does not take over (Bitcoin)"
    assert "better than the one that runs: 0.461 against 0.462," in lines[1]
    assert lines[-1] == "The one that runs goes on."


def test_one_whose_promises_are_wrong_says_how_wrong():
    found = lesson(
        runs=False, average_precision_before=0.4, calibration_error=0.5,
        calibration_error_before=0.1,
    )  # fmt: skip
    assert (
        "It finds more, but how rare it calls things is off by a factor of 3.2; with the one"
        " that runs it is 1.3."
    ) in said(found)


def test_where_nothing_was_called_rare_nothing_is_divided():
    assert "Of the others it called none one in 100." in said(lesson(called=0))


@pytest.mark.parametrize(
    ("language", "words"), [("de", "„eine von 100“"), ("es", "«una de cada 100»")]
)
def test_a_person_reads_it_in_their_language(language, words):
    with speaking(language):
        lines = said(lesson())
    assert not [line for line in lines if " odd ones" in line]
    assert any(words in line for line in lines)


def test_too_little_is_said_without_numbers_of_a_model():
    found = replace(lesson(), learnt=None, why="It needs 2000 transactions, and has 340")
    message = format_lesson(found, BITCOIN, None, "asked")
    assert "It needs 2000 transactions, and has 340." in plain(message)


def test_the_last_training_is_said_by_what_it_made():
    ended = Training(1, "bitcoin", "asked", None, NOW, NOW + 60, "It is the first.", 3)
    ((line,),) = last_line(ended, "UTC")
    assert line.text.endswith("it made model 3.")
    ((line,),) = last_line(replace(ended, model=None, outcome="too little"), "UTC")
    assert line.text.endswith("too little.")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"method": "neighbours", "seed": 7, "count": 2048.0}, "compares with 2,048 it learnt"),
        (
            {"method": "forest", "seed": 7, "trees": 100.0, "sample": 256.0},
            "a forest: 100 trees of 256",
        ),
        ({}, ""),
    ],
)
def test_the_list_says_by_which_settings_a_model_judges(parameters, words):
    assert "".join(span.text for span in settings_line(parameters)) == words
