"""Many alerts that wait for one chat leave as one message."""

import asyncio

import pytest

from storage.chats import revive_chats
from storage.model import Rejected, Retry
from tests.bot.outlet.test_delivery import BTC, opened
from tests.make import transaction


@pytest.fixture
async def office(tmp_path):
    async with opened(tmp_path) as office:
        yield office


async def test_a_burst_becomes_one_message_that_names_every_transaction(office):
    await office.chat("ada", BTC)
    office.platform.hold = asyncio.Event()
    whales = [transaction(2 * BTC) for _ in range(9)]
    await office.take(*whales)
    office.platform.hold.set()
    await office.until_sent(1)
    ((_, _, message),) = office.platform.sent
    urls = {run.url.rpartition("/")[2] for line in message.lines for run in line if run.url}
    assert urls == {whale.hash for whale in whales}
    states = [state for (state,) in await office.rows("SELECT state FROM deliveries")]
    assert sorted(states) == ["grouped"] * 8 + ["sent"]


def named(message):
    """The transactions that a message of a burst links to."""
    return [run.url.rpartition("/")[2] for line in message.lines for run in line if run.url]


async def test_a_burst_that_is_tried_again_grows_no_longer_than_a_page(office):
    """After a long outage of a platform everything would end up in one endless message."""
    await office.chat("ada", BTC)
    office.platform.verdicts = [Retry(1, "bad gateway")] * 4
    whales = [transaction(2 * BTC) for _ in range(100)]
    await office.take(*whales)
    for _ in range(5):
        await office.until(office.idle)
        await office.later(1)
    await office.until(office.idle)
    told = [named(message) for _, _, message in office.platform.sent]
    assert max(map(len, told)) == 30
    said = {hash_ for hashes in told[4:] for hash_ in hashes}
    assert said == {whale.hash for whale in whales}


async def test_what_joins_a_transaction_of_a_burst_is_told_in_it(office):
    await office.chat("ada", BTC)
    office.platform.hold = asyncio.Event()
    whales = [transaction(2 * BTC, spends=[f"{n}:0"]) for n in range(4)]
    await office.take(*whales)
    office.platform.hold.set()
    await office.until_sent(1)
    replacement = transaction(5 * BTC, spends=["2:0"])
    await office.take(replacement)
    await office.until(office.idle)
    assert [edits for _, edits, _ in office.platform.sent][:2] == ["", "1"]
    assert set(named(office.platform.sent[1][2])) == {
        whales[0].hash, whales[1].hash, replacement.hash, whales[3].hash,
    }  # fmt: skip


async def test_two_waiting_alerts_stay_two_messages(office):
    await office.chat("ada", BTC)
    office.platform.hold = asyncio.Event()
    await office.take(transaction(2 * BTC), transaction(3 * BTC))
    office.platform.hold.set()
    await office.until_sent(2)


@pytest.mark.parametrize(("doubtful", "told_in"), [(True, "1"), (False, "2")])
async def test_what_may_have_arrived_is_said_again_under_its_own_key(office, doubtful, told_in):
    """By its key a platform tells a repeat: within a burst it would stand there twice."""
    await office.chat("ada", BTC)
    office.platform.latency = asyncio.Event()
    office.platform.verdicts = [Retry(1, "no answer in time", doubtful=doubtful)]
    first = transaction(2 * BTC)
    await office.take(first)
    await office.until_sent_only(1)
    await office.take(transaction(3 * BTC))
    await office.take(transaction(4 * BTC))
    office.platform.hold = asyncio.Event()
    office.platform.latency.set()

    async def next_waits():
        return office.platform.turns > 1

    await office.until(next_waits)
    await office.later(2)
    await office.take(transaction(1))
    office.platform.hold.set()
    await office.until(office.idle)
    names = [first.hash in str(message) for _, _, message in office.platform.sent]
    keys = [key for key, named in zip(office.platform.keys, names, strict=True) if named]
    assert keys == ["1", told_in]


@pytest.mark.parametrize("came", ["meanwhile", "afterwards"])
async def test_one_that_waits_with_a_refused_burst_is_told_in_it(office, came):
    await office.chat("ada", BTC)
    office.platform.verdicts = [Rejected("blocked", parks=True)]
    office.platform.latency = asyncio.Event()
    whales = [transaction(2 * BTC) for _ in range(4)]
    await office.take(*whales[:3])
    await office.until_sent_only(1)
    if came == "meanwhile":
        await office.take(whales[3])
    await office.later(5)
    office.platform.latency.set()
    await office.until(office.idle)
    if came == "afterwards":
        await office.take(whales[3])
    await office.store.write(revive_chats, "telegram", ["ada"])
    await office.later(1)
    await office.until_sent(2)
    told = [set(named(message)) for _, _, message in office.platform.sent]
    assert told == [{whale.hash for whale in whales[:3]}, {whale.hash for whale in whales}]
