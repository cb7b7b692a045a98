"""What is remembered of the transactions that came before: bounded, and bytes when saved."""

from collections.abc import Iterable, Mapping
from math import log10
from statistics import median

import msgspec
from msgspec import Struct

from watchers.model import Transaction

RECENT = 256
"""How many transactions tell what is usual of late."""
LEARN_EVERY = 32
"""After how many the usual is looked at anew."""
GENERATION = 15_000
"""Addresses are kept in two generations of so many; of the older one few outlast it."""
KEY_LENGTH = 14
"""Addresses end in what tells them apart; their last characters are enough."""
STEADY = 32
"""From so many times on, each sum counts as much as the one before it."""
FORMS = 64
"""Of so many forms of transactions the usual sum is known; of others it is not."""
GREAT = 2.0
"""Addresses of sums so much larger than usual (decimal logarithm) are kept longer than others."""
GREAT_KEPT = 5_000
"""So many of them: the last."""
PAYMENTS = 8
"""So many of its last payments are remembered of a sender."""
WHOLE = 0.9
"""Who gets so much of a payment gets it as a whole."""


class Payment(Struct, array_like=True, frozen=True, gc=False):
    """What a sender moved, when, what its coins came to, and the key of who surely got it or ""."""

    time: int
    moved: int
    brought: int
    to: str


class Known(Struct, array_like=True, gc=False):
    """An address that was met: when last, how often, and the decimal logarithm of its usual sum.

    `since` is how many transactions had come before its first; `sent` are its last payments, where
    it was the first sender.
    """

    seen: int
    times: int
    amount: float
    since: int = 0
    sent: tuple[Payment, ...] = ()


class Recent(Struct, array_like=True):
    """The last `RECENT` values of something, and their median as it was a moment ago."""

    values: list[float] = []
    at: int = 0
    usual: float | None = None

    def learn(self, value: float) -> None:
        """Take a value in; it takes the place of the oldest."""
        at = self.at
        if at < RECENT:
            self.values.append(value)
        else:
            self.values[at % RECENT] = value
        self.at = at + 1
        if (at + 1) % LEARN_EVERY == 0:
            self.usual = median(self.values)


class Memory(Struct):
    """The market of recent transactions, and the addresses that took part.

    It never looks at what is to come, and is the same with a stop between, saved and loaded.
    Addresses of great sums outlast the others in it: they are few, and wake up after long. At its
    fullest it is about two megabytes.
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

    def known_of(self, addresses: Iterable[str]) -> list[Known]:
        """What is remembered of addresses; nothing of some."""
        young, old, length = self.young, self.old, -KEY_LENGTH
        return [
            known
            for address in addresses
            if (known := young.get(key := address[length:]) or old.get(key))
        ]

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
            self.rates.learn(log10(fee / size))
        if transaction.moved:
            self._learn_amount(form_of(transaction), log10(transaction.moved))
        took_part = {t.address: t.amount for t in transaction.outputs if t.address}
        took_part.update([(t.address, t.amount) for t in transaction.inputs if t.address])
        self._meet_all(transaction.time, took_part)
        self._remember_payment(transaction)

    def _learn_amount(self, form: str, amount: float) -> None:
        self.amounts.learn(amount)
        alike = self.forms.get(form)
        if alike is None and len(self.forms) < FORMS:
            alike = self.forms[form] = Recent()
        if alike is not None:
            alike.learn(amount)

    def _meet_all(self, time: int, took_part: Mapping[str, int]) -> None:
        """Remember addresses and their sums; without calls for each: this is most of the work."""
        young = self.young
        for address, sum_ in took_part.items():
            key, amount = address[-KEY_LENGTH:], log10(sum_ + 1)
            known = young.get(key)
            if known is None:
                known = self.old.pop(key, None) or Known(time, 0, amount, self.met)
                young[key] = known
                if len(young) >= GENERATION:
                    self._forget()
                    young = self.young
            if known.seen < time:  # noqa: PLR1730 - a call for each, as above
                known.seen = time
            times = known.times = known.times + 1
            steady = times if times < STEADY else STEADY  # noqa: FURB136 - as above
            known.amount += (amount - known.amount) / steady

    def _remember_payment(self, transaction: Transaction) -> None:
        first = transaction.inputs[0].address if transaction.inputs else None
        sender = self.known(first) if first else None
        if sender and transaction.moved:
            sender.sent = (*sender.sent[1 - PAYMENTS :], payment_of(transaction))

    def _forget(self) -> None:
        """Forget the older generation, but for the last addresses of great sums in it."""
        least = (self.amounts.usual or 0.0) + GREAT
        great = [(key, known) for key, known in self.old.items() if known.amount >= least]
        self.old = dict(great[-GREAT_KEPT:]) | self.young
        self.young = {}


def payment_of(transaction: Transaction) -> Payment:
    """What is remembered of a transaction for its first sender."""
    time, moved = transaction.time, transaction.moved
    return Payment(time, moved, brought_by(transaction), _paid(transaction))


def brought_by(transaction: Transaction) -> int:
    """What the coins of a transaction come to.

    It is the same for a replacement by a higher fee (BIP 125), seldom for another payment.
    """
    return sum([coin.amount for coin in transaction.inputs])


def _paid(transaction: Transaction) -> str:
    """The key of who got a payment as a whole, where that cannot be change; else "".

    It cannot be where there is one output alone, and where senders kept something themselves.
    """
    outputs, moved = transaction.outputs, transaction.moved
    if len(outputs) == 1:
        return (outputs[0].address or "")[-KEY_LENGTH:]
    if moved in (0, sum([out.amount for out in outputs])):
        return ""
    own, whole = {coin.address for coin in transaction.inputs}, WHOLE * moved
    got = [out for out in outputs if out.amount >= whole and out.address not in own]
    return (got[0].address or "")[-KEY_LENGTH:] if got else ""


_SHAPES = [[f" {inputs} {outputs}" for outputs in range(4)] for inputs in range(3)]


def form_of(transaction: Transaction) -> str:
    """How a transaction is built: the kind of its first sender's address, inputs and outputs.

    One input or more, and one, two or more outputs.
    """
    inputs, outputs = transaction.inputs, transaction.outputs
    kind = _kind_of(inputs[0].address or "") if inputs else ""
    return kind + _SHAPES[min(len(inputs), 2)][min(len(outputs), 3)]


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
