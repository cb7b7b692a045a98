"""How many messages alerts make, how close together, and how many more than a budget: pure."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from bot.preview.replay import Told
from detectors.model import Kind
from storage.ruling import Ruling, Way, Wishes, decide_alerts
from storage.ruling import Told as Ruled

HOUR = 3600
LEAVES = Ruling(Way.LOUD)


class Count(Struct, frozen=True):
    """The messages to one chat, oldest first: the first alert of each.

    `peak`: the most within any hour; `beyond`: what a budget would have put together.
    """

    messages: tuple[Told, ...]
    peak: int
    beyond: int


def count(told: Iterable[Told], chat: int, budget: int) -> Count:
    """What one chat would have been sent."""
    said = messages_of(told, chat)
    return Count(said, _peak([one.at for one in said]), _beyond(said, chat, budget))


def messages_of(told: Iterable[Told], chat: int) -> tuple[Told, ...]:
    """The first alert of each message to a chat, oldest first."""
    messages: dict[str, Told] = {}
    for one in sorted(told, key=lambda one: one.at):
        if chat in one.asked:
            messages.setdefault(one.key, one)
    return tuple(messages.values())


def counts_of(told: Iterable[Told]) -> Counter[int]:
    """How many messages each chat would have been sent."""
    return Counter(chat for chat, _key in {(chat, one.key) for one in told for chat in one.asked})


def _peak(times: Sequence[int]) -> int:
    return max(
        (place + 1 - bisect_right(times, at - HOUR) for place, at in enumerate(times)), default=0
    )


def _beyond(messages: Sequence[Told], chat: int, budget: int) -> int:
    """How many come when so many were sent in the hour before, as `storage.ruling` decides."""
    sent: list[int] = []
    collects_until = beyond = 0
    for one in messages:
        full = len(sent) - bisect_right(sent, one.at - HOUR) >= budget
        ruling = _ruling(one, chat, collects=one.at < collects_until) if full else LEAVES
        beyond += ruling.collects or ruling.way is Way.COLLECTED
        if ruling.collects:
            collects_until = one.at + HOUR
        if ruling.way is not Way.COLLECTED:
            sent.append(one.at)
    return beyond


def _ruling(one: Told, chat: int, *, collects: bool) -> Ruling:
    """What happens to a message of a chat that was told as much as it wants."""
    wishes = Wishes(bound=True, full=True, collector=int(collects))
    passes = one.asked[chat].kind is Kind.WATCH
    return decide_alerts([Ruled(0, one.alert)], wishes, passes=passes).ruling
