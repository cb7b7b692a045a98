"""Power cuts under the real process: the database opens, and what was acknowledged is in it.

The program lives several lives, each ended by a power cut of which the next one knows nothing.
`SPYHOP_CUTS` says at how many moments of them the power is cut in thought as well.
"""

import asyncio
import os
import random
import shutil
import time
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest

from tests.end_to_end.source import Source
from tests.proof.ground import LATENCY_SECONDS, DoomedProgram, Ground
from tests.proof.power import SYNCS, Recording, Step, found_there, is_complete, read_steps, strace
from tests.proof.record import record
from tests.proof.ruins import Ruin, Witness
from tests.real import required
from tests.strict_telegram.server import StrictTelegram

RUN = "Power cut under the real process"
CUTS = int(os.environ.get("SPYHOP_CUTS", "60"))
LIVES = 4
LIVE_SECONDS = 5
OFTEN = {"storage.database:PAGES_BETWEEN_CHECKPOINTS": 400}
CONTROLS = {"write-ahead log": "-wal", "database": ".db"}


class RecordedProgram(DoomedProgram):
    """The program, with what it does to its files recorded."""

    @property
    def logs(self):
        return self.database.parent.parent / "strace"

    @property
    def command(self):
        return [*strace(self.logs / "strace"), *super().command]

    async def start(self, **streams):
        shutil.rmtree(self.logs, ignore_errors=True)
        self.logs.mkdir()
        return await super().start(**streams)

    async def recorded(self):
        """What it did, after its end."""
        async with asyncio.timeout(30):
            while not is_complete(self.logs):
                await asyncio.sleep(0.05)
        return read_steps(self.logs, self.database)


class RecordedGround(Ground):
    """The ground under recorded programs."""

    def program(self, place="", hit=1):
        self.newest = RecordedProgram(self._folder, place, hit, hurry=OFTEN, **self._settings)
        return self.newest


class Life(NamedTuple):
    """What was written from a start on, on top of what was there."""

    steps: list[Step]
    folder: str

    def recording(self, deaf_to=None):
        return Recording(self.steps, self.folder, deaf_to)


@pytest.mark.timeout(180 + 2 * CUTS)
async def test_after_a_power_cut_the_database_opens_and_holds_what_was_acknowledged(tmp_path):
    recorder_or_skip()
    rng = random.Random(CUTS)
    async with laid(tmp_path / "live", rng) as ground:
        lives, cuts = await lived_through(ground, rng)
        program = ground.newest
        lost = ground.losses(program)
        witness = Witness(ground, cuts)
        moments = sorted(rng.choices([m for life in lives for m in moments_of(life)], k=CUTS))
        found = ruins(lives, moments, witness, tmp_path / "ruins", rng)
        controls = {
            of: ruins(lives, moments, witness, tmp_path / "ruins", rng, deaf_to=end)
            for of, end in CONTROLS.items()
        }
        figures = {
            **written(lives),
            **ground.figures(program),
            **{what: len(losses) for what, losses in lost.items()},
            **judged(found, witness, moments),
            **{
                f"control: cuts with harm if the {of} were not synced": sum(map(any, harm))
                for of, harm in controls.items()
            },
        }
    assert not any(lost.values()), lost
    assert found == [Ruin()] * CUTS
    for of, harm in controls.items():
        assert any(map(any, harm)), f"the cuts would not notice that the {of} is not synced"
    ground.server.assert_clean()
    record(RUN, figures)


def recorder_or_skip():
    if shutil.which("strace") is None:
        missing = "needs strace, to record what the program writes"
        if required():
            pytest.fail(missing)
        pytest.skip(missing)


@asynccontextmanager
async def laid(folder, rng):
    """The ground, on strace's clock."""
    folder.mkdir()
    async with Source() as source, StrictTelegram() as server:
        server.latency_seconds = LATENCY_SECONDS
        server.clock = time.time
        ground = RecordedGround(folder, source, server, rng)
        try:
            yield ground
        finally:
            if ground.newest.runs:
                await ground.newest.kill()


async def lived_through(ground, rng):
    """Live, lose power, live on what is left, and end in good order: the lives and the cuts."""
    lives, cuts = [], []
    for number in range(LIVES):
        program = ground.program()
        folder = program.database.parent
        before = found_there(folder)
        await program.start()
        await ground.source.until_subscribed()
        if number == 0:
            await ground.settle(program)
        await ground.live(program, LIVE_SECONDS)
        assert program.runs, program.said()
        if number == LIVES - 1:
            await ground.finish(program)
            assert await program.stop() == 0, program.said()
        else:
            await program.kill()
            cuts.append(time.time())
        lives.append(Life([*before, *await program.recorded()], str(folder)))
        if number < LIVES - 1:
            ruin(lives[-1].recording(), cuts[-1], folder, rng)
            await ground.bury(program)
    return lives, cuts


def ruin(recording, moment, folder, rng):
    """Leave in a folder what a power cut at a moment does."""
    for path in folder.glob("spyhop.db*"):
        path.unlink()
    for name, content in recording.after_cut(moment, rng).items():
        (folder / name).write_bytes(content)


def moments_of(life):
    return life.recording().moments


def ruins(lives, moments, witness, folder, rng, deaf_to=None):
    """What is wrong after a cut at each of these moments."""
    found = []
    for life in lives:
        recording = life.recording(deaf_to)
        own = set(recording.moments)
        for moment in [moment for moment in moments if moment in own]:
            folder.mkdir()
            ruin(recording, moment, folder, rng)
            found.append(witness.look_after(folder / "spyhop.db", moment))
            shutil.rmtree(folder)
    return found


def written(lives):
    """How much the lives wrote."""
    steps = [step for life in lives for step in life.steps if step.began]
    return {
        "lives, each but the last ended by a power cut": len(lives),
        "recorded writes": sum(step.call == "pwrite64" for step in steps),
        "recorded syncs": sum(step.call in SYNCS for step in steps),
    }


def judged(found, witness, moments):
    """What the cuts in thought did."""
    return {
        "power cuts in thought": len(found),
        "answers, alerts and confirmations held to, over all cuts": sum(
            map(witness.acknowledged, moments)
        ),
        "databases that did not open or were not whole": sum(r.broken for r in found),
        "commands answered and not stored": sum(r.commands for r in found),
        "alerts told and not stored": sum(r.alerts for r in found),
        "confirmations told and not stored": sum(r.confirmations for r in found),
        "blocks of the main chain that were not whole": sum(r.blocks for r in found),
        "messages said and due again beyond one a chat and cut": sum(r.due_again for r in found),
    }
