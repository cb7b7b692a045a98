"""Fixed logarithmic buckets over integers: exact to add, exact to subtract again.

A bucket is an octave (the highest bit) and the four bits below it, so that it is at most
one sixteenth wide and its middle at most 3.2 % off.
"""

from collections.abc import Mapping

STEPS = 16


def bucket_of(value: int) -> int:
    """The bucket of a value; everything below 1 is in bucket 0, as 1 is."""
    if value <= 1:
        return 0
    octave = value.bit_length() - 1
    step = (value << 4 >> octave) & (STEPS - 1)
    return octave * STEPS + step


def bounds_of(bucket: int) -> tuple[float, float]:
    """The lower (included) and upper (excluded) bound of a bucket."""
    octave, step = divmod(bucket, STEPS)
    width = 2.0**octave / STEPS
    return (STEPS + step) * width, (STEPS + step + 1) * width


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """About the value below which a share of all lies: its bucket's middle."""
    total = sum(counts.values())
    if total <= 0:
        return None
    wanted = share * (total - 1)
    passed = 0
    for bucket in sorted(counts):
        passed += counts[bucket]
        if passed > wanted:
            break
    low, high = bounds_of(bucket)
    return (low + high) / 2
