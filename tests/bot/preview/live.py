"""What the live pipeline told, to be compared with what a preview says it would have."""

from pathlib import Path

from bot.intake.ingest import Ingest
from bot.intake.steps import steps
from bot.preview.count import messages_of
from bot.preview.past import read_past
from bot.preview.replay import replay
from detectors.interests import Interests
from detectors.registry import DETECTORS
from storage.blocks import begin_chain
from storage.chats import Defaults, save_chat
from storage.database import open_database
from storage.subscriptions import save_subscription
from tests.make import NOW
from watchers.bitcoin.chain import BITCOIN
from watchers.registry import CHAINS


class Live:
    """A pipeline over a database in memory, in which one chat has rules from NOW on."""

    def __init__(self, *rules):
        self.db = open_database(Path(":memory:"))
        self.interests = Interests()
        self.ingest = Ingest(CHAINS, DETECTORS, self.interests)
        with self.db.atomic():
            begin_chain(self.db, "bitcoin", NOW)
            zone = Defaults("en", "UTC", "USD")
            save_chat(self.db, "telegram", "ada", "", "private", "ada", zone, NOW)
            self.rules = [save_subscription(self.db, rule, NOW)[1] for rule in rules]
        for rule in self.rules:
            self.interests.add(rule)

    def take(self, now, *events):
        for step in steps(events):
            with self.db.atomic():
                self.ingest(self.db, step, now)

    def tick(self, now):
        with self.db.atomic():
            self.ingest.tick(self.db, now)

    def told(self):
        """What each message tells of: its transactions, or what has none."""
        rows = self.db.query(
            "SELECT x.message_id, a.transaction_hash, a.detector, a.subject, a.window_seconds"
            " FROM message_alerts x JOIN alerts a ON a.id = x.alert_id"
        )
        return _by_message(
            (r["message_id"], r["transaction_hash"], r["detector"], r["subject"],
             r["window_seconds"])
            for r in rows
        )  # fmt: skip

    def previewed(self, until):
        """The same, as the preview says it."""
        with self.db.atomic():
            past = read_past(self.db, BITCOIN, self.rules, NOW, until)
        told = replay(past, self.rules)
        found = _by_message(
            (one.key, a.transaction, a.detector, a.subject, a.window)
            for one in told
            for a in [one.alert]
        )
        assert len(found) == len(messages_of(told, self.rules[0].chat))
        return found


def _by_message(rows):
    messages: dict[str, set] = {}
    for message, transaction, *other in rows:
        messages.setdefault(message, set()).add(transaction or tuple(other))
    return sorted(map(sorted, messages.values()), key=repr)
