"""What is remembered of the transactions that came before: bounded, and bytes when saved."""

import math
from statistics import median

import msgspec
from msgspec import Struct

from watchers.model import Transaction

RECENT = 256
"""How many transactions tell what is usual of late."""
LEARN_EVERY = 32
"""After how many the usual is looked at anew."""
GENERATION = 15_000
"""Addresses are kept in two generations of so many; the older one is forgotten whole."""
KEY_LENGTH = 14
"""Addresses end in what tells them apart; their last characters are enough."""
STEADY = 32
"""From so many times on, each sum counts as much as the one before it."""
FORMS = 64
"""Of so many forms of transactions the usual sum is known; of others it is not."""


class Known(Struct, array_like=True, gc=False):
    """An address that was met: when last, how often, and the decimal logarithm of its usual sum.

    `since` is how many transactions had come before its first.
    """

    seen: int
    times: int
    amount: float
    since: int = 0


class Recent(Struct, array_like=True):
    """The last `RECENT` values of something, and their median as it was a moment ago."""

    values: list[float] = []
    at: int = 0
    usual: float | None = None

    def learn(self, value: float) -> None:
        """Take a value in; it takes the place of the oldest."""
        if len(self.values) < RECENT:
            self.values.append(value)
        else:
            self.values[self.at % RECENT] = value
        self.at += 1
        if self.at % LEARN_EVERY == 0:
            self.usual = median(self.values)


class Memory(Struct):
    """The market of recent transactions, and the addresses that took part.

    It never looks at what is to come, and is the same with a stop between, saved and loaded.
    At its fullest it is about two megabytes.
    """

    rates: Recent = msgspec.field(default_factory=Recent)
    amounts: Recent = msgspec.field(default_factory=Recent)
    forms: dict[str, Recent] = {}
    met: int = 0
    young: dict[str, Known] = {}
    old: dict[str, Known] = {}

    def known(self, address: str) -> Known | None:
        """What is remembered of an address."""
        key = address[-KEY_LENGTH:]
        return self.young.get(key) or self.old.get(key)

    def usual_alike(self, transaction: Transaction) -> float | None:
        """The decimal logarithm of what transactions of the same form usually move of late."""
        alike = self.forms.get(form_of(transaction))
        return None if alike is None else alike.usual

    def pace(self, known: Known) -> float:
        """In how many of 1,000 transactions an address was since it was met first.

        It does not grow with what is remembered, as how often it was met does.
        """
        return known.times * 1_000 / (self.met - known.since + RECENT)

    def learn(self, transaction: Transaction) -> None:
        """Remember a transaction: after its features were taken."""
        self.met += 1
        fee, size = transaction.fee, transaction.virtual_size
        if fee and size:
            self.rates.learn(math.log10(fee / size))
        if transaction.moved:
            self._learn_amount(form_of(transaction), math.log10(transaction.moved))
        took_part = {t.address: t.amount for t in transaction.outputs}
        took_part.update([(t.address, t.amount) for t in transaction.inputs])
        for address, amount in took_part.items():
            if address:
                self._meet(address[-KEY_LENGTH:], transaction.time, math.log10(amount + 1))

    def _learn_amount(self, form: str, amount: float) -> None:
        self.amounts.learn(amount)
        if form in self.forms or len(self.forms) < FORMS:
            self.forms.setdefault(form, Recent()).learn(amount)

    def _meet(self, key: str, time: int, amount: float) -> None:
        known = self.young.get(key)
        if known is None:
            known = self.old.pop(key, None) or Known(time, 0, amount, self.met)
            self.young[key] = known
            if len(self.young) >= GENERATION:
                self.old, self.young = self.young, {}
        known.seen = max(time, known.seen)
        known.times += 1
        known.amount += (amount - known.amount) / min(known.times, STEADY)


def form_of(transaction: Transaction) -> str:
    """How a transaction is built: the kind of its first sender's address, inputs and outputs.

    One input or more, and one, two or more outputs.
    """
    sender = transaction.inputs[0].address if transaction.inputs else None
    inputs, outputs = len(transaction.inputs), len(transaction.outputs)
    return f"{_kind_of(sender or '')} {min(inputs, 2)} {min(outputs, 3)}"


def _kind_of(address: str) -> str:
    """What an address begins with: up to the version in bech32 (BIP 173), else its first sign."""
    prefix, _, rest = address.partition("1")
    return f"{prefix}1{rest[:1]}" if prefix.isalpha() and prefix.islower() else address[:1]


def save_bytes(memory: Memory) -> bytes:
    """The memory as bytes, for `memory_of`."""
    return msgspec.msgpack.encode(memory)


def memory_of(state: bytes) -> Memory:
    """The memory that was saved, a new one for no bytes. Raises `msgspec.MsgspecError`."""
    return msgspec.msgpack.decode(state, type=Memory) if state else Memory()
