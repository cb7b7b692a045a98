"""Several faults at once, drawn at random: whatever comes together, nothing is lost.

`SPYHOP_FAULTS` says how many combinations there are.
"""

import asyncio
import os
from contextlib import AsyncExitStack

import pytest

from tests.faults.trial import on_trial
from tests.faults.troubles import TROUBLES
from tests.proof.record import record

COMBINATIONS = int(os.environ.get("SPYHOP_FAULTS", "3"))
AT_ONCE = (2, 3, 4)
LONGEST_SECONDS = 6.0


@pytest.mark.timeout(120 + 120 * COMBINATIONS)
async def test_whatever_comes_together_nothing_is_lost(tmp_path):
    async with on_trial(tmp_path, seed=COMBINATIONS) as trial:
        met = 0
        for _ in range(COMBINATIONS):
            drawn = trial.rng.sample(TROUBLES, trial.rng.choice(AT_ONCE))
            met += len(drawn)
            try:
                await live_through(trial, drawn)
                await trial.until_well()
            except AssertionError as error:
                error.add_note(f"together: {', '.join(trouble.name for trouble in drawn)}")
                raise
        figures = {"combinations": COMBINATIONS, "faults": met, **trial.figures()}
        assert figures["transactions lost"] == 0
        assert figures["alerts lost"] == 0
        assert figures["alerts that were not due"] == 0
        assert figures["alerts repeated"] <= trial.telegram.broken
        record("Faults together", figures)


async def live_through(trial, drawn):
    """Begin faults one after the other, let things happen, and end them in any order."""
    async with AsyncExitStack() as stack:
        for trouble in drawn:
            await stack.enter_async_context(trouble.begin(trial))
            await happen(trial)
        await trial.ada.says("/help")
        await asyncio.sleep(trial.rng.uniform(1.0, LONGEST_SECONDS))
        await happen(trial)


async def happen(trial):
    """A whale, and often a block."""
    trial.news()
    if trial.rng.random() < 0.7:
        trial.chain.mine()
    await asyncio.sleep(trial.rng.uniform(0.0, 1.0))
