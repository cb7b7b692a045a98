"""Who is an admin on Telegram: asked once in a while, and anew when Telegram tells of a change."""

import asyncio
from typing import Any

import pytest
from telegram import ChatMember

from bot.outlet.pacer import Pacer
from bot.platforms.telegram_admins import REMEMBERED_SECONDS, Admins
from tests.bot.platforms.telegram_stage import echo, platform_on, running
from tests.strict_telegram.server import StrictTelegram


@pytest.fixture
async def server():
    async with StrictTelegram() as strict:
        yield strict
        strict.assert_clean()


def asked(server):
    return sum(call.method == "getChatMember" for call in server.calls)


@pytest.mark.parametrize(
    ("status", "is_one"),
    [("creator", True), ("administrator", True), ("member", False), ("left", False)],
)
async def test_an_admin_is_who_telegram_says(server, status, is_one):
    group, ada = server.group("Whales"), server.person("Ada")
    server.set_status(group, ada, status)
    telegram = platform_on(server)
    assert await telegram.is_admin(str(group.id), str(ada.id)) is is_one
    assert await telegram.is_admin(str(group.id), str(ada.id)) is is_one
    assert asked(server) == 1


async def test_what_telegram_tells_of_a_change_is_asked_anew(server):
    group, ada, bob = server.group("Whales"), server.person("Ada"), server.person("Bob")
    server.set_bot_status(group, bob, "administrator")
    server.set_status(group, ada, "administrator")
    async with running(server) as telegram:
        await ada.says("/start", chat=group)
        await server.next_message(group)
        assert await telegram.is_admin(str(group.id), str(ada.id))
        server.set_status(group, ada, "member")
        await ada.says("/start", chat=group)
        await server.next_message(group)
        assert await telegram.is_admin(str(group.id), str(ada.id)) is False


async def test_where_nothing_is_told_an_answer_is_forgotten_after_minutes(server, monkeypatch):
    assert REMEMBERED_SECONDS <= 300
    group, ada = server.group("Whales"), server.person("Ada")
    server.set_status(group, ada, "administrator")
    telegram = platform_on(server)
    assert await telegram.is_admin(str(group.id), str(ada.id))
    server.set_status(group, ada, "member")
    loop = asyncio.get_running_loop()
    now = loop.time()
    monkeypatch.setattr(loop, "time", lambda: now + REMEMBERED_SECONDS)
    assert await telegram.is_admin(str(group.id), str(ada.id)) is False


async def test_what_cannot_be_asked_is_not_known(server):
    telegram = platform_on(server)
    assert await telegram.is_admin("-100999", "7") is None


async def test_an_answer_that_makes_no_sense_tells_nothing():
    class Damaged:
        async def get_chat_member(self, chat, person):
            return ChatMember.de_json({"status": "administrator", "user": person}, None)

    bot: Any = Damaged()
    assert await Admins(bot, Pacer()).is_admin("-100999", "7") is None


async def test_an_anonymous_admin_says_so_by_speaking_as_the_group(server):
    group, heard = server.group("Whales"), []

    async def listen(incoming):
        heard.append(incoming)
        return await echo(incoming)

    async with running(server, listen):
        await server.anonymous(group).says("/start", chat=group)
        await server.next_message(group)
        await server.person("Ada").says("/start", chat=group)
        await server.next_message(group)
    assert [incoming.admin for incoming in heard] == [True, None]
    assert asked(server) == 0
