"""Oddities of eight kinds, made from real transactions, to judge models with.

The kinds and `TABLE` are fixed. `drawn` moves and widens every range by a seed: the second set,
which nothing is chosen by.
"""

import random
from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct

from watchers.model import Transaction, Transfer

BTC = 10**8
OVERHEAD, INPUT, OUTPUT = 11, 68, 31
"""Virtual bytes of a transaction, of an input that spends P2WPKH, and of such an output (BIP 141,
BIP 143)."""

Range = tuple[float, float]


class Ranges(Struct, frozen=True):
    """The lowest and the highest of what each kind draws: factors, counts, satoshi, satoshi per
    virtual byte. `below` is how far under a limit (in BTC) a structured sum stays, as a share.
    """

    blunder: Range = (50, 300)
    sweep_inputs: Range = (100, 400)
    sweep_value: Range = (3, 3)
    sweep_rate: Range = (20, 20)
    dust_outputs: Range = (200, 900)
    dust_amount: Range = (546, 1_000)
    dust_rate: Range = (15, 15)
    fan_outputs: Range = (150, 600)
    fan_value: Range = (50, 50)
    fan_rate: Range = (25, 25)
    spike: Range = (500, 5_000)
    peel_value: Range = (50 * BTC, 500 * BTC)
    peel_rate: Range = (30, 30)
    round_coins: Range = (1, 50)
    limits: tuple[int, ...] = (10, 20)
    below: Range = (0.001, 0.03)


TABLE = Ranges()


def drawn(rng: random.Random) -> Ranges:
    """Other parameters: every range moved by up to a factor of 2, and widened by up to 2."""
    given = msgspec.structs.asdict(TABLE)
    given["limits"] = tuple(rng.sample((5, 10, 20, 50, 100), 2))
    moved = {name: _moved(pair, rng) for name, pair in given.items() if name != "limits"}
    return msgspec.convert(given | moved, Ranges)


def _moved(pair: Range, rng: random.Random) -> Range:
    by, wider = 2 ** rng.uniform(-1, 1), 2 ** rng.uniform(0, 0.5)
    return pair[0] * by / wider, pair[1] * by * wider


def _blunder(t: Transaction, ranges: Ranges, rng: random.Random) -> Transaction:
    fee = round((t.fee or 1) * rng.uniform(*ranges.blunder))
    return _changed(t, _scaled(t.inputs, _value(t) + fee), t.outputs, fee, t.virtual_size)


def _sweep(t: Transaction, ranges: Ranges, rng: random.Random) -> Transaction:
    value = round(_value(t) * rng.uniform(*ranges.sweep_value))
    count = round(rng.uniform(*ranges.sweep_inputs))
    outputs = _scaled(t.outputs, value)
    return _made(t, count, outputs, rng.uniform(*ranges.sweep_rate), rng)


def _dust(t: Transaction, ranges: Ranges, rng: random.Random) -> Transaction:
    count = round(rng.uniform(*ranges.dust_outputs))
    amounts = [round(rng.uniform(*ranges.dust_amount)) for _ in range(count)]
    return _made(t, len(t.inputs), _paid(amounts, rng), rng.uniform(*ranges.dust_rate), rng)


def _fan_out(t: Transaction, ranges: Ranges, rng: random.Random) -> Transaction:
    value = round(_value(t) * rng.uniform(*ranges.fan_value))
    count = round(rng.uniform(*ranges.fan_outputs))
    outputs = _paid(_parts(value, count, rng), rng)
    return _made(t, len(t.inputs), outputs, rng.uniform(*ranges.fan_rate), rng)


def _spike(t: Transaction, ranges: Ranges, rng: random.Random) -> Transaction:
    factor = rng.uniform(*ranges.spike)
    outputs = _scaled(t.outputs, round(_value(t) * factor))
    inputs = _scaled(t.inputs, _sum(outputs) + (t.fee or 0))
    return _changed(t, inputs, outputs, t.fee or 0, t.virtual_size)


def _peel(t: Transaction, ranges: Ranges, rng: random.Random) -> Transaction:
    value = round(rng.uniform(*ranges.peel_value))
    peeled = round(value * rng.uniform(0.01, 0.1))
    outputs = _paid([peeled, value - peeled], rng)
    return _made(t, 1, outputs, rng.uniform(*ranges.peel_rate), rng)


def _round(t: Transaction, ranges: Ranges, rng: random.Random) -> Transaction:
    coins = max(1, round(rng.uniform(*ranges.round_coins)))
    return _made(t, 1, _paid([coins * BTC], rng), None, rng)


def _structured(t: Transaction, ranges: Ranges, rng: random.Random) -> Transaction:
    value = round(rng.choice(ranges.limits) * BTC * (1 - rng.uniform(*ranges.below)))
    first = round(value * rng.uniform(0.05, 0.95))
    return _made(t, 1, _paid([first, value - first], rng), None, rng)


KINDS: dict[str, Callable[[Transaction, Ranges, random.Random], Transaction]] = {
    "fee blunder": _blunder,
    "sweep": _sweep,
    "dust storm": _dust,
    "fan-out": _fan_out,
    "value spike": _spike,
    "peel step": _peel,
    "round number out and back": _round,
    "structuring": _structured,
}


def fits(transaction: Transaction) -> bool:
    """Whether oddities can be made from a transaction: it pays something, and its fee is known."""
    return bool(transaction.fee and transaction.inputs and _value(transaction))


def injected(
    transactions: Sequence[Transaction], share: float, ranges: Ranges, rng: random.Random
) -> list[tuple[Transaction, str]]:
    """Oddities for a stream: `share` of its length, an eighth of each kind, with their kinds.

    What does not divide by eight goes to kinds that are drawn.
    """
    real = [t for t in transactions if fits(t)]
    count = round(len(transactions) * share)
    kinds = list(KINDS) * (count // len(KINDS)) + rng.sample(list(KINDS), count % len(KINDS))
    return [(KINDS[kind](rng.choice(real), ranges, rng), kind) for kind in kinds]


def _made(
    t: Transaction, count: int, outputs: Sequence[Transfer], rate: float | None, rng: random.Random
) -> Transaction:
    """With `count` inputs; where no rate is given, the fee stays as it was."""
    size = OVERHEAD + INPUT * count + OUTPUT * len(outputs)
    fee = (t.fee or 0) if rate is None else round(rate * size)
    amounts = _parts(_sum(outputs) + fee, count, rng)
    senders = [coin.address for coin in t.inputs[:count]]
    senders += [_address(rng) for _ in range(count - len(senders))]
    return _changed(t, [*map(Transfer, senders, amounts)], outputs, fee, size, rng)


def _changed(
    t: Transaction,
    inputs: Sequence[Transfer],
    outputs: Sequence[Transfer],
    fee: int,
    size: int,
    rng: random.Random | None = None,
) -> Transaction:
    senders = {coin.address for coin in inputs if coin.address}
    moved = sum(out.amount for out in outputs if out.address not in senders)
    hash_ = f"{rng.getrandbits(256):064x}" if rng else t.hash[::-1]
    return msgspec.structs.replace(
        t, hash=hash_, inputs=tuple(inputs), outputs=tuple(outputs), moved=moved, fee=fee,
        size=size, weight=4 * size, category="payment", spends=(),
    )  # fmt: skip


def _value(t: Transaction) -> int:
    return _sum(t.outputs)


def _sum(transfers: Sequence[Transfer]) -> int:
    return sum(transfer.amount for transfer in transfers)


def _scaled(transfers: Sequence[Transfer], total: int) -> list[Transfer]:
    """Transfers of the same proportions that add up to a total."""
    before = _sum(transfers) or 1
    amounts = [transfer.amount * total // before for transfer in transfers]
    amounts[0] += total - sum(amounts)
    return [Transfer(t.address, amount) for t, amount in zip(transfers, amounts, strict=True)]


def _paid(amounts: Sequence[int], rng: random.Random) -> list[Transfer]:
    return [Transfer(_address(rng), amount) for amount in amounts]


def _parts(total: int, count: int, rng: random.Random) -> list[int]:
    """A total in parts that are drawn at random."""
    weights = [rng.expovariate(1) for _ in range(count)]
    parts = [int(total * weight / sum(weights)) for weight in weights]
    parts[0] += total - sum(parts)
    return parts


def _address(rng: random.Random) -> str:
    return f"bc1q{rng.getrandbits(160):040x}"
