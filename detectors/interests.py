"""Who wants to know what: an index over all subscriptions, fast at ten thousand chats."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from operator import attrgetter

from detectors.model import Kind, Ring, Subscription

_by_amount = attrgetter("amount")


class Interests:
    """The active subscriptions by what they are about; changed one at a time.

    What rings not at all is not here.
    """

    def __init__(self, subscriptions: Iterable[Subscription] = ()) -> None:
        self._watches: dict[str, dict[str, list[Subscription]]] = defaultdict(dict)
        self._whales: dict[tuple[str, str], list[Subscription]] = defaultdict(list)
        self._others: dict[tuple[str, str], list[Subscription]] = defaultdict(list)
        self._by_chat: dict[int, list[Subscription]] = {}
        for subscription in subscriptions:
            self.add(subscription)

    def renew(self, subscriptions: Iterable[Subscription]) -> None:
        """Forget everything, and begin anew with these."""
        fresh = Interests(subscriptions)
        self._watches, self._whales = fresh._watches, fresh._whales
        self._others, self._by_chat = fresh._others, fresh._by_chat

    def add(self, subscription: Subscription) -> None:
        """Take a new subscription in."""
        if subscription.ring is Ring.OFF:
            return
        match subscription.kind:
            case Kind.WATCH:
                watches = self._watches[subscription.chain]
                watches.setdefault(subscription.address, []).append(subscription)
                self._by_chat.setdefault(subscription.chat, []).append(subscription)
            case Kind.WHALES:
                key = (subscription.chain, subscription.unit)
                insort(self._whales[key], subscription, key=_by_amount)
            case kind:
                self._others[subscription.chain, kind].append(subscription)

    def remove(self, subscription: Subscription) -> None:
        """Forget a subscription that ended; that of a chat which is told nothing is not here."""
        match subscription.kind:
            case Kind.WATCH:
                self._remove_watch(subscription)
            case Kind.WHALES:
                _drop(self._whales[subscription.chain, subscription.unit], subscription)
            case kind:
                _drop(self._others[subscription.chain, kind], subscription)

    def _remove_watch(self, subscription: Subscription) -> None:
        if subscription not in self.watching(subscription.chain, subscription.address):
            return
        watches = self._watches[subscription.chain]
        watches[subscription.address].remove(subscription)
        if not watches[subscription.address]:
            del watches[subscription.address]
        self._by_chat[subscription.chat].remove(subscription)
        if not self._by_chat[subscription.chat]:
            del self._by_chat[subscription.chat]

    def addresses(self, chain: str) -> AbstractSet[str]:
        """The watched addresses of a chain."""
        return self._watches[chain].keys()

    def currencies(self, chain: str) -> AbstractSet[str]:
        """In what somebody asks for the price of a chain's asset."""
        return {price.unit for price in self._others[chain, Kind.PRICE]}

    def watching(self, chain: str, address: str) -> Sequence[Subscription]:
        """Who watches an address."""
        return self._watches[chain].get(address, ())

    def watched_in(self, chat: int) -> Sequence[Subscription]:
        """What a chat watches, oldest first."""
        return tuple(self._by_chat.get(chat, ()))

    def floor(self, chain: str, unit: str) -> int | None:
        """The lowest whale threshold in a unit (an asset's symbol or "USD")."""
        thresholds = self._whales[chain, unit]
        return thresholds[0].amount if thresholds else None

    def reached(self, chain: str, unit: str, amount: int) -> Sequence[Subscription]:
        """The whale thresholds in a unit that an amount reaches (by at least)."""
        thresholds = self._whales[chain, unit]
        return thresholds[: bisect_right(thresholds, amount, key=_by_amount)]

    def of(self, chain: str, kind: str) -> Sequence[Subscription]:
        """The subscriptions of a kind that has neither addresses nor thresholds."""
        return self._others[chain, kind]


def _drop(subscriptions: list[Subscription], subscription: Subscription) -> None:
    if subscription in subscriptions:
        subscriptions.remove(subscription)
