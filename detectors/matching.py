"""Who wants to know of an alert."""

from detectors.interests import Interests
from detectors.model import Alert, Subscription
from detectors.whales import USD, Whales


def chats_for(alert: Alert, interests: Interests) -> set[int]:
    """The chats that asked for this: any one of a chat's subscriptions is enough."""
    if alert.detector == Whales.name:
        reached: list[Subscription] = []
        if alert.subject != USD:
            reached += interests.reached(alert.chain, alert.subject, alert.amount)
        if alert.usd_micro is not None:
            reached += interests.reached(alert.chain, USD, alert.usd_micro)
        return {subscription.chat for subscription in reached}
    return {s.chat for s in interests.watching(alert.chain, alert.subject)}
