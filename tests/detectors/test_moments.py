"""Detectors whose alerts have no transaction: blocks, fees, prices, sources."""

from msgspec.structs import replace

from detectors.blocks import Blocks
from detectors.fees import Fees
from detectors.matching import answered
from detectors.model import Kind, Ring, Subscription, Way
from detectors.prices import Prices
from detectors.sources import Sources
from tests.detectors.make import Past, batch
from tests.make import NOW, transaction
from watchers.model import Header

MINUTE = 60


def asking(kind, chat=1, **more):
    return Subscription(0, chat, kind, "bitcoin", **more)


def header(height, time=NOW):
    return Header(height, f"hash{height}", f"hash{height - 1}", time)


def run(detector, made, moments, history=None):
    """The alerts of a batch of nothing at each moment, (seconds after NOW, changes)."""
    state, found = b"", []
    for seconds, changes in moments:
        at = replace(made, now=NOW + seconds, headers=changes.pop("headers", ()))
        past = Past(**changes) if changes or history is None else history
        alerts, state = detector.detect(at, state, past)
        found += [(seconds, alert) for alert in alerts]
    return found


def test_each_block_is_told_once_with_its_height():
    made = batch((), [asking(Kind.BLOCKS)])
    found = run(Blocks(), made, [(0, {"headers": (header(7),)}), (60, {"tip": header(7)})])
    assert [(s, a.subject, a.amount, a.window) for s, a in found] == [(0, "hash7", 7, 0)]


def test_a_block_that_nobody_asked_for_is_no_alert():
    made = batch((), [asking(Kind.BLOCKS, way=Way.LATER, amount=1800)])
    assert run(Blocks(), made, [(0, {"headers": (header(7),)})]) == []


def test_a_late_block_is_told_once_for_each_wait_that_was_named():
    waits = [
        asking(Kind.BLOCKS, c, way=Way.LATER, amount=m * MINUTE) for c, m in ((1, 30), (2, 60))
    ]
    moments = [
        (m * MINUTE, {"tip": header(7), "heard": NOW + m * MINUTE}) for m in range(0, 121, 5)
    ]
    found = run(Blocks(), batch((), waits), moments)
    assert [(s // MINUTE, a.window // MINUTE) for s, a in found] == [(30, 30), (60, 60)]
    late = found[0][1]
    interests = batch((), waits).interests
    assert list(answered(late, interests)) == [1]


def test_a_new_block_begins_a_new_wait():
    made = batch((), [asking(Kind.BLOCKS, way=Way.LATER, amount=1800)])
    heard = {"heard": NOW + 2400}
    found = run(Blocks(), made, [(0, {"tip": header(7)}), (1500, {"headers": (header(8),)}),
                                 (2400, heard), (3400, {"heard": NOW + 3400})])  # fmt: skip
    assert [(s, a.subject) for s, a in found] == [(3400, "hash8")]


def test_no_block_is_late_while_the_source_is_silent():
    made = batch((), [asking(Kind.BLOCKS, way=Way.LATER, amount=1800)])
    assert run(Blocks(), made, [(0, {"tip": header(7)}), (3600, {"heard": NOW + 3000})]) == []


def test_a_source_is_told_down_and_back_once_each():
    made = batch((), [asking(Kind.SOURCE)])
    heard = {0: 0, 60: 0, 121: 0, 200: 0, 260: 250, 300: 300}
    found = run(Sources(), made, [(s, {"heard": NOW + h}) for s, h in heard.items()])
    assert [(s, a.subject, a.window - NOW, a.amount) for s, a in found] == [
        (121, "down", 0, 121),
        (260, "back", 0, 260),
    ]


def test_a_transaction_is_a_sign_of_life():
    made = batch([transaction()], [asking(Kind.SOURCE)])
    alerts, _ = Sources().detect(made, b"", Past(heard=NOW - 900))
    assert alerts == ()


def test_fees_are_told_when_they_cross():
    made = batch((), [asking(Kind.FEES, way=Way.BELOW, amount=3000)])
    rates = [(0, 5000), (60, 2900), (120, 2900), (180, 3400), (240, 2500)]
    found = run(Fees(), made, [(s, {"fee_rate": rate}) for s, rate in rates])
    assert [(s, a.amount, a.subject, a.window - NOW) for s, a in found] == [
        (60, 2900, "below 3000 ", 60),
        (240, 2500, "below 3000 ", 240),
    ]


def test_fees_that_nobody_can_tell_change_nothing():
    made = batch((), [asking(Kind.FEES, way=Way.BELOW, amount=3000)])
    found = run(Fees(), made, [(0, {"fee_rate": 5000}), (60, {}), (120, {"fee_rate": 1000})])
    assert [s for s, _ in found] == [120]


def test_a_price_is_told_in_the_currency_that_was_named():
    levels = [asking(Kind.PRICE, 1, way=Way.ABOVE, amount=100, unit="USD"),
              asking(Kind.PRICE, 2, way=Way.ABOVE, amount=100, unit="EUR")]  # fmt: skip
    prices = [(0, {"USD": 99, "EUR": 90}), (60, {"USD": 101}), (120, {"USD": 102, "EUR": 100})]
    found = run(Prices(), batch((), levels), [(s, {"prices": p}) for s, p in prices])
    assert [(s, a.subject, a.amount) for s, a in found] == [
        (60, "above 100 USD", 101),
        (120, "above 100 EUR", 100),
    ]
    interests = batch((), levels).interests
    assert list(answered(found[1][1], interests)) == [2]


def test_what_rings_not_at_all_is_not_detected():
    made = batch((), [asking(Kind.BLOCKS, ring=Ring.OFF)])
    assert run(Blocks(), made, [(0, {"headers": (header(7),)})]) == []


def test_what_crosses_a_level_or_is_late_is_judged_by_moments_alone():
    """Only those are noted: whatever they decide can be judged again."""
    asked = [
        asking(Kind.FEES, way=Way.BELOW, amount=3000),
        asking(Kind.PRICE, way=Way.BELOW, amount=100, unit="USD"),
        asking(Kind.BLOCKS, way=Way.LATER, amount=1800),
    ]
    high, low = ({"fee_rate": r, "prices": {"USD": p}} for r, p in ((5000, 101), (2000, 99)))
    for detector in (Fees(), Prices(), Blocks()):
        at = {"tip": header(7), "heard": NOW + 3600}
        _, state = detector.detect(batch((), asked), b"", Past(**high, **at))
        later = replace(batch([transaction()], asked), now=NOW + 3600)
        assert not detector.detect(later, state, Past(**low, **at))[0]
        assert detector.detect(replace(later, transactions=()), state, Past(**low, **at))[0]
