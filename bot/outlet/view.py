"""How a chat sees what it is told: looked up for the wording, which is pure."""

from collections.abc import Iterable, Mapping

from sqlite_utils import Database

from bot.learning.running import model_at
from bot.wording.alert_view import View
from bot.wording.odd import reason_line
from detectors.whales import in_money
from storage.alerts import Story
from storage.features import features_of_hash
from storage.ledger import PRICE_MAX_AGE_SECONDS, price_at
from storage.model import Chat, Line
from storage.models import DamagedError
from storage.subscriptions import labels_of
from watchers.model import Chain


def view_of(
    db: Database, chat: Chat, stories: Iterable[Story], chains: Mapping[str, Chain]
) -> View:
    """The labels, the zone and the money of a chat, for what these stories tell."""
    values, reasons = {}, {}
    for story in stories:
        if any(alert.rate for alert in story.alerts):
            reasons[story.hash] = reasons_of(db, chains[story.chain], story.hash)
        asset = chains[story.chain].asset
        for alert in story.alerts:
            value = alert.usd_micro
            if chat.currency != "USD":
                price = price_at(db, asset.symbol, chat.currency, alert.time, PRICE_MAX_AGE_SECONDS)
                value = in_money(abs(alert.amount), asset.decimals, price)
            if value is not None:
                values[story.hash, alert.subject] = value
    labels = labels_of(db, chat.id)
    return View(labels, chat.timezone, chat.currency, values, reasons=reasons)


def reasons_of(db: Database, chain: Chain, hash_: str) -> tuple[Line, ...]:
    """What is odd about a transaction, as the model says that judged it; () where that is gone."""
    import numpy as np  # noqa: PLC0415 - as below

    from detectors.learnt.arrays import ModelFileError  # noqa: PLC0415 - numpy is not for the start
    from detectors.learnt.model import NAMES  # noqa: PLC0415 - as above

    seen = features_of_hash(db, chain.name, hash_, NAMES)
    if seen is None or seen.model is None:
        return ()
    try:
        found = model_at(db, seen.model).reasons(np.array(seen.values))
    except (LookupError, DamagedError, ModelFileError):
        return ()
    return tuple(reason_line(reason, chain) for reason in found)
