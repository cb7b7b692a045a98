"""How good a model is, in plain words: what it found, and whether it keeps what it promises."""

from collections.abc import Mapping

from bot.language import _
from bot.wording.words import many, number, quiet, say
from storage.model import Line

Metrics = Mapping[str, float]
"""What a training measured on transactions that the model had not seen.

`planted` odd ones among `usual` others; `found` of the ones and `called` of the others were one
in 100 or rarer. `average_precision` says how well it parts the two, `calibration_error` how far
its rates are off at most (decimal logarithm of a factor), and both with `_before` how it is with
the model that ran.
"""


def verdict_words(metrics: Metrics, *, runs: bool) -> str:
    """Why a model takes over or does not, a sentence."""
    if "average_precision_before" not in metrics:
        return _("It is the first.")
    new, old = metrics["average_precision"], metrics["average_precision_before"]
    if not runs and new > old:
        return _(
            "It finds more, but how rare it calls things is off by a factor of {new}; with the one"
            " that runs it is {old}."
        ).format(new=_factor(metrics, ""), old=_factor(metrics, "_before"))
    words = _(
        "It does not part the odd from the usual better than the one that runs: {new} against"
        " {old}, where 1 would be without a mistake."
    )
    if runs:
        words = _(
            "It parts the odd from the usual better than the one before: {new} against {old},"
            " where 1 would be without a mistake."
        )
    return words.format(new=_close(new, new - old), old=_close(old, new - old))


def measures_lines(metrics: Metrics) -> list[Line]:
    """What it found, and what became of its promise, a sentence each."""
    if "planted" not in metrics:
        return []
    found, planted = int(metrics["found"]), int(metrics["planted"])
    others, called = int(metrics["usual"]), int(metrics["called"])
    first = many(
        planted,
        "Of {n} odd one planted among {others} others it found {found}, at one in 100.",
        "Of {n} odd ones planted among {others} others it found {found}, at one in 100.",
        others=number(others),
        found=number(found),
    )
    if not called:
        return [say(first), say(_("Of the others it called none one in 100."))]
    second = _("Of the others it called {called} one in 100: that is one in {one_in}.")
    one_in = number(others / called)
    return [say(first), say(second.format(called=number(called), one_in=one_in))]


def measures_line(metrics: Metrics) -> Line:
    """The same in a list of models, in short."""
    if "planted" not in metrics:
        return ()
    found, planted = number(metrics["found"]), number(metrics["planted"])
    words = _("found {found} of {planted} planted odd ones").format(found=found, planted=planted)
    if metrics["called"]:
        one_in = number(metrics["usual"] / metrics["called"])
        words = _("{found}; “one in 100” was one in {one_in}").format(found=words, one_in=one_in)
    return say(quiet(words))


def _close(value: float, apart: float) -> str:
    """Two decimal places, or three where two would show no difference."""
    return number(value, 2 if abs(apart) >= 0.01 else 3)


def _factor(metrics: Metrics, which: str) -> str:
    return number(10 ** metrics.get(f"calibration_error{which}", 0.0), 1)
