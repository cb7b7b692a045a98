"""What is looked at in a transaction: the same numbers in training and in scoring.

A number is NaN where it cannot be known (no fee told, an address that was never met): that is no
evidence, neither of the usual nor of the odd. Sums are in base units, times in seconds.
"""

import math
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from detectors.learnt.memory import (
    KEY_LENGTH,
    WHOLE,
    Memory,
    brought_by,
    payment_of,
)
from watchers.model import Transaction, Transfer

NAN = math.nan
DUST = 1_000
"""Outputs of at most so many base units are hardly worth spending."""
LOOKED_AT = 8
"""At so many outputs is looked for round numbers: the first, as payments come."""
ROUND_DIGITS = 2
"""A round number has no more digits than these and zeros."""
NEAR = 0.03
"""So near below a round number a sum looks as if it were kept there."""
PEELED = 0.1
"""Where one coin goes on less this part of it, the part was peeled off."""
LATELY_SECONDS = 3_600
"""What is longer ago has nothing to do with a payment; who was still for less did not rest."""
ALIKE = 0.05
"""Payments are alike where their sums are no further apart than this share."""

Side = Literal["both", "more", "less"]


class Feature(Struct, frozen=True):
    """A number of each transaction.

    Features of one `facet` say nearly the same, and count once. `odd` is the side that is of
    interest. `unit` says how it is written (`count`, `amount`, `rate`, `times`, `share`,
    `seconds`, `size`, `digits`).
    """

    name: str
    facet: str
    odd: Side
    unit: str


FEATURES: tuple[Feature, ...] = (
    Feature("moved", "amount", "more", "amount"),
    Feature("moved_usual", "amount", "more", "times"),
    Feature("moved_alike", "amount", "more", "times"),
    Feature("per_output", "amount", "both", "amount"),
    Feature("per_input", "amount", "both", "amount"),
    Feature("smallest", "amount", "both", "amount"),
    Feature("fee", "fee", "both", "amount"),
    Feature("fee_rate", "fee", "both", "rate"),
    Feature("fee_market", "fee", "both", "times"),
    Feature("fee_share", "fee", "both", "share"),
    Feature("inputs", "inputs", "more", "count"),
    Feature("outputs", "outputs", "more", "count"),
    Feature("dust", "outputs", "more", "count"),
    Feature("size_per_part", "size", "both", "size"),
    Feature("zeros", "round", "more", "digits"),
    Feature("round_sum", "round", "more", "amount"),
    Feature("peeled", "peel", "more", "amount"),
    Feature("largest_share", "spread", "less", "share"),
    Feature("below_round", "below", "less", "share"),
    Feature("below_sum", "below", "more", "amount"),
    Feature("skirted", "below", "more", "amount"),
    Feature("alike", "series", "more", "count"),
    Feature("idle", "pace", "less", "seconds"),
    Feature("degree", "pace", "more", "count"),
    Feature("sender_usual", "history", "more", "times"),
    Feature("woken", "rest", "more", "seconds"),
    Feature("returned", "return", "more", "share"),
    Feature("known_senders", "known", "less", "share"),
    Feature("known_recipients", "known", "less", "share"),
)
"""In this order, facet by facet."""


def features_of(transaction: Transaction, memory: Memory) -> tuple[float, ...]:
    """The features of a transaction, in the order of `FEATURES`, from what came before it.

    Let the memory learn the transaction afterwards.
    """
    inputs, outputs = transaction.inputs, transaction.outputs
    amounts = [out.amount for out in outputs] or [0]
    value, largest, smallest = sum(amounts), max(amounts), min(amounts)
    moved, fee, size = transaction.moved, transaction.fee, transaction.virtual_size
    rate = fee / size if fee is not None and size else NAN
    below, below_sum = _below_round(*{moved, largest})
    return (
        float(moved),
        _times(moved, memory.amounts.usual),
        _times(moved, memory.usual_alike(transaction)),
        value / len(amounts),
        (value + (fee or 0)) / len(inputs) if inputs else NAN,
        float(smallest),
        NAN if fee is None else float(fee),
        rate,
        _times(rate, memory.rates.usual),
        fee / (value + fee) if fee is not None and value + fee else NAN,
        float(len(inputs)),
        float(len(amounts)),
        0.0 if smallest > DUST else float(sum([amount <= DUST for amount in amounts])),
        size / (len(inputs) + len(amounts)) if size else NAN,
        *_roundness(amounts[:LOOKED_AT]),
        float(value) if _is_peel(inputs, amounts) and smallest <= PEELED * value else 0.0,
        largest / value if value else NAN,
        below,
        below_sum,
        *_of_people(transaction, memory),
    )


def _times(value: float, usual: float | None) -> float:
    """How often a value holds what is usual, which is a decimal logarithm."""
    return NAN if usual is None else float(value / 10.0**usual)


def _roundness(amounts: Sequence[int]) -> tuple[float, float]:
    """The most zeros that an amount ends in, and the largest round amount."""
    most, largest = 0, 0
    for amount in amounts:
        if amount and amount % 10 == 0:
            digits = str(amount)
            zeros = len(digits) - len(digits.rstrip("0"))
            most = max(most, zeros)
            if len(digits) - zeros <= ROUND_DIGITS:
                largest = max(largest, amount)
    return float(most), float(largest)


def _below_round(*sums: int) -> tuple[float, float]:
    """How far below a round number the nearest sum is, and the largest sum that is near one.

    Round are 1, 2 and 5 with zeros; the distance is a share of the round number.
    """
    nearest, near = 1.0, 0
    for amount in sums:
        if amount > 0:
            magnitude: int = 10 ** (len(str(amount)) - 1)
            first = amount // magnitude
            step = 2 if first < 2 else 5 if first < 5 else 10
            short = 1 - amount / (step * magnitude)
            nearest = min(nearest, short)
            if short < NEAR and amount > near:
                near = amount
    return NAN if nearest == 1 else nearest, float(near)


def _is_peel(inputs: Sequence[Transfer], amounts: Sequence[int]) -> bool:
    return len(inputs) == 1 and len(amounts) == 2


def _of_people(transaction: Transaction, memory: Memory) -> tuple[float, ...]:
    """Pace, history, rest, dealings and familiarity of senders and recipients."""
    sent = {coin.address for coin in transaction.inputs if coin.address}
    paid = {out.address for out in transaction.outputs if out.address} - sent
    senders = memory.known_of(sent)
    recipients = memory.known_of(paid)
    payers = [known for known in recipients if known.sent]
    skirted = alike = idle = usual = NAN
    if senders:
        skirted, alike = _series(transaction, memory)
        idle = float(max(0, transaction.time - max([known.seen for known in senders])))
        usual = (transaction.moved + 1) / 10.0 ** max([known.amount for known in senders])
    return (
        skirted,
        alike,
        idle,
        max([memory.pace(known) for known in senders + recipients], default=0.0),
        usual,
        0.0 if idle < LATELY_SECONDS else idle,
        _returned(transaction, sent, memory) if payers else 0.0,
        len(senders) / len(sent) if sent else NAN,
        len(recipients) / len(paid) if paid else NAN,
    )


def _returned(transaction: Transaction, sent: set[str], memory: Memory) -> float:
    """How much of what its recipient paid the senders of late goes back, out of the same coins.

    Less than `WHOLE`, or out of more coins, is another payment, as are common among acquaintances.
    """
    payment, since = payment_of(transaction), transaction.time - LATELY_SECONDS
    recipient = memory.known(payment.to)
    if recipient is None:
        return 0.0
    senders = {address[-KEY_LENGTH:] for address in sent}
    back = [
        min(payment.moved, one.moved) / max(payment.brought, one.moved)
        for one in recipient.sent
        if one.to in senders and one.time >= since
    ]
    whole = max(back, default=0.0)
    return whole if whole >= WHOLE else 0.0


def _series(transaction: Transaction, memory: Memory) -> tuple[float, float]:
    """What the first sender's payments of late that stayed just below a round number come to, where
    this one does and another did, and how many are like this one: with this one.
    """
    first = transaction.inputs[0].address
    sender = memory.known(first) if first else None
    if sender is None:
        return NAN, NAN
    if not sender.sent:
        return 0.0, 1.0
    moved, since = transaction.moved, transaction.time - LATELY_SECONDS
    lately = {one.brought: one.moved for one in sender.sent if one.time >= since}
    lately.pop(brought_by(transaction), None)  # what this one replaces
    below = _below_round(moved)[1] if lately else 0.0
    skirted = sum([_below_round(one)[1] for one in lately.values()]) if below else 0.0
    alike = [one for one in lately.values() if abs(one - moved) <= ALIKE * moved]
    return skirted + below if skirted else 0.0, 1.0 + len(alike)
