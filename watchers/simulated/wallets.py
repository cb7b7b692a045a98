"""Wallets: who owns which scripts, how they sign, and how they put a transaction together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil
from random import Random

from .address import p2pkh, p2sh, witness
from .ledger import Ledger
from .transaction import Input, Outpoint, Output, Transaction, varint

DUST = 546
"""Satoshi below which an output is not worth its fee and is not relayed."""

Coin = tuple[Outpoint, Output]

# Weight units of an input with its signature, by the kind of script it spends.
_INPUT_WEIGHT = {"p2pkh": 592, "p2sh": 364, "p2wpkh": 272, "p2tr": 230, "p2wsh": 420}
_NEW_SCRIPT: dict[str, Callable[[Random], bytes]] = {
    "p2pkh": lambda rng: p2pkh(rng.randbytes(20)),
    "p2sh": lambda rng: p2sh(rng.randbytes(20)),
    "p2wpkh": lambda rng: witness(0, rng.randbytes(20)),
    "p2wsh": lambda rng: witness(0, rng.randbytes(32)),
    "p2tr": lambda rng: witness(1, rng.randbytes(32)),
}


@dataclass(slots=True)
class Wallet:
    """Scripts of one kind; a wallet that reuses addresses never makes a second one."""

    kind: str
    reuses: bool = False
    scripts: list[bytes] = field(default_factory=list)

    def receive(self, rng: Random) -> bytes:
        """The script to be paid on: a new one until there are a dozen, then any of them."""
        if self.scripts and (self.reuses or len(self.scripts) >= 12):
            return rng.choice(self.scripts)
        self.scripts.append(_NEW_SCRIPT[self.kind](rng))
        return self.scripts[-1]

    def coins(self, ledger: Ledger) -> list[Coin]:
        """What it can spend, in a fixed order."""
        return [coin for script in self.scripts for coin in coins_of(ledger, script)]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be composed: who is paid, where change goes, and at what rate.

    `rate` in satoshi per virtual byte; `height` is that of the tip, `time` Unix seconds.
    """

    payments: Sequence[Output]
    change: bytes
    rate: float
    height: int
    time: int


def coins_of(ledger: Ledger, script: bytes) -> Iterable[Coin]:
    """The unspent outputs that one script locks."""
    return ledger.coins[script].items() if script in ledger.coins else ()


def kind_of(script: bytes) -> str:
    """The kind of an output script, by its first bytes and its length."""
    if script[0] == 0x51:
        return "p2tr"
    if script[0] == 0x00:
        return "p2wpkh" if len(script) == 22 else "p2wsh"
    return "p2pkh" if script[0] == 0x76 else "p2sh"


def weight_of(spent: Iterable[Output], paid: Sequence[Output]) -> int:
    """The most that a transaction can weigh, in weight units."""
    inputs = sum(_INPUT_WEIGHT[kind_of(output.script)] for output in spent)
    return 50 + inputs + sum(4 * (9 + len(output.script)) for output in paid)


def compose(rng: Random, coins: Sequence[Coin], order: Order) -> Transaction | None:
    """A signed transaction out of as many of the coins, in their order, as it takes.

    None where they do not suffice. Change that would be dust is left to the miner.
    """
    change = Output(0, order.change)
    weight = weight_of((), (*order.payments, change))
    rest = -sum(output.value for output in order.payments)
    for count, (_, output) in enumerate(coins, start=1):
        rest += output.value
        weight += _INPUT_WEIGHT[kind_of(output.script)]
        left = rest - ceil(order.rate * weight / 4)
        if left >= 0:
            return sign(rng, coins[:count], *_placed(rng, order, left), order)
    return None


def sweep(rng: Random, coins: Sequence[Coin], order: Order) -> Transaction | None:
    """All the coins in one output; None where they are not worth their fee."""
    total = sum(output.value for _, output in coins)
    single = Output(total, order.change)
    fee = ceil(order.rate * weight_of((output for _, output in coins), (single,)) / 4)
    if not coins or total - fee < DUST:
        return None
    return sign(rng, coins, [single._replace(value=total - fee)], 0, order)


def _placed(rng: Random, order: Order, rest: int) -> tuple[list[Output], int | None]:
    """All outputs with the change at a random place, and that place."""
    outputs = list(order.payments)
    if rest < DUST:
        return outputs, None
    place = rng.randint(0, len(outputs))
    outputs.insert(place, Output(rest, order.change))
    return outputs, place


def sign(
    rng: Random, coins: Iterable[Coin], outputs: Sequence[Output], change: int | None, order: Order
) -> Transaction:
    """The transaction with signatures of the right form, made of chance."""
    sequence = 0xFFFFFFFD if rng.random() < 0.7 else 0xFFFFFFFF
    return Transaction(
        version=2 if rng.random() < 0.8 else 1,
        lock_time=order.height if rng.random() < 0.25 else 0,
        inputs=tuple(
            Input(outpoint, output, sequence, *_unlock(rng, output.script))
            for outpoint, output in coins
        ),
        outputs=tuple(outputs),
        time=order.time,
        change=change,
    )


def resign(rng: Random, loser: Transaction, outputs: Sequence[Output], time: int) -> Transaction:
    """A transaction that spends what another one spends, with other outputs."""
    inputs = (
        item._replace(script=script, witness=stack)
        for item in loser.inputs
        if item.spent
        for script, stack in [_unlock(rng, item.spent.script)]
    )
    return Transaction(
        loser.version, loser.lock_time, tuple(inputs), tuple(outputs), time, loser.change
    )


def _unlock(rng: Random, script: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """A scriptSig and a witness stack as a wallet of the script's kind would make them."""
    kind = kind_of(script)
    if kind == "p2tr":
        return b"", (rng.randbytes(64),)
    if kind == "p2wsh":
        keys = b"".join(b"\x21" + _key(rng) for _ in range(3))
        return b"", (b"", _signature(rng), _signature(rng), b"\x52" + keys + b"\x53\xae")
    signature, key = _signature(rng), _key(rng)
    if kind == "p2pkh":
        return varint(len(signature)) + signature + b"\x21" + key, ()
    redeem = b"\x16" + witness(0, rng.randbytes(20)) if kind == "p2sh" else b""
    return redeem, (signature, key)


def _signature(rng: Random) -> bytes:
    """DER with a 33-byte r in half of them, and SIGHASH_ALL."""
    r = b"\x00\x80" + rng.randbytes(31) if rng.random() < 0.5 else b"\x40" + rng.randbytes(31)
    body = b"\x02" + bytes((len(r),)) + r + b"\x02\x20\x40" + rng.randbytes(31)
    return b"\x30" + bytes((len(body),)) + body + b"\x01"


def _key(rng: Random) -> bytes:
    return bytes((2 + rng.getrandbits(1),)) + rng.randbytes(32)
