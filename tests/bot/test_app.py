"""The whole program, put together, against a source that only listens."""

import asyncio
from contextlib import asynccontextmanager
from functools import partial

import msgspec
import pytest
from websockets.asyncio.server import serve

import bot.app
from bot.app import Around, opened_app
from bot.settings import parse_settings
from bot.store import Store
from detectors.model import Kind, Subscription
from storage.blocks import checkpoint_of
from storage.chats import Defaults, save_chat
from storage.subscriptions import save_subscription
from tests.bot.desk import ADDRESS
from tests.make import NOW


@asynccontextmanager
async def listening():
    """A websocket server and a queue of what was said to it."""
    heard: asyncio.Queue = asyncio.Queue()

    async def hear(socket):
        async for frame in socket:
            heard.put_nowait(msgspec.json.decode(frame))

    async with serve(hear, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard


def subscribe(db):
    chat = save_chat(db, "terminal", "local", "", "private", "", Defaults("en", "UTC", "USD"), NOW)
    watch = Subscription(0, chat.id, Kind.WATCH, "bitcoin", address=ADDRESS)
    save_subscription(db, watch, NOW)


@pytest.mark.timeout(60)
async def test_the_source_learns_after_a_restart_what_was_watched_before_it(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        await store.write(subscribe)
    async with listening() as (url, heard):
        settings = parse_settings({
            "DATABASE": str(tmp_path / "spyhop.db"), "CONSOLE": "off", "BITCOIN_WS": url,
            "BITCOIN_HTTP": "http://127.0.0.1:9", "BITCOIN_STREAM": "addresses",
        })  # fmt: skip
        async with opened_app(settings) as app, asyncio.timeout(50), asyncio.TaskGroup() as tasks:
            tasks.create_task(app.run())
            while await heard.get() != {"op": "addr_sub", "addr": ADDRESS}:
                pass
            app.stop()


@pytest.mark.timeout(60)
async def test_platforms_are_loaded_when_the_source_has_been_told_what_we_want(
    tmp_path, monkeypatch
):
    loaded = asyncio.Event()

    def platforms_for(*_):
        loaded.set()
        return ()

    monkeypatch.setattr(bot.app, "platforms_for", platforms_for)
    monkeypatch.setattr(bot.app, "HEAD_START_SECONDS", 1000)
    knocked, let_in = asyncio.Event(), asyncio.Event()

    async def keep_waiting(connection, request):
        knocked.set()
        await let_in.wait()

    async def hear(socket):
        async for _ in socket:
            pass

    async with serve(hear, "127.0.0.1", 0, process_request=keep_waiting) as server:
        settings = parse_settings({
            "DATABASE": str(tmp_path / "spyhop.db"), "CONSOLE": "off",
            "BITCOIN_WS": f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}",
            "BITCOIN_HTTP": "http://127.0.0.1:9",
        })  # fmt: skip
        async with opened_app(settings) as app, asyncio.timeout(50), asyncio.TaskGroup() as tasks:
            tasks.create_task(app.run())
            await knocked.wait()
            assert not loaded.is_set()
            let_in.set()
            await loaded.wait()
            app.stop()


async def test_a_gap_begins_with_the_first_start_where_nothing_was_ever_heard(tmp_path):
    path = tmp_path / "spyhop.db"
    settings = parse_settings({"DATABASE": str(path), "CONSOLE": "off"})
    for now in (NOW, NOW + 600):
        async with opened_app(settings, Around(clock=partial(float, now))):
            pass
    async with Store(path) as store:
        assert (await store.read(checkpoint_of, "bitcoin")).heard_at == NOW
