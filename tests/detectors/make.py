"""Batches and histories for the tests of detectors."""

from detectors.detector import Batch
from detectors.interests import Interests
from detectors.model import Kind, Subscription
from tests.make import NOW
from watchers.model import Price

BTC = 10**8
USD = 10**6


def whales(amount, unit="BTC", chat=1, id_=0):
    """A threshold of a chat."""
    return Subscription(id_, chat, Kind.WHALES, "bitcoin", unit=unit, amount=amount)


def watch(address, chat=1, id_=0):
    """A watched address of a chat."""
    return Subscription(id_, chat, Kind.WATCH, "bitcoin", address=address)


def price(dollars):
    return Price("BTC", "USD", dollars * USD, NOW, "test")


def batch(transactions=(), subscriptions=(), *, dollars=None, **more):
    """A batch of Bitcoin transactions, with a price where one is given."""
    known = None if dollars is None else price(dollars)
    interests = Interests(subscriptions)
    return Batch("bitcoin", "BTC", 8, tuple(transactions), known, NOW, interests, **more)


class Past:
    """A history that holds what it was given."""

    def __init__(self, transactions=(), *, tip=None, heard=None, fee_rate=None, prices=None):
        self.transactions = list(transactions)
        self.judge = None
        self.newest, self.heard, self.rate, self.prices = tip, heard, fee_rate, prices or {}

    def moved_since(self, chain, since, at_least):
        return [
            t
            for t in self.transactions
            if t.chain == chain and t.time >= since and t.moved >= at_least
        ]

    def tip(self, chain):
        return self.newest

    def heard_at(self, chain):
        return self.heard

    def fee_rate(self, chain, now):
        return self.rate

    def price_micro(self, asset, currency, now):
        return self.prices.get(currency)

    def model(self, chain):
        return self.judge

    def keep_features(self, chain, names, scored):
        self.features = (chain, names, scored)
