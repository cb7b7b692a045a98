"""The straight line from events to the outbox: synchronous, one transaction a step.

1 save what is new and move the checkpoint, 2 every detector scores the batch, 3 save its
alerts (the unique key decides), 4 match subscriptions and enqueue deliveries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from bot.intake.scoring import score
from bot.intake.steps import Pending, Slice, Step
from bot.language import speaking_to
from bot.notices import format_gap, note_incident
from detectors.detector import Batch, Detector
from detectors.interests import Interests
from detectors.matching import answered
from detectors.model import Alert, Kind, Subscription
from storage.alerts import save_alerts
from storage.blocks import complete_block, orphan_above, save_heard, save_met, save_slice
from storage.chats import chat_by_id
from storage.concerned import messages_about, messages_about_block
from storage.detector_states import States
from storage.ledger import PRICE_MAX_AGE_SECONDS, last_gap, price_at, save_gap, save_price
from storage.listeners import listeners_of
from storage.model import Priority
from storage.moments import save_moment
from storage.outbox import enqueue_alert, enqueue_notice, request_edits
from storage.transactions import conflict_keys, save_transactions
from watchers.model import (
    Chain,
    Gap,
    Header,
    Heard,
    Incident,
    Price,
    Reorg,
    Transaction,
)

BLIND_SECONDS = 60
"""A gap longer than this is said in the chats that get late alerts."""
SETTLING_SECONDS = 120
"""After a reorg most transactions come back within the next block or two: wait to tell."""


@dataclass(frozen=True)
class Ingest:
    """What a step needs beside the database; used on the database thread only."""

    chains: Mapping[str, Chain]
    detectors: Sequence[Detector]
    interests: Interests
    _states: States = field(default_factory=States, init=False, repr=False)

    def __call__(self, db: Database, step: Step, now: int) -> None:
        """Store a step and enqueue what is to be said of it."""
        match step:
            case Pending(chain, transactions):
                self._ingest_pending(db, chain, transactions, now)
            case Slice():
                self._ingest_slice(db, step, now)
            case Reorg(chain, ancestor):
                _unsettle(db, chain, orphan_above(db, chain, ancestor), now)
            case Price():
                self._ingest_price(db, step, now)
            case Gap():
                save_gap(db, step)
            case Heard(chain, _, time):
                save_heard(db, chain, time)
            case Incident():
                note_incident(db, step, now)

    def _ingest_pending(
        self, db: Database, chain: str, transactions: tuple[Transaction, ...], now: int
    ) -> None:
        fresh = save_transactions(db, chain, transactions, unconfirmed=True).fresh
        if fresh:
            self._detect(db, chain, fresh, now, late=False)
        rivals = [t.hash for t in fresh if t.spends]
        if rivals:
            request_edits(db, messages_about(db, chain, rivals), now)

    def _ingest_slice(self, db: Database, part: Slice, now: int) -> None:
        block = part.block
        fresh = save_slice(db, block, part.transactions).fresh
        if fresh and not block.historic:
            self._detect(db, block.chain, fresh, now, late=block.late)
        if part.last:
            _unsettle(db, block.chain, complete_block(db, block), now)
            if not block.historic:
                if not block.late:
                    save_met(db, block.chain, block.header.hash, now)
                headers = (block.header,)
                self._detect(db, block.chain, (), now, late=block.late, headers=headers)
            touched = messages_about_block(db, block.chain, block.header.hash)
            request_edits(db, touched, now)

    def _ingest_price(self, db: Database, price: Price, now: int) -> None:
        """Detectors may have waited for it: let them see it without a transaction."""
        save_price(db, price)
        for chain in self.chains.values():
            if chain.asset.symbol == price.asset:
                self._detect(db, chain.name, (), now, late=False)

    def tick(self, db: Database, now: int) -> None:
        """Let detectors see what only the clock tells: once a minute."""
        for chain in self.chains:
            self._detect(db, chain, (), now, late=False)

    def _detect(
        self,
        db: Database,
        name: str,
        fresh: tuple[Transaction, ...],
        now: int,
        *,
        late: bool,
        headers: tuple[Header, ...] = (),
    ) -> None:
        """Let every detector score what is new, and tell who asked for it."""
        asset = self.chains[name].asset
        price = price_at(db, asset.symbol, "USD", now, PRICE_MAX_AGE_SECONDS)
        batch = Batch(
            name, asset.symbol, asset.decimals, fresh, price, now, self.interests, late, headers
        )
        if batch.is_moment:
            save_moment(db, name, now)
        states = self._states.load(db, name)
        for detector in self.detectors:
            state = states.get(detector.name, b"")
            alerts, new_state, incidents = score(db, detector, batch, state)
            if new_state != state:
                self._states.save(db, detector.name, name, new_state)
            for incident in incidents:
                note_incident(db, incident, now)
            asked = [
                (id_, alert, answered(alert, self.interests))
                for id_, alert in save_alerts(db, alerts)
            ]
            self._tell(db, name, asked, now, blind=late)

    def _tell(
        self,
        db: Database,
        chain: str,
        alerts: Sequence[tuple[int, Alert, Mapping[int, Subscription]]],
        now: int,
        *,
        blind: bool,
    ) -> None:
        """Enqueue the alerts for who asked, after the blind time that made them late."""
        if not alerts:
            return
        keys = conflict_keys(db, chain, [a.transaction for _, a, _ in alerts if a.transaction])
        gap = last_gap(db, chain) if blind else None
        for id_, alert, asked in alerts:
            personal = any(s.kind is Kind.WATCH for s in asked.values())
            priority = Priority.PERSONAL if personal else Priority.BROADCAST
            if gap and gap[1].end - gap[1].start > BLIND_SECONDS:
                for chat, *_ in listeners_of(db, asked):
                    with speaking_to(chat_by_id(db, chat)):
                        notice = format_gap(gap[1], self.chains[chain])
                    enqueue_notice(db, chat, f"gap:{gap[0]}", notice, priority, now)
            enqueue_alert(db, asked, _key(alert, keys), id_, priority, now)


def _key(alert: Alert, conflict_keys: Mapping[str, str]) -> str:
    """What a message is about: a conflict set, or what has no transaction."""
    if alert.transaction:
        return conflict_keys[alert.transaction]
    return f"{alert.chain}:{alert.detector}:{alert.subject}:{alert.window}"


def _unsettle(db: Database, chain: str, orphans: Iterable[Header], now: int) -> None:
    """Let what was told of transactions in blocks that left the main chain be looked at again."""
    for header in orphans:
        touched = messages_about_block(db, chain, header.hash)
        request_edits(db, touched, now + SETTLING_SECONDS)
