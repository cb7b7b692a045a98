"""How a chat sees what it is told: looked up for the wording, which is pure."""

from collections.abc import Iterable, Mapping

from sqlite_utils import Database

from bot.wording.alert_message import View
from detectors.whales import in_money
from storage.alerts import Story
from storage.ledger import PRICE_MAX_AGE_SECONDS, price_at
from storage.model import Chat
from storage.subscriptions import labels_of
from watchers.model import Chain


def view_of(
    db: Database, chat: Chat, stories: Iterable[Story], chains: Mapping[str, Chain]
) -> View:
    """The labels, the zone and the money of a chat, for what these stories tell."""
    values = {}
    for story in stories:
        asset = chains[story.chain].asset
        for alert in story.alerts:
            value = alert.usd_micro
            if chat.currency != "USD":
                price = price_at(db, asset.symbol, chat.currency, alert.time, PRICE_MAX_AGE_SECONDS)
                value = in_money(abs(alert.amount), asset.decimals, price)
            if value is not None:
                values[story.hash, alert.subject] = value
    return View(labels_of(db, chat.id), chat.timezone, chat.currency, values)
