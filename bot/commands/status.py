"""`/status`: whether all is well, and how everything stands."""

from collections.abc import Iterator

from bot.commands.command import Call, Parameter
from bot.commands.overview import Overview, SourceStatus, read_overview
from bot.desk import Desk
from bot.language import _, marked, unsealed
from bot.owners import waiting_for
from bot.wording.periods import DAY
from bot.wording.words import at, bold, clean, many, number, octets, quiet, say, span
from storage.ledger import IncidentRow
from storage.model import Button, Line, Message
from storage.statistics import blind_seconds

SILENT_SECONDS = 120
"""A source that was not heard for so long is worth a word."""
WAITING_SECONDS = 60
"""A message that is due for so long is worth a word."""
SMALL_JOURNAL = 10**6
"""A journal of so many bytes is not worth a word."""
MOST_INCIDENTS = 5


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
        overview: Overview = await desk.read(read_overview, desk, call, feeds)
        return format_status(overview)


def format_status(seen: Overview) -> Message:
    """All well, or what is not; then the rest in short."""
    troubles = list(_troubles(seen))
    title = _("⚠️ Not all is well") if troubles else _("✅ All well")
    lines: list[Line] = [say(f"· {trouble}") for trouble in troubles]
    for source in seen.sources:
        over = _("{chain} over {source}").format(chain=source.chain.title, source=source.name)
        lines += [say(), say(bold(over)), *map(say, _source_lines(source, seen))]
    lines += [say(), say(bold(_("Messages"))), *map(say, _outbox_lines(seen))]
    lines += [say(), say(bold(_("Database"))), *map(say, _database_lines(seen))]
    lines += _incident_lines(seen)
    running = _("Running for {span}").format(span=span(seen.now - seen.started_at))
    lines += [say(), say(quiet(running))]
    refresh = Button(_("🔄 Refresh"), "/status", replaces=True)
    return Message(say(bold(title)), tuple(lines), ((refresh,),))


def _troubles(seen: Overview) -> Iterator[str]:
    if seen.trouble:
        reason, lasts = clean(seen.trouble.reason, 100), span(seen.trouble.seconds)
        unwritable = _("The database cannot be written for {span}: {reason}")
        yield unwritable.format(span=lasts, reason=reason)
    if not seen.sources:
        yield _("No source is set up: I see nothing")
    for source in seen.sources:
        yield from _source_troubles(source, seen.now)
    waits = _waits(seen)
    if waits > WAITING_SECONDS:
        yield _("Messages wait: the oldest for {span}").format(span=span(waits))
    yield from map(waiting_for, seen.unreached)
    if rejected := seen.outbox.closed.get("rejected"):
        yield many(
            rejected, "{n} message could not be delivered", "{n} messages could not be delivered"
        )


def _source_troubles(source: SourceStatus, now: int) -> Iterator[str]:
    heard = source.feed.heard_at
    if source.connected_since is None:
        if source.attempts > 1 or source.last_error:
            lasts = "" if heard is None else span(now - heard)
            cut = _("{chain} is cut off for {span}: trying again")
            if not lasts:
                cut = _("{chain} is cut off: trying again")
            yield cut.format(chain=source.chain.title, span=lasts)
    elif heard is not None and now - heard > SILENT_SECONDS:
        silent = _("{chain} is connected but silent for {span}")
        yield silent.format(chain=source.chain.title, span=span(now - heard))
    if source.feed.missing > 1:
        yield many(
            source.feed.missing,
            "{n} block of {chain} still to catch up",
            "{n} blocks of {chain} still to catch up",
            chain=source.chain.title,
        )


def _source_lines(source: SourceStatus, seen: Overview) -> Iterator[str]:
    feed = source.feed
    yield _connection(source, seen)
    if source.connected_since is None and source.last_error:
        yield _("Last error: {error}").format(error=clean(unsealed(source.last_error), 150))
    if feed.heard_at is None:
        yield _("Last heard: nothing yet")
    else:
        yield _("Last heard: {span} ago").format(span=span(seen.now - feed.heard_at))
    yield _height(source)
    if feed.history_missing:
        yield _history(source)
    if source.gaps:
        yield many(
            len(source.gaps),
            "Heard nothing for {span} in 24 h ({n} gap)",
            "Heard nothing for {span} in 24 h ({n} gaps)",
            span=span(blind_seconds(source.gaps, seen.now - DAY, seen.now)),
        )
    else:
        yield _("No gaps in 24 h")


def _connection(source: SourceStatus, seen: Overview) -> str:
    if source.connected_since is not None:
        lasts, since = seen.now - source.connected_since, at(source.connected_since, seen.zone)
        return _("Connected for {span}, since {time}").format(span=span(lasts), time=since)
    if source.attempts <= 1 and not source.last_error:
        return _("Connecting")
    return many(source.attempts, "Cut off: {n} attempt so far", "Cut off: {n} attempts so far")


def _height(source: SourceStatus) -> str:
    height = source.feed.height or source.stored.highest
    if height is None:
        return _("No block yet")
    if source.feed.tip is None:
        return _("Block {height}").format(height=number(height))
    tip = number(max(source.feed.tip, height))
    return _("Block {height} of {tip}").format(height=number(height), tip=tip)


def _history(source: SourceStatus) -> str:
    missing, stored = source.feed.history_missing, source.stored.history_blocks
    left = span(missing * source.feed.history_pace_seconds)
    said = _("History: {n} of {all} blocks, about {span} left")
    return said.format(n=number(stored), all=number(stored + missing), span=left)


def _waits(seen: Overview) -> float:
    """For how long the oldest message is due."""
    oldest = seen.outbox.oldest_due_at
    return 0 if oldest is None else max(0, seen.now - oldest)


def _outbox_lines(seen: Overview) -> Iterator[str]:
    box, closed = seen.outbox, seen.outbox.closed
    to_send, kept = box.due + box.sending, box.kept
    parts = [
        many(to_send, "{n} to send", "{n} to send"),
        *([many(kept, "{n} kept for later", "{n} kept for later")] if kept else []),
        many(seen.queued, "{n} batch to store", "{n} batches to store"),
    ]
    yield ", ".join(parts)
    counts = {state: number(closed.get(state, 0)) for state in ("sent", "muted", "rejected")}
    yield _("In 24 h: {sent} sent, {muted} muted, {rejected} rejected").format(**counts)
    if chats := seen.database.parked_chats:
        away = many(chats, "{n} chat out of reach", "{n} chats out of reach")
        yield f"{away}, {many(box.parked, 'with {n} message kept', 'with {n} messages kept')}"


def _database_lines(seen: Overview) -> Iterator[str]:
    database = seen.database
    shown = database.journal_size > SMALL_JOURNAL
    size = octets(database.size)
    if shown:
        journal = octets(database.journal_size)
        size = _("{size}, journal {journal}").format(size=size, journal=journal)
    yield many(
        database.transactions,
        "{size}, about {n} transaction",
        "{size}, about {n} transactions",
        size=size,
    )
    for source in seen.sources:
        if source.stored.oldest_raw is not None:
            since = at(source.stored.oldest_raw, seen.zone)
            whole = _("{chain} whole since {time}")
            yield whole.format(chain=source.chain.title, time=since)
    yield f"SQLite {database.version}"


def _incident_lines(seen: Overview) -> list[Line]:
    if not seen.incidents:
        return []
    lines = [say(), say(bold(_("Noted in 24 h")))]
    lines += [say(_incident(row, seen.now)) for row in seen.incidents[:MOST_INCIDENTS]]
    more = len(seen.incidents) - MOST_INCIDENTS
    if more > 0:
        lines.append(say(many(more, "and {n} more kinds", "and {n} more kinds")))
    return lines


def _incident(row: IncidentRow, now: int) -> str:
    times = f" ×{number(row.times)}" if row.times > 1 else ""
    what = f"{clean(unsealed(row.source), 30)}: {clean(unsealed(row.kind), 40)}{times}"
    said = _("{what}, {span} ago: {detail}")
    ago, detail = span(now - row.last_at), clean(unsealed(row.detail), 80)
    return f"· {said.format(what=what, span=ago, detail=detail)}"
