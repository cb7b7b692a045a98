"""How it reads what people said of alerts: who found what, and how often that was useful."""

from collections.abc import Iterable, Sequence

from bot.language import _, marked
from bot.wording.odd import rarity
from bot.wording.words import bold, clean, many, number, quiet, say
from detectors.model import Kind
from storage.labels import Label, Precision
from storage.model import Line

_NAME = 40
_NAMED = 3
_DETECTORS = {
    Kind.ANOMALIES: marked("🔎 What is odd"),
    Kind.WHALES: marked("🐋 Whales"),
    "watched": marked("👁 Watched addresses"),
}


def said_lines(labels: Iterable[Label]) -> list[Line]:
    """`👍 Ada`: who said what of an alert."""
    return [
        say(f"{'👍' if label.good else '👎'} {clean(label.name, _NAME) or _('somebody')}")
        for label in labels
    ]


def judged_line(labels: Sequence[Label]) -> Line:
    """`👍 Ada · 👎 3: Bob, Cleo, Dan`: what a chat said, under what it was told."""
    said = [
        _signed(sign, [label.name for label in labels if label.good is good])
        for sign, good in (("👍", True), ("👎", False))
    ]
    return say(bold(" · ".join(words for words in said if words)))


def _signed(sign: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    first = [clean(name, _NAME) or _("somebody") for name in names[:_NAMED]]
    count = f" {number(len(names))}:" if len(names) > 1 else ""
    return f"{sign}{count} {', '.join(first)}{', …' if len(names) > _NAMED else ''}"


def precision_words(found: Precision) -> str:
    """`Useful: 11 of 14 judged alerts (79 %).`"""
    return many(
        found.judged,
        "Useful: {useful} of {n} judged alert ({percent} %).",
        "Useful: {useful} of {n} judged alerts ({percent} %).",
        useful=number(found.useful),
        percent=number(round(100 * found.useful / found.judged)),
    )


def precision_lines(found: Sequence[Precision]) -> list[Line]:
    """A line for each detector of which anything was judged."""
    return [
        say(quiet(f"{_(_DETECTORS[each.detector])}: {precision_words(each)}"))
        for each in found
        if each.detector in _DETECTORS
    ]


def moved_line(was: int, now: int, row: int, *, at_once: bool) -> Line:
    """That the level moved, or could, by what was said of so many alerts in a row."""
    if now > was and at_once:
        words = _(
            "{row} in a row were not useful. From now on I tell only {now} or rarer, not {was}."
        )
    elif now > was:
        words = _(
            "{row} in a row were not useful. An admin can ask for fewer: {now} instead of {was}."
        )
    elif at_once:
        words = _("{row} in a row were useful. From now on I tell {now} or rarer, not only {was}.")
    else:
        words = _("{row} in a row were useful. An admin can ask for more: {now} instead of {was}.")
    return say(words.format(row=number(row), now=rarity(now), was=rarity(was)))
