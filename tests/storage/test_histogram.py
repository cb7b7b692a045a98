from hypothesis import given
from hypothesis import strategies as st

from storage.histogram import bounds_of, bucket_of, quantile

VALUES = st.integers(1, 10**30)


@given(VALUES)
def test_a_value_lies_within_its_bucket(value):
    low, high = bounds_of(bucket_of(value))
    assert low <= value * (1 + 1e-12)
    assert value < high * (1 + 1e-12)


@given(VALUES)
def test_a_bucket_is_at_most_one_sixteenth_wide(value):
    low, high = bounds_of(bucket_of(value))
    assert high - low <= low / 16 * (1 + 1e-9)


@given(VALUES, VALUES)
def test_a_larger_value_is_never_in_a_lower_bucket(one, other):
    small, large = sorted((one, other))
    assert bucket_of(small) <= bucket_of(large)


@given(st.lists(VALUES, min_size=1, max_size=99))
def test_the_median_is_within_the_promised_error(values):
    counts: dict[int, int] = {}
    for value in values:
        counts[bucket_of(value)] = counts.get(bucket_of(value), 0) + 1
    exact = sorted(values)[(len(values) - 1) // 2]
    about = quantile(counts, 0.5)
    assert abs(about - exact) <= exact * 0.033


def test_nothing_has_no_median():
    assert quantile({}, 0.5) is None
