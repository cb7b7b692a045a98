"""What `/stats` tells, held against sums over everything that was ever told."""

from collections import Counter
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.blocks import complete_block, orphan_above, save_slice
from storage.database import open_database
from storage.statistics import (
    Window,
    blind_seconds,
    known_since,
    largest_between,
    raw_since,
    statistics_of,
    window_of,
)
from storage.transactions import save_transactions
from tests.make import NOW, block, coinbase, transaction
from watchers.model import Gap

PERIODS = (3600, 86400, 48 * 3600, 3 * 86400)
SPREAD = 4 * 86400


class Told:
    """Tells a database of transactions and blocks, and remembers all of it itself."""

    def __init__(self, db):
        self.db = db
        self.met = {}
        self.chain = []
        self.count = 0

    def pending(self, amounts, age):
        made = [transaction(moved, time=NOW - age, fee=fee) for moved, fee in amounts]
        save_transactions(self.db, "bitcoin", made, unconfirmed=True)
        self._meet(made)

    def mine(self, share, fresh, age):
        """A block with some of what is known and some that is new."""
        inside = {t.hash for b in self.chain for t in b.transactions}
        waiting = [t for h, t in sorted(self.met.items()) if h not in inside]
        chosen = waiting[: len(waiting) * share // 4]
        new = [transaction(moved, fee=fee) for moved, fee in fresh]
        height = len(self.chain)
        self.count += 1
        made = block(
            height, [coinbase(height, time=NOW - self.count), *chosen, *new],
            branch=self.count, time=NOW - age,
        )  # fmt: skip
        save_slice(self.db, made, made.transactions)
        complete_block(self.db, made)
        self.chain.append(made)
        self._meet(made.transactions)

    def reorg(self, depth):
        orphan_above(self.db, "bitcoin", len(self.chain) - depth - 1)
        del self.chain[max(0, len(self.chain) - depth) :]

    def _meet(self, transactions):
        for t in transactions:
            if t.category != "coinbase":
                self.met.setdefault(t.hash, t)

    def seen(self, window):
        return [t for t in self.met.values() if window.since <= t.time < window.until]

    def on_chain(self, window):
        inside = [b for b in self.chain if window.since <= b.header.time < window.until]
        return [t for b in inside for t in b.transactions if t.category != "coinbase"]


amounts = st.lists(st.tuples(st.integers(0, 21_000_000 * 10**8), st.integers(0, 10**8)), max_size=4)
ages = st.integers(0, SPREAD)
happenings = st.one_of(
    st.tuples(st.just("pending"), amounts, ages),
    st.tuples(st.just("mine"), st.integers(0, 4), amounts, ages),
    st.tuples(st.just("reorg"), st.integers(1, 3)),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(happenings, max_size=12), st.sampled_from(PERIODS))
def test_statistics_are_the_sums_over_everything_that_was_told(story, period):
    window = window_of(NOW, period)
    with TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "test.db")
        told = Told(db)
        for name, *arguments in story:
            with db.atomic():
                getattr(told, name)(*arguments)
        found = statistics_of(db, "bitcoin", window, NOW)
        db.close()
    seen = told.seen(window)
    _expect_sums(found.seen, seen)
    _expect_sums(found.chain, told.on_chain(window))
    assert [large.moved for large in found.largest] == sorted(t.moved for t in seen)[::-1][:3]
    recent = Window(NOW - NOW % 60 - 300, NOW - NOW % 60, 60)
    assert found.recent == len(told.seen(recent)) / 5
    _expect_peak(found.peak, seen, window)
    _expect_blocks(found.blocks, told.chain, window)


def _expect_sums(side, transactions):
    assert side.transactions == len(transactions)
    assert side.moved == sum(t.moved for t in transactions)
    assert side.fees == sum(t.fee for t in transactions)


def _expect_peak(peak, seen, window):
    """The quarters that begin in the window; what lies before the first one has no peak."""
    quarters = Counter(t.time - t.time % 900 for t in seen)
    whole = {start: count for start, count in quarters.items() if start >= window.since}
    if peak is None:
        assert not whole
    else:
        assert peak.transactions == max(whole.values()) == whole[peak.start]


def _expect_blocks(blocks, chain, window):
    inside = [b for b in chain if window.since <= b.header.time < window.until]
    by_hash = {b.header.hash: b for b in chain}
    pairs = [(b, by_hash.get(b.header.parent)) for b in inside]
    waits = [b.header.time - before.header.time for b, before in pairs if before]
    assert blocks.count == len(inside)
    assert blocks.longest_wait == max(waits, default=None)
    assert blocks.mean_wait == (round(sum(waits) / len(waits)) if waits else None)


@pytest.mark.parametrize("period", PERIODS)
def test_medians_are_near_the_true_ones(db, period):
    made = [
        transaction(10 ** (index % 11) * (index % 7 + 1), fee=200 + 7 * index, time=NOW - index)
        for index in range(801)
    ]
    with db.atomic():
        save_transactions(db, "bitcoin", made, unconfirmed=True)
    side = statistics_of(db, "bitcoin", window_of(NOW, period), NOW).seen
    rates = [t.fee * 1000 // t.virtual_size for t in made]
    assert side.median_moved == pytest.approx(median(t.moved for t in made), rel=0.033)
    assert side.median_fee_rate == pytest.approx(median(rates), rel=0.033)


def test_a_window_ends_with_the_span_that_runs():
    assert window_of(1_000_000_030, 3600) == Window(999_996_480, 1_000_000_080, 60)
    assert window_of(1_000_000_030, 7 * 86400) == Window(999_396_000, 1_000_000_800, 900)


def test_what_was_replaced_is_not_among_the_largest(db):
    first = transaction(900, name="first", spends=("a:0",))
    second = transaction(899, name="second", spends=("a:0",))
    other = transaction(5, name="other")
    with db.atomic():
        save_transactions(db, "bitcoin", [first, second, other], unconfirmed=True)
    found = largest_between(db, "bitcoin", window_of(NOW, 3600), 3, 3, NOW)
    assert [large.hash for large in found] == [second.hash, other.hash]


def test_the_first_moment_that_is_known_is_told_to_the_minute(db):
    assert known_since(db, "bitcoin") is None
    with db.atomic():
        save_transactions(db, "bitcoin", [transaction(time=NOW - 400)], unconfirmed=True)
    assert known_since(db, "bitcoin") == (NOW - 400) // 60 * 60
    db.execute("DELETE FROM rollups WHERE span_seconds = 60")
    assert known_since(db, "bitcoin") == (NOW - 400) // 900 * 900


@pytest.mark.parametrize(
    ("gaps", "blind"),
    [
        ([], 0),
        ([(0, 50)], 0),
        ([(50, 150)], 50),
        ([(120, 130), (125, 140), (126, 128)], 20),
        ([(110, 120), (190, 400)], 20),
        ([(0, 1000)], 100),
    ],
)
def test_blind_time_counts_each_moment_of_the_window_once(gaps, blind):
    told = [Gap("bitcoin", "somewhere", start, end, "cut") for start, end in gaps]
    assert blind_seconds(told, 100, 200) == blind


def test_no_statement_of_the_statistics_reads_a_table_from_end_to_end(db, plan):
    _many(db, 200_000)
    for period in PERIODS:
        window = window_of(NOW, period)
        steps = plan(db, lambda window=window: statistics_of(db, "bitcoin", window, NOW))
        assert not [step for step in steps if step.startswith("SCAN")]
        assert [step for step in steps if "transactions_by_amount (chain=?)" in step]
        assert not [step for step in steps if "transactions_by_time (chain=? AND seen_at" in step]


def test_few_transactions_among_many_are_found_by_their_time(db, plan):
    _many(db, 2_000)
    window = window_of(NOW, 3600)
    steps = plan(db, lambda: largest_between(db, "bitcoin", window, 7, 3, NOW))
    assert "transactions_by_time (chain=? AND seen_at>? AND seen_at<?)" in steps[0]


def _many(db, count):
    """Rows as they stand after four days, without the inputs and outputs that nobody reads."""
    with db.atomic():
        db.conn.executemany(
            "INSERT INTO transactions VALUES (?, 'bitcoin', ?, ?, 'payment', ?, ?, '100', 200,"
            " 800, 1, ?)",
            [
                (row, f"{row:064x}", NOW - row % SPREAD, str(row * 77 % 10**9),
                 float(row * 77 % 10**9), row)
                for row in range(1, count + 1)
            ],
        )  # fmt: skip
        db.conn.executemany(
            "INSERT INTO rollups VALUES ('bitcoin', 'seen', ?, ?, 6000, '1', '1')",
            [(span, NOW - NOW % span - span * n) for span in (60, 900) for n in range(300)],
        )
    db.conn.execute("ANALYZE")


def test_an_empty_database_has_statistics_of_nothing(db):
    found = statistics_of(db, "bitcoin", window_of(NOW, 86400), NOW)
    assert (found.seen.transactions, found.seen.median_moved, found.peak) == (0, None, None)
    assert (found.largest, found.blocks.count, found.blocks.mean_wait) == ((), 0, None)
    assert raw_since(db, "bitcoin") is None
