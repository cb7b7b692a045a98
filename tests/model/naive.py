"""What ought to be, recomputed from the whole history each time: lists and dictionaries only.

A history is a list of entries, tuples that begin with a word and the time at which it happened.
Nothing of the program is used here but its data types.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

PRICE_MAX_AGE = 2 * 3600
EXPIRES_AFTER = 14 * 86400
SPANS = (60, 900, 86400)
BTC = 10**8


@dataclass
class Picture:
    """The world after a history."""

    met: dict[str, Any] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    main: dict[str, Any] = field(default_factory=dict)
    held_by: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    blocks: dict[str, Any] = field(default_factory=dict)
    prices: list[Any] = field(default_factory=list)
    waiting: list[Any] = field(default_factory=list)
    wishes: dict[tuple, Any] = field(default_factory=dict)
    mutes: dict[int, int] = field(default_factory=dict)
    due: dict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def state(self, hash_, now):
        """How a transaction stands: a word, and the height where it is confirmed."""
        heights = [b.header.height for b in self.main.values() if _holds(b, hash_)]
        if heights:
            return "confirmed", max(heights)
        if self.replaced_by(hash_):
            return "replaced", None
        if any(_holds(block, hash_) for block in self.blocks.values()):
            return "orphaned", None
        if now - self.met[hash_].time > EXPIRES_AFTER:
            return "expired", None
        return "pending", None

    def replaced_by(self, hash_):
        """The rival that was mined, else the newest that was met later; "" for none."""
        outpoints = set(self.met[hash_].spends)
        rivals = [
            other
            for other in self.order
            if other != hash_ and outpoints.intersection(self.met[other].spends)
        ]
        mined = [other for other in rivals if any(_holds(b, other) for b in self.main.values())]
        later = [r for r in rivals if self.order.index(r) > self.order.index(hash_)]
        return next(iter(reversed(mined or later)), "")

    def is_muted(self, chat, now):
        """The last word of the chat was a mute that has not run out."""
        return self.mutes.get(chat, 0) > now

    def seen(self):
        """(time, moved, fee, virtual size) of all that was met, coinbases apart."""
        return [_figures(t, t.time) for t in self.met.values() if t.category != "coinbase"]

    def mined(self):
        """The same of all that stands in the main chain, by the time of the block."""
        return [
            _figures(t, block.header.time)
            for block in self.main.values()
            for t in block.transactions
            if t.category != "coinbase"
        ]


def _figures(t, time):
    return time, t.moved, t.fee, -(-t.weight // 4)


def _holds(block, hash_):
    return any(t.hash == hash_ for t in block.transactions)


def picture(history):
    """Go through the history from its beginning."""
    seen = Picture()
    for what, now, *about in history:
        globals()[f"_{what}"](seen, now, *about)
    return seen


def _announced(seen, now, transactions):
    _meet(seen, now, transactions)


def _part(seen, now, block, transactions, last):
    """Some transactions of a block; with the last of them it counts."""
    _meet(seen, now, transactions)
    if last:
        height, name = block.header.height, block.header.hash
        seen.blocks[name] = block
        seen.main = {
            other: b for other, b in seen.main.items() if b.header.height < height or other == name
        }
        seen.main[name] = block


def _reorg(seen, now, ancestor):
    seen.main = {n: b for n, b in seen.main.items() if b.header.height <= ancestor}


def _price(seen, now, price):
    seen.prices.append(price)
    _judge(seen, now, [])


def _wish(seen, now, chat, kind, about, amount):
    """A chat wishes to be told; `about` is an address or a unit. None takes the wish back."""
    seen.wishes.pop((chat, kind, about), None)
    if amount is not None:
        seen.wishes[chat, kind, about] = amount


def _mute(seen, now, chat, until):
    seen.mutes[chat] = until


def _meet(seen, now, transactions):
    fresh = []
    for t in transactions:
        if t.hash not in seen.met:
            seen.met[t.hash] = t
            seen.order.append(t.hash)
            fresh.append(t)
    _judge(seen, now, fresh)


def _judge(seen, now, fresh):
    """Who must be told of what is new, and of what waited for a price."""
    known = [p for p in seen.prices if now - PRICE_MAX_AGE <= p.time <= now]
    price = max(reversed(known), key=lambda p: p.time, default=None)  # of equals the last
    payments = [t for t in fresh if t.category != "coinbase"]
    if not any(about == "USD" for _, _, about in seen.wishes):
        seen.waiting = []
    elif price is None:
        seen.waiting += payments
    else:
        payments, seen.waiting = seen.waiting + payments, []
    for t in fresh:
        _tell(seen, t, "BTC", t.moved if t.category != "coinbase" else -1)
        for chat, kind, about in seen.wishes:
            if kind == "watch" and about in {x.address for x in (*t.inputs, *t.outputs)}:
                seen.due[chat][t.hash] = "watch"
    if price is not None:
        for t in payments:
            _tell(seen, t, "USD", t.moved * price.micro // BTC)


def _tell(seen, t, unit, worth):
    for (chat, kind, about), amount in seen.wishes.items():
        if kind == "whales" and about == unit and worth >= amount:
            seen.due[chat].setdefault(t.hash, "whale")


def sums(figures, span):
    """By the start of each span: how many, how much moved, which fees."""
    found: dict = defaultdict(lambda: (0, 0, 0))
    for time, moved, fee, _ in figures:
        count, all_moved, fees = found[time - time % span]
        found[time - time % span] = (count + 1, all_moved + moved, fees + fee)
    return dict(found)


def histogram(figures, measure, span):
    """By start and bucket, how many: a bucket is an octave in sixteen equal steps."""
    found: Counter = Counter()
    for time, moved, fee, size in figures:
        value = moved if measure == "moved" else fee * 1000 // size
        found[time - time % span, _bucket(value)] += 1
    return dict(found)


def _bucket(value):
    octave = 0
    while 2 ** (octave + 1) <= value:
        octave += 1
    return octave * 16 + (max(value, 1) * 16 // 2**octave) % 16
