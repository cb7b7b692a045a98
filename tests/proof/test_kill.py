"""Killed with SIGKILL at every step and at random moments: nothing is lost.

`SPYHOP_KILLS` says how many random kills there are beside those at the named places.
"""

import asyncio
import os

import pytest

from tests.proof.failpoints import PLACES
from tests.proof.ground import prepared
from tests.proof.record import record

KILLS = int(os.environ.get("SPYHOP_KILLS", "30"))
AT_MOST_SECONDS = 12
FIRST_HITS = (1, 4)


@pytest.mark.timeout(60 + 20 * (KILLS + 2 * len(PLACES)))
async def test_killed_at_every_place_and_moment_it_loses_nothing(tmp_path):
    async with prepared(tmp_path, seed=KILLS) as ground:
        visited = dict.fromkeys(PLACES, 0)
        for place in PLACES:
            for hit in FIRST_HITS:
                visited[place] += await die_at(ground, place, hit)
        moments = [await die_anywhere(ground) for _ in range(KILLS)]
        program = ground.program()
        await program.start()
        await ground.finish(program)
        kills = sum(visited.values()) + len(moments)
        report = {
            "kills at named places": sum(visited.values()),
            "named places": len(PLACES),
            "kills at random moments": len(moments),
            "chats": len(ground.people),
            "transactions in blocks": len(ground.streamed),
            "transactions lost": len(ground.lost_transactions(program)),
            "alerts due": sum(len(ground.due(person)) for person in ground.people),
            "alerts lost": sum(
                len(ground.due(person) - set(ground.told(person))) for person in ground.people
            ),
            "alerts that were not due": sum(
                len(set(ground.told(person)) - ground.due(person)) for person in ground.people
            ),
            "messages repeated": sum(map(ground.repeats, ground.people)),
            "most repeats in one chat": max(map(ground.repeats, ground.people)),
            "commands asked": len(ground.asked),
            "answered commands forgotten": len(ground.forgotten_commands(program)),
        }
        assert program.rows("PRAGMA integrity_check") == [("ok",)]
        assert await program.stop() == 0, program.said()
        record("Killed with SIGKILL", report)
        assert all(visited.values()), "a place was never visited: " + str(
            [place for place, times in visited.items() if not times]
        )
        assert report["transactions lost"] == 0
        assert report["alerts lost"] == 0
        assert report["alerts that were not due"] == 0
        assert report["answered commands forgotten"] == 0
        assert report["most repeats in one chat"] <= kills
        ground.server.assert_clean()


async def die_at(ground, place, hit):
    """Run until it dies at a place; whether it came there."""
    program = ground.program(place, hit)
    await program.start()
    await ground.live(program, AT_MOST_SECONDS)
    if program.runs:
        await program.kill()
        return 0
    return 1


async def die_anywhere(ground):
    """Run for a random while and kill; how long it lived."""
    program = ground.program()
    await program.start()
    await ground.source.until_subscribed()
    seconds = ground.rng.uniform(0.0, 3.0)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(ground.live(program, seconds))
    assert program.runs, program.said()
    await program.kill()
    return seconds
