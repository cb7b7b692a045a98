"""Where the level of a rule goes by what people say of what it told: pure.

A level is one in so many transactions. It goes up and down a ladder of 1, 2 and 5 with zeros, a
rung at a time, and never past its ends. What was said counts since the level was set.
"""

from collections.abc import Sequence

LADDER = (*(first * 10**power for power in (2, 3, 4) for first in (1, 2, 5)), 100_000)
"""From 1 in 100 to 1 in 100,000: what is set by hand may lie beyond, and then stays there."""
BAD_IN_A_ROW = 3
GOOD_IN_A_ROW = 8
"""More than of the bad: each rung down brings about twice as many alerts."""


def level_after(level: int, said: Sequence[bool]) -> int:
    """The level after what was said of its alerts (True: useful), the oldest first."""
    if in_a_row(said, good=False) >= BAD_IN_A_ROW:
        return next((rung for rung in LADDER if rung > level), level)
    if in_a_row(said, good=True) >= GOOD_IN_A_ROW:
        return next((rung for rung in reversed(LADDER) if rung < level), level)
    return level


def in_a_row(said: Sequence[bool], *, good: bool) -> int:
    """How many of the last ones were all good, or all bad."""
    count = 0
    for each in reversed(said):
        if each is not good:
            break
        count += 1
    return count
