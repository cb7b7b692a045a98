"""Which chains there are and where they can be read: one line for each.

Nothing outside a chain's own files names one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from watchers.bitcoin.chain import BITCOIN
from watchers.blockchain_com.feed import BlockchainCom
from watchers.blockchain_com.lookup import LOOK_UPS
from watchers.feed import Feed
from watchers.lookup import LookUps
from watchers.model import Chain


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """What a feed is built from.

    `stream`: every transaction, or those of watched addresses; `history_seconds`: how
    far back the first start goes, at most a request in `history_pace_seconds`.
    """

    stream: Literal["all", "addresses"] = "all"
    history_seconds: int = 86_400
    currencies: tuple[str, ...] = ("USD",)
    history_pace_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Source:
    """A place where a chain can be read: its public addresses, its feed and its look-ups."""

    ws_url: str
    http_url: str
    feed: Callable[[FeedOptions], Feed]
    look_ups: LookUps


def _blockchain_com(options: FeedOptions) -> Feed:
    return BlockchainCom(
        stream=options.stream,
        history_seconds=options.history_seconds,
        currencies=options.currencies,
        history_pace_seconds=options.history_pace_seconds,
    )


CHAINS: Mapping[str, Chain] = {BITCOIN.name: BITCOIN}

SOURCES: Mapping[tuple[str, str], Source] = {
    (BITCOIN.name, BlockchainCom.source): Source(
        "wss://ws.blockchain.info/inv", "https://blockchain.info", _blockchain_com, LOOK_UPS
    ),
}

DEFAULT_SOURCES: Mapping[str, str] = {BITCOIN.name: BlockchainCom.source}
