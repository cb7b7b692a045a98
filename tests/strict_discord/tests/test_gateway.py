"""The gateway of the strict Discord server: sessions, cuts, closes, compression."""

import zlib

import aiohttp
import discord as library
import pytest
from discord import utils

from tests.strict_discord.tests.caller import Caller
from tests.strict_discord.tests.small_bot import running
from tests.strict_discord.wire import packer


async def test_the_first_events_are_ready_and_the_guilds(discord, caller):
    gate = await caller.connect()
    await gate.identify()
    ready, created = await gate.next(), await gate.next()
    assert (ready["t"], ready["s"], ready["d"]["guilds"][0]["unavailable"]) == ("READY", 1, True)
    assert (created["t"], created["s"], created["d"]["name"]) == ("GUILD_CREATE", 2, "Traders")


async def test_without_the_guilds_intent_no_guild_is_told(discord, caller):
    gate = await caller.connect()
    await gate.identify(intents=0)
    await gate.next()
    await gate.send(1, 1)
    assert (await gate.next())["op"] == 11


async def test_a_cut_is_resumed_and_nothing_is_missed(discord, monkeypatch):
    async with running(discord, monkeypatch) as bot:
        await discord.cut()
        missed = discord.guild("Traders").channel("missed")
        await discord.until(lambda: discord.gateway.history[-1] == "resume")
        await discord.until(lambda: bot.get_channel(missed.id))
    assert discord.gateway.history == ["identify", "resume"]
    assert bot.seen.count("READY") == 1
    assert bot.seen.count("CHANNEL_CREATE") == 1


async def test_asked_to_reconnect_the_library_resumes(discord, monkeypatch):
    async with running(discord, monkeypatch):
        await discord.ask_to_reconnect()
        await discord.until(lambda: discord.gateway.history == ["identify", "resume"])
        await discord.ready()


@pytest.mark.parametrize(("resumable", "then"), [(True, "resume"), (False, "identify")])
async def test_an_invalid_session_is_resumed_or_begun_again(discord, monkeypatch, resumable, then):
    async with running(discord, monkeypatch):
        await discord.invalidate(resumable=resumable)
        await discord.until(lambda: discord.gateway.history == ["identify", then])
        await discord.ready()


async def test_a_session_that_is_forgotten_cannot_be_resumed(discord, monkeypatch):
    async with running(discord, monkeypatch):
        discord.forget_sessions()
        await discord.cut()
        expected = ["identify", "resume refused", "identify"]
        await discord.until(lambda: discord.gateway.history == expected)


async def test_a_resume_repeats_exactly_what_came_after(discord, caller):
    first = await caller.connect()
    await first.identify()
    session = (await first.next())["d"]["session_id"]
    await discord.cut()
    discord.guild("Traders").channel("two")
    second = await caller.connect("/resume")
    await second.send(6, {"token": discord.token, "session_id": session, "seq": 2})
    repeated = [await second.next(), await second.next()]
    assert [(each["t"], each["s"]) for each in repeated] == [("CHANNEL_CREATE", 3), ("RESUMED", 4)]


async def test_a_refused_connection_never_opens(discord, caller):
    discord.refuse_connections(1)
    with pytest.raises(aiohttp.ClientError):
        await caller.connect()
    assert await caller.connect()


async def test_guilds_are_spread_over_the_shards(discord, monkeypatch):
    discord.gateway.shards = 2
    names = [f"guild {number}" for number in range(6)]
    for name in names:
        discord.guild(name)
    async with running(discord, monkeypatch) as bot:
        await discord.until(lambda: len(bot.guilds) == 7)
    told = [
        {payload["name"] for event, payload in session.told if event == "GUILD_CREATE"}
        for session in discord.gateway.begun
    ]
    assert len(told) == 2
    assert all(told)
    assert not told[0] & told[1]
    assert told[0] | told[1] == {"Traders", *names}


async def test_privileged_intents_are_refused(discord, monkeypatch):
    intents = library.Intents(guilds=True, members=True)
    with pytest.raises(BaseExceptionGroup) as raised:
        async with running(discord, monkeypatch, intents):
            pass
    assert raised.group_contains(library.PrivilegedIntentsRequired)
    assert "4014" in discord.violations[0]
    discord.forgive("4014")


async def wrong_token(gate):
    await gate.identify(token="another")


async def wrong_shard(gate):
    await gate.identify(shard=[2, 2])


async def wrong_intents(gate):
    await gate.identify(intents=1 << 60)


async def identify_twice(gate):
    await gate.identify()
    await gate.identify()


async def presence_first(gate):
    await gate.send(3, {})


async def unknown_opcode(gate):
    await gate.send(99, {})


async def no_json(gate):
    await gate.wire.send_str("hello")


async def too_long(gate):
    await gate.send(1, "x" * 5000)


async def too_often(gate):
    for _ in range(121):
        await gate.send(1, 0)


async def future_seq(gate):
    await gate.identify()
    session = (await gate.until("READY"))["d"]["session_id"]
    async with aiohttp.ClientSession() as client:
        other = await Caller(gate.stage, client).connect()
        await other.send(6, {"token": gate.stage.token, "session_id": session, "seq": 99})
        assert await other.closing_code() == 4007
    await gate.wire.close()


@pytest.mark.parametrize(
    ("mistake", "code"),
    [
        (wrong_token, 4004),
        (wrong_shard, 4010),
        (wrong_intents, 4013),
        (identify_twice, 4005),
        (presence_first, 4003),
        (unknown_opcode, 4001),
        (no_json, 4002),
        (too_long, 4002),
        (too_often, 4008),
        (future_seq, 1000),
    ],
)
async def test_a_mistake_closes_the_connection_and_is_a_violation(discord, caller, mistake, code):
    gate = await caller.connect()
    await mistake(gate)
    assert await gate.closing_code() == code
    assert len(discord.violations) == 1
    discord.violations.clear()


async def test_who_starts_again_too_soon_gets_an_invalid_session(discord, caller):
    discord.gateway.identify_seconds = 5
    for expected in (0, 9):
        gate = await caller.connect()
        await gate.identify()
        assert (await gate.next())["op"] == expected
    discord.advance(6)
    gate = await caller.connect()
    await gate.identify()
    assert (await gate.next())["t"] == "READY"


async def test_starts_are_counted(discord, caller):
    discord.gateway.starts = 1
    for expected in (0, 9):
        gate = await caller.connect()
        await gate.identify()
        assert (await gate.next())["op"] == expected
    _, told = await caller.call("GET", "/gateway/bot")
    assert told["session_start_limit"]["remaining"] == 0


async def test_a_client_without_a_heartbeat_is_closed(discord, caller):
    discord.gateway.heartbeat_seconds = discord.gateway.patience_seconds = 0.1
    gate = await caller.connect()
    await gate.identify()
    assert await gate.closing_code() == 4009
    assert "no heartbeat" in discord.gateway.history


async def test_the_library_keeps_its_connection_by_heartbeats(discord, monkeypatch):
    discord.gateway.heartbeat_seconds = 0.5
    async with running(discord, monkeypatch):
        await discord.until(lambda: discord.gateway.beats >= 5)
    assert discord.gateway.history == ["identify"]


async def test_the_library_asks_for_the_compression_that_it_can_read(discord, monkeypatch):
    async with running(discord, monkeypatch):
        pass
    wanted = utils._ActiveDecompressionContext.COMPRESSION_TYPE
    assert discord.gateway.compressions == [wanted]


def test_a_zlib_stream_spans_all_payloads():
    pack, inflate = packer("zlib-stream"), zlib.decompressobj()
    packed = [pack(text) for text in ("one", "two")]
    assert all(isinstance(each, bytes) and each.endswith(b"\x00\x00\xff\xff") for each in packed)
    assert [inflate.decompress(each) for each in packed if isinstance(each, bytes)] == [
        b"one",
        b"two",
    ]
