"""One fault at a time: the bot says what is wrong, answers, and gets over it by itself."""

import asyncio
import re

import pytest

from tests.faults.trial import on_trial
from tests.faults.troubles import GROUPS, read_only
from tests.proof.record import record_row

NEGATIVE = re.compile(r"-\d+ (s|min|h)\b")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("what", GROUPS)
async def test_each_fault_of_something_is_said_borne_and_got_over(tmp_path, what):
    async with on_trial(tmp_path) as trial:
        for trouble in GROUPS[what]:
            try:
                await get_over(trial, trouble)
            except AssertionError as error:
                error.add_note(f"while: {trouble.name}")
                raise
            trial.begin_anew()


async def test_it_ends_in_good_time_though_nothing_can_be_written_and_nothing_is_lost(tmp_path):
    async with on_trial(tmp_path) as trial:
        async with read_only(trial):
            trial.news()
            trial.chain.mine()
            await trial.says("/status", holds="The database cannot be written")
            assert await trial.program.stop() == 0
        await trial.program.start()
        await trial.until_well()
        figures = trial.figures()
        assert figures["transactions lost"] == 0
        assert figures["alerts lost"] == 0


async def get_over(trial, trouble):
    """Let a fault come and go; nothing may be lost, and little be said again."""
    async with trouble.begin(trial):
        over = asyncio.create_task(asyncio.sleep(trouble.seconds))
        trial.news()
        trial.chain.mine()
        trial.news()
        if not trouble.mute:
            await meet(trial, trouble)
        await over
        trial.news()
    await trial.until_well()
    await trial.until_heard(trouble.over)
    await trial.says("/status", holds=trouble.noted)
    figures = trial.figures()
    assert figures["transactions lost"] == 0
    assert figures["alerts lost"] == 0
    assert figures["alerts that were not due"] == 0
    assert figures["alerts repeated"] <= trial.telegram.broken - trial.broken
    record_row("Faults in turn", trouble.name, {"seconds": trouble.seconds, **figures})


async def meet(trial, trouble):
    """Talk to the bot while a fault lasts."""
    answer = await trial.says("/status", holds=trouble.status)
    assert not NEGATIVE.search(answer)
    await trial.says("/help", holds="What I can do")
    if trouble.refuses:
        refused = await trial.says("/threshold whales 400 BTC", holds="I cannot write")
        assert "Nothing was changed" in refused
    await trial.until_heard(trouble.told)
