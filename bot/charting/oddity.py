"""The whole of why a transaction is odd: every feature that carries its score, and a picture."""

from collections.abc import Sequence
from math import log10
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlite_utils import Database

from bot.charting.picture_words import picture_words
from bot.language import _
from bot.learning.running import model_at
from bot.wording.features import feature_name
from bot.wording.odd import rarity, reason_line, written
from bot.wording.words import bold, number, say
from charts.model import Mark, Measure, Series, Track
from storage.features import features_of_hash
from storage.model import Line
from storage.models import DamagedError
from watchers.model import Chain

if TYPE_CHECKING:
    from detectors.learnt.model import Model
    from detectors.learnt.reasons import Reason

_BUCKETS, _STEP = 40, 100
_DRAWN = 3
_LEAST_SHARE = 0.02


class Oddity(Struct, frozen=True):
    """Why a transaction is odd, in lines, and what the chart `oddity` shows of it."""

    lines: tuple[Line, ...]
    series: Series


def oddity_of(db: Database, chain: Chain, hash_: str) -> Oddity | None:
    """As the model says that judged it; None where that is gone."""
    import numpy as np  # noqa: PLC0415 - numpy is not for the start

    from detectors.learnt.arrays import ModelFileError  # noqa: PLC0415 - as above
    from detectors.learnt.model import NAMES  # noqa: PLC0415 - as above

    seen = features_of_hash(db, chain.name, hash_, NAMES)
    if seen is None or seen.model is None:
        return None
    try:
        model = model_at(db, seen.model)
    except (LookupError, DamagedError, ModelFileError):
        return None
    reasons = model.reasons(np.array(seen.values), len(NAMES))
    shown = [reason for reason in reasons if reason.share >= _LEAST_SHARE]
    title = rarity(int(seen.rate or 0))
    return Oddity(_lines(shown, chain, seen.model), _series(model, reasons[:_DRAWN], title, chain))


def _lines(reasons: Sequence["Reason"], chain: Chain, model: int) -> tuple[Line, ...]:
    """A line each: the value, what others have, the usual and its part of the score."""
    title = _("What makes it odd, by model {model}:").format(model=model)
    usual = _(" · usually {usual} · {percent} % of the score")
    return (
        say(bold(title)),
        *(
            say(
                *reason_line(reason, chain),
                usual.format(
                    usual=written(reason.usual, reason.about.unit, chain),
                    percent=number(reason.share * 100),
                ),
            )
            for reason in reasons
        ),
    )


def _series(model: "Model", reasons: Sequence["Reason"], title: str, chain: Chain) -> Series:
    """A track for each reason, over places between its least and its largest."""
    tracks, marks, ticks = [], [], []
    for reason in reasons:
        column = model.manifest.features.index(reason.feature)
        low, high, shares = model.tails.spread(column, reason.value, _BUCKETS)
        unit = reason.about.unit
        usual = _("{feature}, usually {usual}").format(
            feature=feature_name(reason.feature), usual=written(reason.usual, unit, chain)
        )
        tracks.append(Track(usual, tuple(shares.tolist())))
        marks.append(Mark(_place(reason.value, low, high), written(reason.value, unit, chain)))
        ticks.append(_place(reason.usual, low, high))
    edges = tuple(place * _STEP for place in range(_BUCKETS + 1))
    subtitle = _("{chain}: it, the usual, and all that was learnt").format(chain=chain.title)
    unit_words = Measure(_("how many transactions have as much"))
    return Series(
        title,
        subtitle,
        unit_words,
        edges,
        tuple(tracks),
        marks=tuple(marks),
        ticks=tuple(ticks),
        words=picture_words(),
    )


def _place(value: float, low: float, high: float) -> int:
    """Where a value stands on the axis, whose ends are decimal logarithms."""
    share = (log10(max(value, 0) + 1e-9) - low) / (high - low)
    return round(min(max(share, 0.0), 1.0) * _BUCKETS * _STEP)
