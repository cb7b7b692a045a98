"""How everything stands, read at once: what `/status` tells."""

from collections.abc import Sequence

from msgspec import Struct
from sqlite_utils import Database

from bot.commands.command import Call
from bot.desk import Desk
from bot.store import Trouble
from bot.wording.periods import DAY
from storage.database_status import (
    ChainStatus,
    DatabaseStatus,
    chain_status,
    database_status,
)
from storage.ledger import IncidentRow, gaps_between, incidents_since
from storage.outbox_status import OutboxStatus, outbox_status
from storage.persons import unreached_owners
from watchers.feed import FeedStatus
from watchers.model import Chain, Gap
from watchers.watcher import Watcher


class SourceStatus(Struct, frozen=True):
    """One source as it stands, and what is stored of its chain."""

    name: str
    chain: Chain
    feed: FeedStatus
    connected_since: float | None
    attempts: int
    last_error: str
    stored: ChainStatus
    gaps: tuple[Gap, ...]


class Overview(Struct, frozen=True):
    """Everything that `/status` tells."""

    sources: tuple[SourceStatus, ...]
    queued: int
    outbox: OutboxStatus
    database: DatabaseStatus
    incidents: tuple[IncidentRow, ...]
    started_at: float
    now: int
    zone: str
    unreached: tuple[str, ...] = ()
    """The platforms of owners who can be told nothing."""
    trouble: Trouble | None = None


def read_overview(db: Database, desk: Desk, call: Call, feeds: Sequence[FeedStatus]) -> Overview:
    """All that is stored, read at once: to wait for each part anew takes far longer."""
    since = call.now - DAY
    return Overview(
        tuple(
            _source(db, desk, watcher, feed, call.now)
            for watcher, feed in zip(desk.sources, feeds, strict=True)
        ),
        desk.queued(),
        outbox_status(db, since, call.now),
        database_status(db),
        tuple(incidents_since(db, since)),
        desk.started_at,
        call.now,
        call.chat.timezone,
        tuple(owner.platform for owner in unreached_owners(db)),
        desk.store.trouble,
    )


def _source(db: Database, desk: Desk, watcher: Watcher, feed: FeedStatus, now: int) -> SourceStatus:
    chain = desk.chains[watcher.feed.chain]
    gaps = gaps_between(db, chain.name, now - DAY, now)
    return SourceStatus(
        watcher.feed.source,
        chain,
        feed,
        watcher.connected_since,
        watcher.attempts,
        watcher.last_error or "",
        chain_status(db, chain.name),
        tuple(gap for gap in gaps if gap.source == watcher.feed.source),
    )
