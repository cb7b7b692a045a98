"""What people do with their coins: one function for each kind of transaction.

Each returns a signed transaction, or None where whoever was drawn cannot afford it.
The weights in `HABITS` are how often each is tried, of a hundred.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from .address import op_return
from .blockchain import MATURITY_BLOCKS, Chain
from .mempool import FLOOR_RATE
from .people import BITCOIN, People
from .transaction import Output, Transaction
from .wallets import DUST, Coin, Order, Wallet, compose, sign, sweep, weight_of

LARGEST_ORDINARY = 150 * BITCOIN
"""Satoshi; what is not meant as a whale stays at or below it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What everybody can see when they decide.

    `asked` is the rate, in satoshi per virtual byte, that buys a place in the next block.
    """

    rng: Random
    chain: Chain
    people: People
    time: int
    asked: float

    def order(self, payments: Sequence[Output], change: bytes, patience: float = 1.0) -> Order:
        """An order at around the rate asked or a usual one, whichever is higher.

        The patient pay less.
        """
        rate = (
            max(self.asked * self.rng.lognormvariate(0.05, 0.3), self.rng.lognormvariate(1.0, 0.7))
            / patience
        )
        rate = max(FLOOR_RATE, round(min(rate, 400.0), 2))
        return Order(payments, change, rate, self.chain.tip.height, self.time)

    def amount(self, typical: float, spread: float, most: int) -> int:
        """Satoshi of a payment: log-normal around so many bitcoin, in round figures often."""
        drawn = self.rng.lognormvariate(0, spread) * typical * BITCOIN
        amount = max(DUST * 2, min(int(drawn), most, LARGEST_ORDINARY))
        digits = len(str(amount)) - 2
        return round(amount, -digits) if self.rng.random() < 0.3 else amount

    def spendable(self, wallet: Wallet) -> list[Coin]:
        """A wallet's coins from a random one on, those that wait for a block last."""
        coins = wallet.coins(self.chain.ledger)
        cut = self.rng.randrange(len(coins)) if coins else 0
        waiting = self.chain.mempool
        return sorted(coins[cut:] + coins[:cut], key=lambda coin: coin[0].hash in waiting)

    def mature(self, coins: Iterable[Coin]) -> list[Coin]:
        """Those that are no coinbase's, or one's of long enough ago.

        A few blocks more than the rule asks, so that a reorg cannot make it wrong.
        """
        young = self.chain.main[-MATURITY_BLOCKS - 6 :]
        fresh = {block.transactions[0].hash for block in young}
        return [coin for coin in coins if coin[0].hash not in fresh]


def payment(now: Moment) -> Transaction | None:
    """A person pays another one."""
    sender, recipient = now.rng.sample(now.people.persons, 2)
    coins = now.spendable(sender)
    paid = [Output(now.amount(0.006, 2.1, worth(coins) * 9 // 10), recipient.receive(now.rng))]
    return compose(now.rng, coins, now.order(paid, sender.receive(now.rng)))


def deposit(now: Moment) -> Transaction | None:
    """A person pays into an exchange, to an address that is theirs there: at times a lot."""
    sender, exchange = now.rng.choice(now.people.persons), now.rng.choice(now.people.exchanges)
    coins = now.spendable(sender)
    most = worth(coins) * 9 // 10
    amount = most // 2 if now.rng.random() < 0.25 else now.amount(0.05, 2.0, most)
    paid = [Output(max(amount, DUST), now.rng.choice(exchange.deposits.scripts))]
    return compose(now.rng, coins, now.order(paid, sender.receive(now.rng)))


def withdrawal(now: Moment) -> Transaction | None:
    """An exchange pays one customer."""
    return _pay_out(now, now.rng.choice(now.people.exchanges).hot, 1, 0.06)


def batch(now: Moment) -> Transaction | None:
    """An exchange pays many customers at once."""
    hot = now.rng.choice(now.people.exchanges).hot
    return _pay_out(now, hot, now.rng.randint(5, 30), 0.08)


def pool_payout(now: Moment) -> Transaction | None:
    """A pool pays its miners."""
    pool = now.rng.choice(list(now.people.pools.values()))
    return _pay_out(now, pool, now.rng.randint(5, 30), 0.02)


def _pay_out(now: Moment, wallet: Wallet, count: int, typical: float) -> Transaction | None:
    coins = now.mature(now.spendable(wallet))
    recipients = now.rng.sample(now.people.persons, count)
    most = LARGEST_ORDINARY // count
    paid = [
        Output(now.amount(typical, 1.9, most), person.receive(now.rng)) for person in recipients
    ]
    return compose(now.rng, coins, now.order(paid, wallet.receive(now.rng)))


def consolidation(now: Moment) -> Transaction | None:
    """An exchange gathers its customers' deposits; it can wait."""
    exchange = now.rng.choice(now.people.exchanges)
    coins = now.spendable(exchange.deposits)[:30]
    if len(coins) < 5:
        return None
    return sweep(now.rng, coins, now.order((), exchange.hot.receive(now.rng), patience=3.0))


def tidying(now: Moment) -> Transaction | None:
    """A person who has many small coins makes one of them."""
    some = [now.spendable(person) for person in now.rng.sample(now.people.persons, 4)]
    coins = max(some, key=len)[:15]
    if len(coins) < 3:
        return None
    own = coins[0][1].script
    return sweep(now.rng, coins, now.order((), own, patience=2.0))


def data(now: Moment) -> Transaction | None:
    """Somebody writes a few bytes into the chain."""
    person = now.rng.choice(now.people.persons)
    written = [Output(0, op_return(now.rng.randbytes(now.rng.randint(20, 75))))]
    return compose(now.rng, now.spendable(person), now.order(written, person.receive(now.rng)))


def coinjoin(now: Moment) -> Transaction | None:
    """Several people mix: as many outputs of one size as there are of them, and their change."""
    size = now.rng.choice((BITCOIN // 100, BITCOIN // 20, BITCOIN // 10))
    rich: list[tuple[Wallet, Coin]] = []
    for person in now.rng.sample(now.people.persons, 40):
        coins = [coin for coin in now.spendable(person) if coin[1].value > size * 1.05]
        rich += [(person, coin) for coin in coins[:1]]
    if len(rich) < 5:
        return None
    joined = rich[: now.rng.randint(5, 10)]
    equal = [Output(size, person.receive(now.rng)) for person, _ in joined]
    order = now.order(equal, b"")
    weight = weight_of((coin[1] for _, coin in joined), equal * 2)
    share = int(order.rate * weight / 4 / len(joined)) + 1
    rests = [
        Output(coin[1].value - size - share, person.receive(now.rng)) for person, coin in joined
    ]
    outputs = equal + [rest for rest in rests if rest.value >= DUST]
    now.rng.shuffle(outputs)
    return sign(now.rng, [coin for _, coin in joined], outputs, None, order)


def settlement(now: Moment) -> Transaction | None:
    """Exchanges and big holders even out what they owe each other: most of what moves."""
    sender, recipient = now.rng.sample(_rich(now), 2)
    coins = _largest_first(now, sender)
    paid = [Output(now.amount(30, 0.9, worth(coins) // 2), recipient.receive(now.rng))]
    return compose(now.rng, coins, now.order(paid, sender.receive(now.rng)))


def whale(now: Moment) -> Transaction | None:
    """Several hundred to a few thousand bitcoin between big holders and exchanges."""
    some = now.rng.sample(_rich(now), 4)
    sender, *others = sorted(some, key=lambda one: -worth(now.spendable(one)))
    coins = _largest_first(now, sender)
    drawn = min(now.rng.paretovariate(1.3) * 500, 4000 * now.rng.uniform(0.7, 1))
    amount = min(int(drawn * BITCOIN), worth(coins) * 9 // 10)
    paid = [Output(amount, now.rng.choice(others).receive(now.rng))]
    return compose(now.rng, coins, now.order(paid, sender.receive(now.rng), patience=0.5))


def _rich(now: Moment) -> list[Wallet]:
    return [*now.people.whales, *(exchange.hot for exchange in now.people.exchanges)]


def _largest_first(now: Moment, wallet: Wallet) -> list[Coin]:
    return sorted(now.mature(now.spendable(wallet)), key=lambda coin: -coin[1].value)


def worth(coins: Iterable[Coin]) -> int:
    """Satoshi in coins."""
    return sum(output.value for _, output in coins)


Habit = Callable[[Moment], Transaction | None]
HABITS: dict[Habit, float] = {
    payment: 44,
    settlement: 8,
    deposit: 16,
    withdrawal: 10,
    batch: 6,
    consolidation: 3,
    tidying: 6,
    data: 4,
    pool_payout: 2,
    coinjoin: 1,
}


def anything(now: Moment) -> Transaction:
    """What somebody does next."""
    while True:
        (habit,) = now.rng.choices(list(HABITS), list(HABITS.values()))
        transaction = habit(now)
        if transaction is not None:
            return transaction
