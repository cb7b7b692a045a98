from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import preview as preview_module
from storage.database import open_database
from storage.ledger import save_price
from storage.preview import Thresholds, preview_whales
from storage.transactions import save_transactions
from tests.make import NOW, coinbase, transaction
from watchers.model import Asset, Price

BTC = Asset("BTC", 8, "satoshi")
ONE = 10**8
DAY = 86400
MAX_AGE = 7200
SINCE = (NOW - DAY, NOW - 7 * DAY)


def preview(db, **thresholds):
    return preview_whales(db, "bitcoin", BTC, Thresholds(**thresholds), SINCE, NOW, MAX_AGE)


def save(db, *transactions):
    with db.atomic():
        save_transactions(db, "bitcoin", transactions, unconfirmed=True)


def price(db, dollars, time):
    with db.atomic():
        save_price(db, Price("BTC", "USD", dollars * 10**6, time, "test"))


def test_nothing_is_known_of_an_empty_database(db):
    empty = preview(db, amount=1, usd_micro=1)
    assert (empty.alerts, empty.unpriced) == ((0, 0), (0, 0))
    assert not empty.priced
    assert empty.history_since is None


def test_what_reaches_the_amount_is_counted_by_day_and_week(db):
    save(
        db,
        transaction(500 * ONE, time=NOW - 10),
        transaction(500 * ONE - 1, time=NOW - 10),
        transaction(501 * ONE, time=NOW - 2 * DAY),
        transaction(900 * ONE, time=NOW - 8 * DAY),
        coinbase(1, time=NOW - 10),
    )
    counted = preview(db, amount=500 * ONE)
    assert counted.alerts == (1, 2)
    assert counted.history_since == NOW - 8 * DAY


def test_amounts_beyond_a_float_are_compared_exactly(db):
    huge = 10**17 + 1
    save(db, transaction(huge, time=NOW - 1), transaction(huge - 1, time=NOW - 1))
    assert preview(db, amount=huge).alerts == (1, 1)


def test_dollars_are_counted_with_the_price_of_the_time(db):
    price(db, 10_000, NOW - 5 * 3600)
    price(db, 20_000, NOW - 100)
    save(
        db,
        transaction(100 * ONE, time=NOW - 50),
        transaction(100 * ONE, time=NOW - 5 * 3600),
        transaction(200 * ONE, time=NOW - 5 * 3600),
    )
    assert preview(db, usd_micro=2_000_000 * 10**6).alerts == (2, 2)


def test_what_had_no_price_is_counted_apart_at_the_newest_one(db):
    price(db, 20_000, NOW - 100)
    save(db, transaction(100 * ONE, time=NOW - 3600), transaction(99 * ONE, time=NOW - 3600))
    counted = preview(db, usd_micro=2_000_000 * 10**6)
    assert (counted.alerts, counted.unpriced) == ((0, 0), (1, 1))
    assert counted.priced


def test_what_reaches_both_thresholds_is_one_alert(db):
    price(db, 20_000, NOW - 100)
    save(db, transaction(100 * ONE, time=NOW - 50))
    assert preview(db, amount=ONE, usd_micro=10**6).alerts == (1, 1)


def test_a_count_beyond_reason_stops_and_says_so(db, monkeypatch):
    monkeypatch.setattr(preview_module, "COUNTED_AT_MOST", 2)
    save(db, *(transaction(amount * ONE, time=NOW - 1) for amount in (1, 2, 3)))
    assert not preview(db, amount=2 * ONE).at_least
    counted = preview(db, amount=ONE)
    assert (counted.alerts, counted.at_least) == ((2, 2), True)


AMOUNTS = st.integers(0, 50).map(lambda units: units * ONE // 4)
TIMES = st.integers(NOW - 8 * DAY, NOW)


@given(
    st.lists(st.tuples(AMOUNTS, TIMES), max_size=20),
    st.dictionaries(TIMES, st.integers(1, 9), max_size=6),
    st.none() | AMOUNTS.filter(bool),
    st.none() | st.integers(1, 60).map(lambda dollars: dollars * 10**6),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_the_count_is_what_adding_up_one_by_one_gives(moves, prices, amount, usd_micro):
    db = open_database(Path(":memory:"))
    save(db, *(transaction(moved, time=time) for moved, time in moves))
    for time, dollars in prices.items():
        price(db, dollars, time)
    counted = preview(db, amount=amount, usd_micro=usd_micro)
    for index, since in enumerate(SINCE):
        alerts = unpriced = 0
        for moved, time in moves:
            valid = [t for t in prices if time - MAX_AGE <= t <= time]
            usable = [t for t in prices if t >= SINCE[1] - MAX_AGE]
            worth = moved * prices[max(valid)] * 10**6 / ONE if valid else None
            newest = moved * prices[max(usable)] * 10**6 / ONE if usable else -1
            if time < since:
                continue
            if amount is not None and moved >= amount:
                alerts += 1
            elif usd_micro is not None and worth is not None:
                alerts += worth >= usd_micro
            elif usd_micro is not None:
                unpriced += newest >= usd_micro
        assert (counted.alerts[index], counted.unpriced[index]) == (alerts, unpriced)
    db.close()
