"""Killed with SIGKILL at every step and at random moments: nothing is lost.

`SPYHOP_KILLS` says how many random kills there are beside those at the named places. Many are
made in rounds of their own, which can run side by side; with `SPYHOP_RESUME=1` the rounds that
this commit has passed already are left out.
"""

import asyncio
import os

import pytest

from tests.proof.failpoints import PLACES
from tests.proof.ground import prepared
from tests.proof.record import has_passed, record

RUN = "Killed with SIGKILL"
KILLS = int(os.environ.get("SPYHOP_KILLS", "30"))
A_ROUND = 50
ROUNDS = [min(A_ROUND, KILLS - start) for start in range(0, max(KILLS, 1), A_ROUND)]
AT_MOST_SECONDS = 12
FIRST_HITS = (1, 4)


@pytest.mark.timeout(120 + 20 * (A_ROUND + 2 * len(PLACES)))
@pytest.mark.parametrize(("round_", "kills"), enumerate(ROUNDS))
async def test_killed_at_every_place_and_moment_it_loses_nothing(tmp_path, round_, kills):
    if os.environ.get("SPYHOP_RESUME") == "1" and has_passed(RUN, round_):
        pytest.skip("this commit has passed this round")
    async with prepared(tmp_path, seed=(KILLS, round_)) as ground:
        visited = dict.fromkeys(PLACES, 0)
        for place in PLACES if round_ == 0 else ():
            for hit in FIRST_HITS:
                visited[place] += await die_at(ground, place, hit)
        assert round_ or all(visited.values()), f"never came to: {missed(visited)}"
        for _ in range(kills):
            await die_anywhere(ground)
        program = ground.program()
        await program.start()
        await ground.finish(program)
        assert program.rows("PRAGMA integrity_check") == [("ok",)]
        found = ground.losses(program)
        figures = {
            "kills at named places": sum(visited.values()),
            "named places": sum(map(bool, visited.values())),
            "kills at random moments": kills,
            **ground.figures(program),
            **{what: len(losses) for what, losses in found.items()},
        }
        assert await program.stop() == 0, program.said()
        assert not any(found.values()), found
        ground.server.assert_clean()
        record(RUN, figures, round_)


def missed(visited):
    return [place for place, hits in visited.items() if not hits]


async def die_at(ground, place, hit):
    """Run until it dies at a place; whether it came there."""
    program = ground.program(place, hit)
    await program.start()
    await ground.live(program, AT_MOST_SECONDS)
    came_there = not program.runs
    await ground.bury(program)
    return came_there


async def die_anywhere(ground):
    """Run for a random while and kill."""
    program = ground.program()
    await program.start()
    await ground.source.until_subscribed()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(ground.live(program, ground.rng.uniform(0.0, 3.0)))
    assert program.runs, program.said()
    await ground.bury(program)
