"""Prices by age, gaps, and incidents that are counted."""

from storage.ledger import (
    INCIDENT_LASTS_SECONDS,
    INCIDENT_PEACE_SECONDS,
    gaps_between,
    incidents_since,
    last_gap,
    lasting_incident,
    price_at,
    prices_between,
    save_gap,
    save_incident,
    save_price,
)
from tests.make import NOW
from watchers.model import Gap, Incident, Price


def price(micro, time=NOW, currency="USD"):
    return Price("BTC", currency, micro, time, "test")


def gap(start, end, chain="bitcoin"):
    return Gap(chain, "test", NOW + start, NOW + end, "cut")


def trouble(after, kind="bad frame", detail="no JSON"):
    return Incident("test", kind, detail, NOW + after, f"sample {after}")


def test_a_price_counts_until_it_is_too_old(db):
    save_price(db, price(5))
    assert price_at(db, "BTC", "USD", NOW, 60) == price(5)
    assert price_at(db, "BTC", "USD", NOW + 60, 60) == price(5)
    assert price_at(db, "BTC", "USD", NOW + 61, 60) is None


def test_the_newest_price_up_to_then_counts_never_a_later_one(db):
    for micro, time in ((1, NOW), (2, NOW + 10), (3, NOW + 20)):
        save_price(db, price(micro, time))
    assert price_at(db, "BTC", "USD", NOW + 15, 60) == price(2, NOW + 10)
    assert price_at(db, "BTC", "USD", NOW - 1, 60) is None


def test_a_currency_and_an_asset_have_their_own_prices(db):
    save_price(db, price(1))
    assert price_at(db, "BTC", "EUR", NOW, 60) is None
    assert price_at(db, "ETH", "USD", NOW, 60) is None


def test_one_price_a_second_is_kept_the_last_one(db):
    save_price(db, price(1))
    save_price(db, price(2))
    assert prices_between(db, "BTC", "USD", NOW, NOW + 1) == [(NOW, 2)]
    assert prices_between(db, "BTC", "USD", NOW - 9, NOW) == []


def test_a_gap_that_grows_stays_one_gap(db):
    first = save_gap(db, gap(0, 60))
    assert save_gap(db, gap(0, 90)) == first
    assert last_gap(db, "bitcoin") == (first, gap(0, 90))


def test_gaps_are_found_where_they_touch_a_period(db):
    for start, end in ((0, 10), (20, 30), (40, 50)):
        save_gap(db, gap(start, end))
    assert gaps_between(db, "bitcoin", NOW + 10, NOW + 41) == [gap(20, 30), gap(40, 50)]
    assert gaps_between(db, "bitcoin", NOW + 30, NOW + 40) == []
    assert gaps_between(db, "ethereum", NOW, NOW + 99) == []


def test_the_last_gap_is_that_which_ended_last(db):
    assert last_gap(db, "bitcoin") is None
    save_gap(db, gap(0, 100))
    save_gap(db, gap(20, 30))
    found = last_gap(db, "bitcoin")
    assert found
    assert found[1] == gap(0, 100)


def test_equal_incidents_within_an_hour_are_one_row_that_counts(db):
    assert save_incident(db, trouble(0))
    assert not save_incident(db, trouble(10, detail="worse"))
    (row,) = incidents_since(db, NOW)
    assert (row.times, row.detail, row.first_at, row.last_at) == (2, "worse", NOW, NOW + 10)


def test_an_incident_after_an_hour_of_peace_is_a_new_one(db):
    save_incident(db, trouble(0))
    assert save_incident(db, trouble(INCIDENT_PEACE_SECONDS))
    assert [row.times for row in incidents_since(db, NOW)] == [1, 1]


def test_an_incident_that_lasts_is_a_new_one_each_day(db):
    half_an_hour = INCIDENT_PEACE_SECONDS // 2
    moments = range(0, 2 * INCIDENT_LASTS_SECONDS + 1, half_an_hour)
    new = [after for after in moments if save_incident(db, trouble(after))]
    assert new == [0, INCIDENT_LASTS_SECONDS, 2 * INCIDENT_LASTS_SECONDS]
    assert [row.times for row in incidents_since(db, NOW)] == [1, 48, 48]


def test_an_incident_goes_on_with_the_last_one_unless_there_was_peace(db):
    save_incident(db, trouble(0))
    save_incident(db, trouble(60))
    lasting = lasting_incident(db, trouble(120))
    assert lasting
    assert (lasting.first_at, lasting.times) == (NOW, 2)
    assert lasting_incident(db, trouble(120, kind="fault")) is None
    assert lasting_incident(db, trouble(60 + INCIDENT_PEACE_SECONDS)) is None


def test_another_kind_is_another_incident_and_the_newest_is_first(db):
    save_incident(db, trouble(0))
    save_incident(db, trouble(5, kind="fault"))
    assert [row.kind for row in incidents_since(db, NOW)] == ["fault", "bad frame"]
    assert [row.kind for row in incidents_since(db, NOW + 5)] == ["fault"]
