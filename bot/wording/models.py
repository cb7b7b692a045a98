"""How models and their training read: what runs, since when, from what, and how good it is."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from bot.language import _, pgettext, unsealed
from bot.learning.lesson import Lesson
from bot.wording.measures import measures_lines, verdict_words
from bot.wording.words import at, bold, many, number, quiet, say, span
from storage.model import Button, Line, Message
from storage.models import ModelRow
from storage.trainings import Reason, Training
from watchers.model import Chain

_MARKS = {"running": "🟢", "retired": "⚪", "refused": "🚫", "damaged": "⚠️"}


def format_lesson(lesson: Lesson, chain: Chain, version: int | None, reason: Reason) -> Message:
    """What came of a training, the verdict first; silent where nobody waits for it."""
    silent = reason != "asked"
    if version is None or lesson.learnt is None:
        return replace(format_too_little(chain, lesson.why), silent=silent)
    metrics = lesson.learnt.metrics
    lines = [
        say(verdict_words(metrics, runs=lesson.runs)),
        *measures_lines(metrics),
        say(
            many(lesson.rows, "It learnt from {n} transaction.", "It learnt from {n} transactions.")
        ),
    ]
    if lesson.runs:
        judged = _("🎓 {chain} is judged by model {version} now")
        title = say(bold(judged.format(chain=chain.title, version=version)))
        lines += _hint(reason)
    else:
        stays = _("🎓 Model {version} does not take over").format(version=version)
        title = say(bold(stays), f" ({chain.title})")
        lines.append(say(_("The one that runs goes on.")))
    return Message(title, tuple(lines), (_all(),), silent=silent)


def format_too_little(chain: Chain, why: str) -> Message:
    """Nothing can be learnt; `why` is sealed, without its full stop."""
    little = _("🎓 Not enough of {chain} to learn from yet").format(chain=chain.title)
    return Message(say(bold(little)), (say(f"{unsealed(why)}."),))


def _all() -> tuple[Button, ...]:
    return (Button(_("All models"), "/models"),)


def _hint(reason: Reason) -> tuple[Line, ...]:
    if reason != "first":
        return ()
    return (say(_("You can be told what is odd from now on: /alerts add anomalies")),)


def format_failure(chain: Chain, cause: str) -> Message:
    """A training that broke off."""
    return Message(
        say(bold(_("⚠️ No model of {chain} could be trained").format(chain=chain.title))),
        (say(unsealed(cause)), say(_("The one that runs goes on; tonight it is tried again."))),
        (_all(),),
    )


def format_begun(chain: Chain) -> Message:
    """It began: the answer comes when it is over."""
    return Message(
        say(bold(_("🎓 I am learning {chain} anew.").format(chain=chain.title))),
        (say(_("That takes a minute or two. What came of it I tell you here.")),),
    )


def format_busy() -> Message:
    """There is one already."""
    return Message(
        say(bold(_("🎓 A training is under way already."))),
        (say(_("Try again when it is over.")),),
    )


def model_line(row: ModelRow, zone: str) -> Line:
    """A model in a list: the version, its state, when it was trained and on what."""
    return say(
        f"{_MARKS[row.state]} ", bold(f"{row.version}"),
        f" {_state(row.state)} · {at(row.trained_at, zone)} · {span(row.until - row.since)} ·"
        f" {_rows(row.rows)}",
    )  # fmt: skip


def settings_line(parameters: Mapping[str, Any]) -> Line:
    """By which of the settings that were tried it judges."""
    match parameters:
        case {"method": "neighbours", "count": count}:
            words = _("compares with {count} it learnt").format(count=number(count))
        case {"method": "forest", "trees": trees, "sample": sample}:
            words = _("a forest: {trees} trees of {sample}").format(
                trees=number(trees), sample=number(sample)
            )
        case _:
            return ()
    return say(quiet(words))


def _state(state: str) -> str:
    words = {
        "running": pgettext("model", "running"),
        "retired": pgettext("model", "retired"),
        "refused": pgettext("model", "refused"),
        "damaged": pgettext("model", "damaged"),
    }
    return words[state]


def last_line(training: Training | None, zone: str) -> tuple[Line, ...]:
    """What came of the last training."""
    if training is None or training.ended_at is None:
        return ()
    ended = at(training.ended_at, zone)
    if training.model is None:
        words = _("Last training, {time}: {outcome}.").format(
            time=ended, outcome=unsealed(training.outcome)
        )
    else:
        made = _("Last training, {time}: it made model {version}.")
        words = made.format(time=ended, version=training.model)
    return (say(quiet(words)),)


def _rows(count: int) -> str:
    return many(count, "{n} transaction", "{n} transactions")
