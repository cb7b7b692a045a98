"""The kinds of subscriptions: one line each, in the order in which they are offered."""

from collections.abc import Mapping

from bot.kinds.anomalies import AnomaliesWords
from bot.kinds.blocks import BlocksWords
from bot.kinds.fees import FeesWords
from bot.kinds.kind import KindWords
from bot.kinds.price import PriceWords
from bot.kinds.source import SourceWords
from bot.kinds.watch import WatchWords
from bot.kinds.whales import WhalesWords
from detectors.model import Kind

_ALL: tuple[KindWords, ...] = (
    WatchWords(),
    WhalesWords(),
    BlocksWords(),
    FeesWords(),
    PriceWords(),
    SourceWords(),
    AnomaliesWords(),
)
KINDS: Mapping[Kind, KindWords] = {words.kind: words for words in _ALL}
