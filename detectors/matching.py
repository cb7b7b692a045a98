"""Which subscription of a chat an alert answers to."""

from collections.abc import Sequence

from detectors.interests import Interests
from detectors.model import Alert, Ring, Subscription
from detectors.watched import Watched
from detectors.whales import USD, Whales

_LOUDNESS = {ring: loudness for loudness, ring in enumerate(reversed(Ring))}


def answered(alert: Alert, interests: Interests) -> dict[int, Subscription]:
    """By chat, the subscription that an alert answers to.

    It is the one that rings loudest, among equals the one that was begun last.
    """
    found: dict[int, Subscription] = {}
    for subscription in _near(alert, interests):
        known = found.get(subscription.chat)
        louder = known is None or _rank(subscription) > _rank(known)
        if louder and subscription.asks_for(alert):
            found[subscription.chat] = subscription
    return found


def _near(alert: Alert, interests: Interests) -> Sequence[Subscription]:
    """The subscriptions that may ask for an alert, found by the index."""
    if alert.detector == Watched.name:
        return interests.watching(alert.chain, alert.subject)
    if alert.detector != Whales.name:
        return interests.of(alert.chain, alert.detector)
    reached: list[Subscription] = []
    if alert.subject != USD:
        reached += interests.reached(alert.chain, alert.subject, alert.amount)
    if alert.usd_micro is not None:
        reached += interests.reached(alert.chain, USD, alert.usd_micro)
    return reached


def _rank(subscription: Subscription) -> tuple[int, int]:
    return _LOUDNESS[subscription.ring], subscription.id
