"""Who takes part in the simulated economy, and what each of them owns at the beginning."""

from dataclasses import dataclass
from random import Random

from .blockchain import Chain
from .transaction import Outpoint, Output
from .wallets import Wallet

BITCOIN = 100_000_000
"""Satoshi in one bitcoin."""

POOLS = ("Humpback", "Minke Mining", "Orca Pool", "Beluga", "Fin & Fluke")
_KINDS = ("p2wpkh", "p2tr", "p2sh", "p2pkh")
_SHARES = (55, 20, 13, 12)
_PERSONS, _DEPOSIT_ADDRESSES, _WHALES = 300, 60, 6


@dataclass(slots=True)
class Exchange:
    """One hot address that pays everybody, and an address for every customer's deposits."""

    hot: Wallet
    deposits: Wallet


@dataclass(slots=True)
class People:
    """Everybody."""

    persons: list[Wallet]
    exchanges: list[Exchange]
    pools: dict[str, Wallet]
    whales: list[Wallet]


def settle(rng: Random, chain: Chain) -> People:
    """Make everybody, and hand out the coins that were there before the first block."""
    people = People(
        persons=[Wallet(_kind(rng), reuses=rng.random() < 0.15) for _ in range(_PERSONS)],
        exchanges=[_exchange(rng, kind) for kind in ("p2wpkh", "p2wsh", "p2sh", "p2pkh")],
        pools={pool: Wallet("p2wpkh", reuses=True) for pool in POOLS},
        whales=[Wallet(_kind(rng), reuses=True) for _ in range(_WHALES)],
    )
    for person in people.persons:
        for _ in range(rng.randint(1, 4)):
            _endow(rng, chain, person, min(40.0, 0.02 * rng.paretovariate(0.8)))
    for exchange in people.exchanges:
        for _ in range(40):
            _endow(rng, chain, exchange.hot, rng.uniform(20, 250))
    for whale in people.whales:
        for _ in range(12):
            _endow(rng, chain, whale, rng.uniform(300, 4000))
    for pool in people.pools.values():
        _endow(rng, chain, pool, 60.0)
    return people


def _kind(rng: Random) -> str:
    return rng.choices(_KINDS, _SHARES)[0]


def _exchange(rng: Random, kind: str) -> Exchange:
    deposits = Wallet(kind)
    for _ in range(_DEPOSIT_ADDRESSES):
        deposits.scripts.append(Wallet(kind).receive(rng))
    return Exchange(Wallet(kind, reuses=True), deposits)


def _endow(rng: Random, chain: Chain, wallet: Wallet, bitcoin: float) -> None:
    outpoint = Outpoint(rng.randbytes(32).hex(), rng.randint(0, 3))
    chain.inherit(outpoint, Output(int(bitcoin * BITCOIN), wallet.receive(rng)))
