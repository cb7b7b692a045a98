"""`/status`: whether all is well, and how everything stands."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from sqlite_utils import Database

from bot.commands.command import Call, Parameter
from bot.desk import Desk
from bot.language import marked
from bot.owners import waiting_for
from bot.store import Trouble
from bot.wording.periods import DAY
from bot.wording.words import at, bold, clean, many, octets, quiet, say, span
from storage.database_status import (
    ChainStatus,
    DatabaseStatus,
    chain_status,
    database_status,
)
from storage.dispatch import OutboxStatus, outbox_status
from storage.ledger import IncidentRow, gaps_between, incidents_since
from storage.model import Button, Line, Message
from storage.persons import unreached_owners
from storage.statistics import blind_seconds
from watchers.feed import FeedStatus
from watchers.model import Chain, Gap
from watchers.watcher import Watcher

SILENT_SECONDS = 120
"""A source that was not heard for so long is worth a word."""
WAITING_SECONDS = 60
"""A message that is due for so long is worth a word."""
SMALL_JOURNAL = 10**6
"""A journal of so many bytes is not worth a word."""
MOST_INCIDENTS = 5


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


class Status:
    """Sources, queue, outbox, database, and what went wrong lately."""

    name = "status"
    summary = marked("Whether all is well: sources, deliveries, database")
    parameters: tuple[Parameter, ...] = ()
    examples = ("/status",)
    changes = False
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        feeds = [watcher.feed.status() for watcher in desk.sources]
        overview: Overview = await desk.read(_overview, desk, call, feeds)
        return format_status(overview)


def _overview(db: Database, desk: Desk, call: Call, feeds: Sequence[FeedStatus]) -> Overview:
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


def format_status(seen: Overview) -> Message:
    """All well, or what is not; then the rest in short."""
    troubles = list(_troubles(seen))
    title = say(bold("⚠️ Not all is well")) if troubles else say(bold("✅ All well"))
    lines: list[Line] = [say(f"· {trouble}") for trouble in troubles]
    for source in seen.sources:
        lines += [say(), say(bold(f"{source.chain.title} over {source.name}"))]
        lines += map(say, _source_lines(source, seen))
    lines += [say(), say(bold("Messages")), *map(say, _outbox_lines(seen))]
    lines += [say(), say(bold("Database")), *map(say, _database_lines(seen))]
    lines += _incident_lines(seen)
    lines += [say(), say(quiet(f"Running for {span(seen.now - seen.started_at)}"))]
    return Message(title, tuple(lines), ((Button("🔄 Refresh", "/status", replaces=True),),))


def _troubles(seen: Overview) -> Iterator[str]:
    if seen.trouble:
        reason = clean(seen.trouble.reason, 100)
        yield f"The database cannot be written for {span(seen.trouble.seconds)}: {reason}"
    if not seen.sources:
        yield "No source is set up: I see nothing"
    for source in seen.sources:
        yield from _source_troubles(source, seen.now)
    waits = _waits(seen)
    if waits > WAITING_SECONDS:
        yield f"Messages wait: the oldest for {span(waits)}"
    yield from map(waiting_for, seen.unreached)
    if seen.outbox.closed.get("rejected"):
        rejected = many(seen.outbox.closed["rejected"], "{n} message", "{n} messages")
        yield f"{rejected} could not be delivered"


def _source_troubles(source: SourceStatus, now: int) -> Iterator[str]:
    heard = source.feed.heard_at
    if source.connected_since is None:
        if source.attempts > 1 or source.last_error:
            since = "" if heard is None else f" for {span(now - heard)}"
            yield f"{source.chain.title} is cut off{since}: trying again"
    elif heard is not None and now - heard > SILENT_SECONDS:
        yield f"{source.chain.title} is connected but silent for {span(now - heard)}"
    if source.feed.missing > 1:
        missing = many(source.feed.missing, "{n} block", "{n} blocks")
        yield f"{missing} of {source.chain.title} still to catch up"


def _source_lines(source: SourceStatus, seen: Overview) -> Iterator[str]:
    feed = source.feed
    yield _connection(source, seen)
    if source.connected_since is None and source.last_error:
        yield f"Last error: {clean(source.last_error, 150)}"
    heard = "nothing yet" if feed.heard_at is None else f"{span(seen.now - feed.heard_at)} ago"
    yield f"Last heard: {heard}"
    yield _height(source)
    if feed.history_missing:
        yield _history(source)
    if source.gaps:
        blind = blind_seconds(source.gaps, seen.now - DAY, seen.now)
        gaps = many(len(source.gaps), "{n} gap", "{n} gaps")
        yield f"Heard nothing for {span(blind)} in 24 h ({gaps})"
    else:
        yield "No gaps in 24 h"


def _connection(source: SourceStatus, seen: Overview) -> str:
    if source.connected_since is not None:
        lasts = span(seen.now - source.connected_since)
        return f"Connected for {lasts}, since {at(source.connected_since, seen.zone)}"
    if source.attempts <= 1 and not source.last_error:
        return "Connecting"
    return f"Cut off: {many(source.attempts, '{n} attempt', '{n} attempts')} so far"


def _height(source: SourceStatus) -> str:
    height = source.feed.height or source.stored.highest
    if height is None:
        return "No block yet"
    if source.feed.tip is None:
        return f"Block {height:,}"
    return f"Block {height:,} of {max(source.feed.tip, height):,}"


def _history(source: SourceStatus) -> str:
    missing, stored = source.feed.history_missing, source.stored.history_blocks
    left = span(missing * source.feed.history_pace_seconds)
    return f"History: {stored:,} of {stored + missing:,} blocks, about {left} left"


def _waits(seen: Overview) -> float:
    """For how long the oldest message is due."""
    oldest = seen.outbox.oldest_due_at
    return 0 if oldest is None else max(0, seen.now - oldest)


def _outbox_lines(seen: Overview) -> Iterator[str]:
    box, closed = seen.outbox, seen.outbox.closed
    kept = f"{box.kept:,} kept for later, " if box.kept else ""
    stored = many(seen.queued, "{n} batch", "{n} batches")
    yield f"{box.due + box.sending:,} to send, {kept}{stored} to store"
    counts = ((closed.get(state, 0), state) for state in ("sent", "muted", "rejected"))
    yield "In 24 h: " + ", ".join(f"{count:,} {state}" for count, state in counts)
    if seen.database.parked_chats:
        chats = many(seen.database.parked_chats, "{n} chat", "{n} chats")
        yield f"{chats} out of reach, with {many(box.parked, '{n} message', '{n} messages')} kept"


def _database_lines(seen: Overview) -> Iterator[str]:
    database = seen.database
    shown = database.journal_size > SMALL_JOURNAL
    journal = f", journal {octets(database.journal_size)}" if shown else ""
    transactions = many(database.transactions, "{n} transaction", "{n} transactions")
    yield f"{octets(database.size)}{journal}, about {transactions}"
    for source in seen.sources:
        if source.stored.oldest_raw is not None:
            yield f"{source.chain.title} whole since {at(source.stored.oldest_raw, seen.zone)}"
    yield f"SQLite {database.version}"


def _incident_lines(seen: Overview) -> list[Line]:
    if not seen.incidents:
        return []
    lines = [say(), say(bold("Noted in 24 h"))]
    lines += [say(_incident(row, seen.now)) for row in seen.incidents[:MOST_INCIDENTS]]
    more = len(seen.incidents) - MOST_INCIDENTS
    return [*lines, say(f"and {more} more kinds")] if more > 0 else lines


def _incident(row: IncidentRow, now: int) -> str:
    times = f" ×{row.times:,}" if row.times > 1 else ""
    what = f"{clean(row.source, 20)}: {clean(row.kind, 40)}{times}"
    return f"· {what}, {span(now - row.last_at)} ago: {clean(row.detail, 80)}"
