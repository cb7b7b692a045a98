"""What is looked at in a transaction: the same numbers in training and in scoring.

A number is NaN where it cannot be known (no fee told, an address that was never met): that is no
evidence, neither of the usual nor of the odd. Sums are in base units, times in seconds.
"""

import math

from msgspec import Struct

from detectors.learnt.memory import Memory
from watchers.model import Transaction

NAN = math.nan
DUST = 1_000
"""Outputs of at most so many base units are hardly worth spending."""
LOOKED_AT = 8
"""At so many outputs is looked for round numbers: the first, as payments come."""


class Feature(Struct, frozen=True):
    """A number of each transaction.

    `unit` says how it is written (`count`, `amount`, `rate`, `times`, `share`, `seconds`, `size`,
    `digits`); `says` is the value in words, `more` and `less` what most transactions are instead.
    """

    name: str
    unit: str
    says: str
    less: str
    more: str


def _feature(name: str, unit: str, says: str, *, verb: str = "have") -> Feature:
    few, many = ("fewer", "more") if unit == "count" else ("less", "more")
    return Feature(
        name, unit, says, f"{verb} {few} than {{bound}}", f"{verb} {many} than {{bound}}"
    )


FEATURES: tuple[Feature, ...] = (
    _feature("moved", "amount", "{value} moved", verb="move"),
    _feature("moved_usual", "times", "moved {value} times what is usual of late", verb="move"),
    _feature("fee", "amount", "a fee of {value}", verb="pay"),
    _feature("fee_rate", "rate", "a fee rate of {value}", verb="pay"),
    _feature("fee_market", "times", "a fee rate {value} times the market's", verb="pay"),
    _feature("fee_share", "share", "{value} of the value paid as fee", verb="pay"),
    _feature("inputs", "count", "{value} inputs"),
    _feature("outputs", "count", "{value} outputs"),
    _feature("size_per_part", "size", "{value} per input and output", verb="take"),
    _feature("per_output", "amount", "{value} per output", verb="pay"),
    _feature("per_input", "amount", "{value} per input", verb="bring"),
    _feature("smallest", "amount", "a smallest output of {value}"),
    _feature("dust", "count", "{value} outputs of dust"),
    _feature("largest_share", "share", "{value} of the value in one output"),
    _feature("zeros", "digits", "a value that ends in {value} zeros"),
    _feature("round_up", "share", "a value {value} below a round one", verb="stay"),
    _feature("returned", "share", "{value} of the value returns to its senders"),
    _feature("known_senders", "share", "{value} of the senders were met before"),
    _feature("known_recipients", "share", "{value} of the recipients were met before"),
    _feature("idle", "seconds", "a sender who was still for {value}", verb="are still for"),
    _feature("degree", "count", "{value} transactions of its busiest address"),
    _feature("sender_usual", "times", "{value} times what its sender usually sends", verb="send"),
)  # fmt: skip


def features_of(transaction: Transaction, memory: Memory) -> tuple[float, ...]:
    """The features of a transaction, in the order of `FEATURES`, from what came before it.

    Let the memory learn the transaction afterwards.
    """
    inputs, outputs = transaction.inputs, transaction.outputs
    amounts = [out.amount for out in outputs] or [0]
    value, largest = sum(amounts), max(amounts)
    moved, fee, size = transaction.moved, transaction.fee, transaction.virtual_size
    usual_amount, usual_rate = memory.amounts.usual, memory.rates.usual
    rate = fee / size if fee is not None and size else NAN
    return (
        float(moved),
        moved / 10.0**usual_amount if usual_amount is not None else NAN,
        float(fee) if fee is not None else NAN,
        rate,
        rate / 10.0**usual_rate if usual_rate is not None else NAN,
        fee / (value + fee) if fee is not None and value + fee else NAN,
        float(len(inputs)),
        float(len(outputs)),
        size / (len(inputs) + len(outputs)) if size else NAN,
        value / len(amounts),
        (value + (fee or 0)) / len(inputs) if inputs else NAN,
        float(min(amounts)),
        float(sum([amount <= DUST for amount in amounts])),
        largest / value if value else NAN,
        float(max([_zeros(amount) for amount in amounts[:LOOKED_AT]])),
        min(_below_round(moved), _below_round(largest)),
        1 - moved / value if value else NAN,
        *_of_people(transaction, memory),
    )


def _zeros(amount: int) -> int:
    """How many zeros a number ends in."""
    zeros = 0
    while amount and amount % 10 == 0:
        amount //= 10
        zeros += 1
    return zeros


def _below_round(amount: int) -> float:
    """How far below the next 1, 2 or 5 with zeros an amount is, as a share of that."""
    if amount <= 0:
        return NAN
    magnitude: int = 10 ** (len(str(amount)) - 1)
    first = amount // magnitude
    step = 2 if first < 2 else 5 if first < 5 else 10
    return 1 - amount / (step * magnitude)


def _of_people(transaction: Transaction, memory: Memory) -> tuple[float, ...]:
    """What is known of senders and recipients: shares met before, rest, degree, sums."""
    sent = {coin.address: coin.amount for coin in transaction.inputs if coin.address}
    senders = [known for address in sent if (known := memory.known(address))]
    paid = {out.address for out in transaction.outputs if out.address}.difference(sent)
    recipients = [known for address in paid if (known := memory.known(address))]
    degree = max([known.times for known in senders + recipients], default=0)
    if not senders:
        met = 0.0 if sent else NAN
        return met, len(recipients) / len(paid) if paid else NAN, NAN, float(degree), NAN
    busiest = max(senders, key=lambda known: known.times)
    return (
        len(senders) / len(sent),
        len(recipients) / len(paid) if paid else NAN,
        float(max(0, transaction.time - max([known.seen for known in senders]))),
        float(degree),
        (transaction.moved + 1) / 10.0**busiest.amount,
    )
