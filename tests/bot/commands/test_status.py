"""`/status` as it is read."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from storage.blocks import begin_chain, complete_block, save_slice
from storage.chats import park_chat
from storage.dispatch import claim
from storage.ledger import save_gap, save_incident
from storage.model import Message, Priority, Rejected, Text
from storage.outbox import enqueue_notice
from storage.verdicts import save_verdicts
from tests.bot.desk import Talk
from tests.make import NOW, block, coinbase, transaction
from watchers.feed import FeedStatus
from watchers.model import Gap, Incident

STATUS = FeedStatus(840_000, 840_000, 0, 0, NOW - 3.0)


def source(status=STATUS, *, connected_since=NOW - 7500.0, attempts=0, last_error=None):
    """A watcher as far as it can be looked at."""
    feed = SimpleNamespace(chain="bitcoin", source="blockchain.com", status=lambda: status)
    return SimpleNamespace(
        feed=feed, connected_since=connected_since, attempts=attempts, last_error=last_error
    )


def status_of(desk, *sources, queued=0):
    return Talk(replace(desk, sources=sources, queued=lambda: queued)).say("/status")


async def test_all_is_well_when_it_is(desk):
    answer = await status_of(desk, source())
    assert answer.startswith("✅ All well")
    assert "Connected for 2 h 5 min, since 20:08 on 14 Nov" in answer
    assert "Last heard: 3 s ago" in answer
    assert "Block 840,000 of 840,000" in answer
    assert "No gaps in 24 h" in answer
    assert "Running for 1 h" in answer


async def test_a_bot_without_sources_says_that_it_sees_nothing(talk):
    assert "No source is set up" in await talk.say("/status")


async def test_a_cut_is_told_with_its_last_error(desk):
    cut = source(connected_since=None, attempts=4, last_error="ConnectionRefusedError: no")
    answer = await status_of(desk, cut)
    assert answer.startswith("⚠️ Not all is well\n· Bitcoin is cut off for 3 s: trying again")
    assert "Cut off: 4 attempts so far\nLast error: ConnectionRefusedError: no" in answer


async def test_the_first_connection_is_no_trouble(desk):
    first = source(FeedStatus(None, None, 0, 0, None), connected_since=None, attempts=1)
    answer = await status_of(desk, first)
    assert answer.startswith("✅ All well")
    assert "Connecting\nLast heard: nothing yet\nNo block yet" in answer


async def test_a_silent_source_is_told(desk):
    silent = source(FeedStatus(5, 5, 0, 0, NOW - 600.0))
    assert "Bitcoin is connected but silent for 10 min" in await status_of(desk, silent)


async def test_blocks_to_catch_up_and_the_history_are_told(desk):
    def fill(db):
        begin_chain(db, "bitcoin", NOW - 86400)
        for height in range(3):
            made = block(height, [coinbase(height)], time=NOW - 600 * height)
            save_slice(db, made, made.transactions)
            complete_block(db, made)

    await desk.write(fill)
    behind = source(FeedStatus(2, 40, 38, 107, NOW - 1.0, history_pace_seconds=10.0))
    answer = await status_of(desk, behind)
    assert "38 blocks of Bitcoin still to catch up" in answer
    assert "Block 2 of 40" in answer
    assert "History: 3 of 110 blocks, about 17 min left" in answer


async def test_the_gaps_of_a_day_are_counted_and_added_up(desk):
    for start, end in ((500, 400), (300, 285), (90_000, 86_000)):
        gap = Gap("bitcoin", "blockchain.com", NOW - start, NOW - end, "cut")
        await desk.write(save_gap, gap)
    answer = await status_of(desk, source())
    assert "Heard nothing for 8 min in 24 h (3 gaps)" in answer


async def test_what_waits_and_what_became_of_messages_is_told(desk, talk):
    await talk.say("/help")

    def fill(db):
        for number in range(3):
            body = Message((Text("hello"),))
            enqueue_notice(db, 1, f"n{number}", body, Priority.DIGEST, NOW - 300)
        (delivery,) = claim(db, {"terminal": 1}, NOW)
        save_verdicts(db, [(delivery, Rejected("too long"), "")], NOW)

    await desk.write(fill)
    answer = await status_of(desk, source(), queued=12)
    assert "Messages wait: the oldest for 5 min" in answer
    assert "1 message could not be delivered" in answer
    assert "2 to send, 12 batches to store" in answer
    assert "In 24 h: 0 sent, 0 muted, 1 rejected" in answer


async def test_chats_that_cannot_be_reached_are_told(desk, talk):
    await talk.by(platform="telegram", chat="9", person="9").say("/help")
    await desk.write(park_chat, "telegram", "9", "blocked")
    assert "1 chat out of reach, with 0 messages kept" in await status_of(desk, source())


async def test_the_database_is_measured(desk):
    from storage.transactions import save_transactions

    def fill(db):
        begin_chain(db, "bitcoin", NOW - 86400)
        made = [transaction(time=NOW - 60 * n) for n in range(50)]
        save_transactions(db, "bitcoin", made, unconfirmed=True)

    await desk.write(fill)
    answer = await status_of(desk, source())
    assert "kB, about 50 transactions" in answer
    assert "journal" not in answer
    assert "Bitcoin whole since 21:24 on 14 Nov" in answer


async def test_a_large_journal_is_told_beside_the_data(desk):
    def fill(db):
        db.execute("CREATE TABLE ballast AS SELECT zeroblob(2000000) AS bytes")

    await desk.write(fill)
    assert re.search(
        r"\d kB, journal 2\.\d MB, about 0 transactions", await status_of(desk, source())
    )


@pytest.mark.parametrize("kinds", [1, 5, 8])
async def test_incidents_are_told_newest_first_and_not_too_many(desk, kinds):
    def fill(db):
        for kind in range(kinds):
            for again in range(3):
                time = NOW - 1000 + kind * 10 + again
                save_incident(db, Incident("blockchain.com", f"kind {kind}", "odd", time))

    await desk.write(fill)
    answer = await status_of(desk, source())
    assert f"· blockchain.com: kind {kinds - 1} ×3, " in answer
    assert answer.count("×3") == min(kinds, 5)
    assert ("and 3 more kinds" in answer) == (kinds == 8)
