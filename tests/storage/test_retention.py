"""What is let go after a while, and what stays."""

from storage.retention import delete_old
from storage.rollups import DAY, MINUTE, QUARTER, histogram_between, quarters_since
from storage.transactions import save_transactions
from tests.make import NOW, transaction

RAW_SECONDS = 14 * DAY
START = NOW - NOW % DAY


def forget(db, now=NOW):
    """Let go of everything that is too old; how many slices it took."""
    for slices in range(1000):
        with db.atomic():
            more = delete_old(db, now, RAW_SECONDS)
        if not more:
            return slices
    raise AssertionError("it never ends")


def fill(db):
    """A payment an hour for 20 days."""
    made = [transaction(5, name=n, time=NOW - n * 3600) for n in range(20 * 24)]
    with db.atomic():
        save_transactions(db, "bitcoin", made, unconfirmed=True)
    return made


def spans_of(db, table):
    rows = db.execute(
        f"SELECT span_seconds, min(start) FROM {table} GROUP BY span_seconds"
    ).fetchall()
    return dict(rows)


def test_days_and_sums_outlive_what_they_were_summed_up_from(db):
    made = fill(db)
    first = made[-1].time
    assert forget(db) > 1
    assert db.table("transactions").count == 14 * 24 + 1
    assert spans_of(db, "histograms") == {QUARTER: START - RAW_SECONDS, DAY: first - first % DAY}
    kept = spans_of(db, "rollups")
    assert NOW - 3 * DAY <= kept.pop(MINUTE) < NOW - 3 * DAY + 2 * 3600
    assert kept == {QUARTER: first - first % QUARTER, DAY: first - first % DAY}
    counts = histogram_between(db, "bitcoin", "seen", "moved", first, NOW + 1)
    assert sum(counts.values()) == len(made)


def test_what_was_let_go_stays_so_where_more_is_kept_from_now_on(db):
    fill(db)
    forget(db)
    with db.atomic():
        delete_old(db, NOW, 2 * RAW_SECONDS)
    assert quarters_since(db, "bitcoin") == START - RAW_SECONDS


def test_where_all_is_young_nothing_is_let_go(db):
    with db.atomic():
        save_transactions(db, "bitcoin", [transaction(time=NOW - 60)], unconfirmed=True)
    assert forget(db) == 0
    assert db.table("histograms").count == 4
