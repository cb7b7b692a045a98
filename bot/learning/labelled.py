"""What people said of alerts, in training: pure.

What was called not useful is learnt as usual, also when it is older than what is learnt from.
What was called useful is never learnt as usual, and where there is enough of it, it helps to judge.
It is not the other way round: a model that had learnt what it is judged by would say nothing.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from storage.labels import Labelled

if TYPE_CHECKING:
    from detectors.learnt.sampling import Judged

ENOUGH = 20
"""Fewer useful alerts than these would make the judgement one of chance."""
USEFUL = "useful"
"""The kind of these oddities."""

Row = tuple[float, ...]


def to_learn(rows: Sequence[Row], labels: Sequence[Labelled]) -> list[Row]:
    """The rows without those that were called useful, after all that were not.

    What is not among the rows any more is older than they are.
    """
    odd = {_key(label.values) for label in labels if label.good}
    kept = [row for row in rows if _key(row) not in odd] if odd else list(rows)
    known = {_key(row) for row in kept} if labels else set()
    usual = [label.values for label in labels if not label.good]
    return [values for values in usual if _key(values) not in known] + kept


def judged_with(held_back: "Judged", labels: Sequence[Labelled]) -> "Judged":
    """What models are judged by, with what people called useful as oddities."""
    import numpy as np  # noqa: PLC0415 - numpy is not for the start

    from detectors.learnt.sampling import Judged  # noqa: PLC0415 - as above

    odd = [label.values for label in labels if label.good]
    if len(odd) < ENOUGH:
        return held_back
    matrix = np.concatenate([held_back.matrix, np.array(odd, np.float64)])
    return Judged(matrix, (*held_back.kinds, *(USEFUL,) * len(odd)))


def _key(row: Row) -> tuple[str, ...]:
    """A row as it can be compared: NaN is NaN, and JSON keeps fifteen digits."""
    return tuple([f"{value:.9g}" for value in row])
