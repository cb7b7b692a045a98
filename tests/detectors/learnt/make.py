"""Made-up streams to learn from."""

import random

import msgspec

from detectors.learnt.features import FEATURES, features_of
from detectors.learnt.memory import Memory
from tests.make import NOW, transaction
from watchers.model import Transaction, Transfer


def payment(rng, at):
    """A payment with change, of sizes as they are common."""
    inputs = [_transfer(rng) for _ in range(min(1 + int(rng.paretovariate(1.5)), 40))]
    total = sum(coin.amount for coin in inputs)
    fee = min(total // 2, int(rng.lognormvariate(8, 0.5)))
    first = int((total - fee) * rng.random())
    amounts = [first, total - fee - first][: rng.choice((1, 2, 2))]
    outputs = tuple(Transfer(_address(rng), amount) for amount in amounts)
    size = 11 + 68 * len(inputs) + 31 * len(outputs)
    return Transaction(
        "bitcoin", f"{rng.getrandbits(256):064x}", NOW + at, tuple(inputs), outputs,
        sum(amounts), total - sum(amounts), size, 4 * size, "payment",
    )  # fmt: skip


def payments(count, seed=1):
    rng = random.Random(seed)
    return [payment(rng, at) for at in range(count)]


def dealings(count, seed=1):
    """Payments among few people, who rest, pay back what they got and repeat sums."""
    rng, time, last = random.Random(seed), NOW, ("ada", "bob", 10**8)
    for _ in range(count):
        time += rng.choice((60, 600, 600, 7_200))
        sender, recipient = rng.sample(["ada", "bob", "cy", "dee"], 2)
        amount = rng.choice((99, 98, 195, 50)) * 10**7
        if rng.random() < 0.3:
            recipient, sender, amount = last
        last = sender, recipient, amount
        done = transaction(amount, sender=sender, recipient=recipient, time=time)
        change = (Transfer(sender, amount // 50),) if rng.random() < 0.3 else ()
        yield msgspec.structs.replace(done, outputs=done.outputs + change)


def seen(of, memory=None):
    """The features of a transaction by their names."""
    names = [feature.name for feature in FEATURES]
    return dict(zip(names, features_of(of, memory or Memory()), strict=True))


def learnt(transactions):
    """A memory of transactions."""
    memory = Memory()
    for one in transactions:
        memory.learn(one)
    return memory


def _transfer(rng):
    return Transfer(_address(rng), int(10**5 * rng.paretovariate(0.9)))


def _address(rng):
    """One of many, some of which come again."""
    return f"bc1q{rng.choice((rng.getrandbits(64), rng.randrange(300))):040x}"
