"""Power cuts under the real process: the database opens, and what was acknowledged is in it.

`SPYHOP_CUTS` says how many moments are tried.
"""

import asyncio
import os
import random
import re
import shutil
import time

import pytest

from storage._sqlite import DatabaseError
from storage.database import DatabaseUnusableError, open_database
from tests.end_to_end.scene import LINK
from tests.end_to_end.source import Source
from tests.proof.ground import CHATS, LATENCY_SECONDS, DoomedProgram, Ground
from tests.proof.power import SYNCS, Recording, is_complete, read_steps, strace
from tests.proof.record import record
from tests.real import required
from tests.strict_telegram.server import StrictTelegram

CUTS = int(os.environ.get("SPYHOP_CUTS", "60"))
LIVE_SECONDS = 4
WATCHING = re.compile(r"Watching\b.*?(label\d+)\b")
OFTEN = {"storage.database:PAGES_BETWEEN_CHECKPOINTS": 400}


KEPT = {
    "chat": "SELECT CAST(c.address AS INTEGER) FROM chats c"
    " JOIN subscriptions s ON s.chat_id = c.id WHERE s.kind <> 'watch'",
    "label": "SELECT label FROM subscriptions",
    "transaction": "SELECT hash FROM transactions",
}


class RecordedProgram(DoomedProgram):
    """The program, with what it does to its files recorded beside its database."""

    @property
    def command(self):
        return [*strace(self.database.parent / "strace"), *super().command]


class RecordedGround(Ground):
    """The ground under recorded programs."""

    def program(self, place="", hit=1):
        self.newest = RecordedProgram(self._folder, place, hit, hurry=OFTEN, **self._settings)
        return self.newest


@pytest.mark.timeout(120 + CUTS)
async def test_after_a_power_cut_the_database_opens_and_holds_what_was_acknowledged(tmp_path):
    recorder_or_skip()
    live, ruins = tmp_path / "live", tmp_path / "ruins"
    live.mkdir()
    promises = await lived_through(live)
    steps = read_steps(live, live / "spyhop.db")
    rng = random.Random(CUTS)
    recording = Recording(steps, live)
    moments = rng.choices(recording.moments, k=CUTS)
    found = [look_after(recording, moment, promises, ruins, rng) for moment in moments]
    controls = {
        of: [look_after(deaf, moment, promises, ruins, rng) for moment in moments]
        for of, deaf in (
            ("write-ahead log", Recording(steps, live, deaf_to="-wal")),
            ("database", Recording(steps, live, deaf_to=".db")),
        )
    }
    acknowledged = {(kind, name) for _, kind, name in promises}
    report = {
        "recorded writes": sum(step.call == "pwrite64" for step in steps),
        "recorded syncs": sum(step.call in SYNCS for step in steps),
        "power cuts": CUTS,
        "acknowledged before the end": len(acknowledged),
        "power cuts after the first acknowledgement": sum(
            moment >= min(promises)[0] for moment in moments
        ),
        "databases that did not open or were not whole": sum(broken for broken, _ in found),
        "acknowledged and lost": sum(lost for _, lost in found),
        **{
            f"control: cuts with harm if the {of} were not synced": sum(map(any, harm))
            for of, harm in controls.items()
        },
    }
    record("Power cut under the real process", report)
    assert len(acknowledged) > CHATS
    assert found == [(False, 0)] * CUTS
    for of, harm in controls.items():
        assert any(map(any, harm)), f"the cuts would not notice that the {of} is not synced"


def recorder_or_skip():
    if shutil.which("strace") is None:
        missing = "needs strace, to record what the program writes"
        if required():
            pytest.fail(missing)
        pytest.skip(missing)


async def lived_through(folder):
    """Run, kill, run again and end in good order; what was promised to whom, and when."""
    async with Source() as source, StrictTelegram() as server:
        server.latency_seconds = LATENCY_SECONDS
        server.clock = time.time  # strace's, too
        ground = RecordedGround(folder, source, server, random.Random(CUTS))
        program = ground.program()
        await program.start()
        await source.until_subscribed()
        await ground.settle(program)
        await ground.live(program, LIVE_SECONDS)
        assert program.runs, program.said()
        await program.kill()
        program = ground.program()
        await program.start()
        await source.until_subscribed()
        await ground.live(program, LIVE_SECONDS)
        await ground.finish(program)
        assert await program.stop() == 0, program.said()
        async with asyncio.timeout(30):
            while not is_complete(folder):
                await asyncio.sleep(0.05)
        return [promise for call in server.calls for promise in promised(call)]


def promised(call):
    """What a call of the bot says is kept: thresholds, labels watched, transactions seen."""
    if call.method == "sendMessage":  # a chat is told first that it has its threshold
        yield call.time, "chat", call.params["chat_id"]
    text = str(call.params.get("text", ""))
    for label in WATCHING.findall(text):
        yield call.time, "label", label
    for hash_ in LINK.findall(text):
        yield call.time, "transaction", hash_


def look_after(recording, moment, promises, folder, rng):
    """Whether the database is broken after the cut, and how many earlier promises are."""
    folder.mkdir()
    try:
        for name, content in recording.after_cut(moment, rng).items():
            (folder / name).write_bytes(content)
        kept = contents(folder / "spyhop.db")
    finally:
        shutil.rmtree(folder)
    given = {(kind, name) for told, kind, name in promises if told <= moment}
    return kept is None, len(given - (kept or set()))


def contents(path):
    """All that can be promised and is in a database; None where it is broken."""
    try:
        db = open_database(path)
    except (DatabaseUnusableError, DatabaseError):
        return None
    try:
        if db.conn.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            return None
        return {
            (kind, value) for kind, query in KEPT.items() for (value,) in db.conn.execute(query)
        }
    except DatabaseError:
        return None
    finally:
        db.close()
