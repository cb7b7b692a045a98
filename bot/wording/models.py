"""How models and their training read: what runs, since when, from what, and how good it is."""

from collections.abc import Mapping

from bot.learning.lesson import Lesson
from bot.wording.words import at, bold, many, quiet, say, span
from storage.model import Button, Line, Message
from storage.models import ModelRow
from storage.trainings import Reason, Training
from watchers.model import Chain

_MARKS = {"running": "🟢", "retired": "⚪", "refused": "🚫", "damaged": "⚠️"}
_ALL = (Button("All models", "/models"),)


def format_lesson(lesson: Lesson, chain: Chain, version: int | None, reason: Reason) -> Message:
    """What came of a training, the verdict first; silent where nobody waits for it."""
    silent = reason != "asked"
    if version is None or lesson.learnt is None:
        title = say(bold(f"🎓 Not enough of {chain.title} to learn from yet"))
        return Message(title, (say(f"{lesson.why}."),), silent=silent)
    measured = measures_line(lesson.learnt.metrics)
    learnt = say(f"It learnt from {_rows(lesson.rows)}: {lesson.why}.")
    if lesson.runs:
        title = say(bold(f"🎓 {chain.title} is judged by model {version} now"))
        lines = (learnt, measured, *_hint(reason))
    else:
        title = say(bold(f"🎓 Model {version} does not take over"), f" ({chain.title})")
        lines = (learnt, measured, say("The one that runs goes on."))
    return Message(title, tuple(line for line in lines if line), (_ALL,), silent=silent)


def _hint(reason: Reason) -> tuple[Line, ...]:
    if reason != "first":
        return ()
    return (say("You can be told what is odd from now on: /alerts add anomalies"),)


def format_failure(chain: Chain, cause: str) -> Message:
    """A training that broke off."""
    return Message(
        say(bold(f"⚠️ No model of {chain.title} could be trained")),
        (say(cause), say("The one that runs goes on; tonight it is tried again.")),
        (_ALL,),
    )


def format_begun(chain: Chain) -> Message:
    """It began: the answer comes when it is over."""
    return Message(
        say(bold(f"🎓 I am learning {chain.title} anew.")),
        (say("That takes a minute or two. What came of it I tell you here."),),
    )


def format_busy() -> Message:
    """There is one already."""
    return Message(
        say(bold("🎓 A training is under way already.")), (say("Try again when it is over."),)
    )


def model_line(row: ModelRow, zone: str) -> Line:
    """A model in a list: the version, its state, when it was trained and on what."""
    return say(
        f"{_MARKS[row.state]} ", bold(f"{row.version}"),
        f" {row.state} · {at(row.trained_at, zone)} · {span(row.until - row.since)} ·"
        f" {_rows(row.rows)}",
    )  # fmt: skip


def measures_line(metrics: Mapping[str, float]) -> Line:
    """How good a model is, in plain words."""
    words = [text.format(metrics[name]) for name, text in MEASURES.items() if name in metrics]
    return say(quiet("; ".join(words))) if words else ()


MEASURES = {
    "average_precision": "average precision {:.2f}",
    "recall_at_1_in_100": "finds {:.0%} of the odd at 1 alert in 100",
    "calibration_error": "rates are {:.0%} off",
}
"""The metrics that a reader is shown."""


def last_line(training: Training | None, zone: str) -> tuple[Line, ...]:
    """What came of the last training."""
    if training is None or training.ended_at is None:
        return ()
    return (say(quiet(f"Last training, {at(training.ended_at, zone)}: {training.outcome}.")),)


def _rows(count: int) -> str:
    return many(count, "{n} transaction", "{n} transactions")
