"""Calls over the wire: what goes out, and what is raised for what does not come back."""

import asyncio
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import Forbidden, NetworkError, TimedOut

from bot.outlet.pacer import Pacer
from bot.platforms.telegram_admins import Admins
from bot.platforms.telegram_http import Carrier
from bot.platforms.telegram_part import Place
from bot.platforms.telegram_writer import Writer
from storage.model import Message, Priority, Retry, Text

TOKEN = "1:secret"


@asynccontextmanager
async def calling(handler):
    """A bot that talks to `handler`."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    carrier = Carrier(connections=2)
    try:
        base = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
        yield Bot(TOKEN, base_url=base, request=carrier)
    finally:
        await carrier.shutdown()
        await runner.cleanup()


def answered(result):
    return web.json_response({"ok": True, "result": result})


async def test_parameters_and_files_arrive():
    heard = {}

    async def hear(request):
        for name, value in (await request.post()).items():
            is_file = isinstance(value, web.FileField)
            said = (value.filename, value.content_type, value.file.read()) if is_file else value
            heard["file" if is_file else name] = said
        return answered({"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}})

    async with calling(hear) as bot:
        await bot.send_photo(7, InputFile(b"\x89PNG", "chart.png"), caption="größer <b>")
    assert (heard["chat_id"], heard["caption"]) == ("7", "größer <b>")
    assert heard["file"] == ("chart.png", "image/png", b"\x89PNG")


async def test_a_proxy_that_the_environment_names_is_used(monkeypatch):
    heard = []

    async def hear(request):
        heard.append((request.host, request.headers.get("Proxy-Authorization", "")))
        return answered(True)

    async with calling(hear) as bot:
        near = bot.base_url.split("/bot")[0]
        monkeypatch.setenv("http_proxy", near.replace("//", "//user:word@"))
        await Bot(TOKEN, base_url="http://telegram.test/bot", request=bot.request).delete_webhook()
    assert heard == [("telegram.test", aiohttp.BasicAuth("user", "word").encode())]


async def test_a_proxy_is_passed_by_where_the_environment_says_so(monkeypatch):
    async def answer(_):
        return answered(True)

    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    async with calling(answer) as bot:
        assert await bot.delete_webhook()


async def test_an_answer_that_does_not_come_has_timed_out():
    async def sleep(_):
        await asyncio.Event().wait()

    async with calling(sleep) as bot:
        with pytest.raises(TimedOut):
            await bot.send_message(7, "hello", read_timeout=0.05)


async def test_a_server_that_is_gone_is_a_network_error_without_the_token():
    carrier = Carrier(connections=1)
    bot = Bot(TOKEN, base_url="http://127.0.0.1:1/bot", request=carrier)
    with pytest.raises(NetworkError) as raised:
        await bot.send_message(7, "hello")
    await carrier.shutdown()
    assert TOKEN not in str(raised.value)


async def test_nobody_else_is_called_where_the_server_points_elsewhere():
    calls = []

    async def point(request):
        calls.append(request.path)
        raise web.HTTPFound("/elsewhere")

    async with calling(point) as bot:
        with pytest.raises(NetworkError):
            await bot.send_message(7, "hello")
    assert len(calls) == 1


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 413, 502])
async def test_a_page_of_something_in_between_is_not_the_word_of_telegram(status):
    """A firewall's, say; some repeat the address, and the token with it."""

    async def refuse(request):
        return web.Response(status=status, text=f"Not allowed: POST {request.path}")

    async with calling(refuse) as bot:
        with pytest.raises(NetworkError) as raised:
            await bot.send_message(7, "hello")
    assert type(raised.value) is NetworkError
    assert str(raised.value).startswith(f"{status} ")
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize("answer", ["[]", '{"message": "Forbidden"}'])
async def test_json_of_something_in_between_is_not_the_word_of_telegram(answer):
    async def refuse(_):
        return web.Response(status=403, text=answer, content_type="application/json")

    async with calling(refuse) as bot:
        with pytest.raises(NetworkError) as raised:
            await bot.send_message(7, "hello")
    assert str(raised.value) == "403 Forbidden, and not by Telegram"


async def test_what_telegram_refuses_is_its_word():
    async def refuse(_):
        answer = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked"}
        return web.json_response(answer, status=403)

    async with calling(refuse) as bot:
        with pytest.raises(Forbidden, match="bot was blocked"):
            await bot.send_message(7, "hello")


@pytest.mark.parametrize("result", [None, True, "text", [], {}])
async def test_a_result_that_is_no_message_leaves_the_outcome_open(result):
    async def answer(_):
        return answered(result)

    async with calling(answer) as bot:
        place, hello = Place("7"), Message((Text("hello"),))
        verdict = await Writer(bot, Pacer()).write(place, hello, "", Priority.PERSONAL)
        assert isinstance(verdict, Retry)
        assert await Admins(bot, Pacer()).is_admin("-1", "7") is None
