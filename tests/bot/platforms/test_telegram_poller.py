"""Listening on Telegram: nothing that happens to the connection ends it."""

import asyncio
import logging
from contextlib import aclosing
from typing import cast

import pytest
from telegram import Bot
from telegram.request import BaseRequest

from bot.platforms.platform import PlatformRefusedError
from bot.platforms.telegram import Telegram
from bot.platforms.telegram_poller import Poller
from tests.bot.platforms.telegram_stage import (
    COMMANDS,
    Notes,
    echo,
    listening,
    platform_on,
    running,
)
from tests.strict_telegram.server import StrictTelegram


@pytest.fixture
async def server():
    async with StrictTelegram() as strict:
        yield strict
        strict.assert_clean()


async def heard(server, person, text="/start"):
    """The answer to what a person says."""
    await person.says(text)
    return (await server.next_message(person.chat, timeout=60)).text


@pytest.mark.parametrize("status", [500, 502, 429, "drop"])
async def test_a_poll_that_fails_is_made_again(server, status):
    ada = server.person("Ada")
    server.fail_next("getUpdates", status, retry_after=1, times=3)
    async with running(server):
        assert await heard(server, ada) == "You said /start"


async def test_a_second_program_that_polls_is_reported_once_and_does_not_end_listening(server):
    ada = server.person("Ada")
    notes = Notes()
    server.second_poller(3)
    async with running(server, notes=notes):
        assert await heard(server, ada) == "You said /start"
    (trouble,) = notes.troubles
    assert "Another program polls this bot" in trouble


async def test_a_server_that_falls_silent_is_asked_again_over_a_new_connection(server):
    ada = server.person("Ada")
    notes = Notes()
    async with running(server, notes=notes):
        assert await heard(server, ada, "/before") == "You said /before"
        server.go_silent()
        await notes.until(lambda: notes.troubles)
        server.recover()
        assert await heard(server, ada, "/after") == "You said /after"
    assert "does not answer" in notes.troubles[0]


@pytest.mark.parametrize("broken", ["getMe", "deleteWebhook"])
async def test_a_server_that_cannot_be_reached_at_first_is_tried_for_ever(server, broken):
    ada = server.person("Ada")
    notes = Notes()
    server.fail_next(broken, "drop", times=2)
    async with running(server, notes=notes):
        assert await heard(server, ada) == "You said /start"
    assert notes.troubles
    assert "cannot be reached" in notes.troubles[0]


async def test_a_wrong_token_ends_it_and_is_not_spelt_out(server):
    token = "54321:a-wrong_token"
    platform = Telegram(token, server.base, COMMANDS, Notes())
    with pytest.raises(PlatformRefusedError, match="TELEGRAM_TOKEN") as refused:
        await platform.run(echo)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert token not in str(refused.value)


async def test_a_token_that_is_withdrawn_is_reported(server):
    notes = Notes()
    async with running(server, notes=notes):
        await server.until(lambda: server.updates.polling)
        server.token = "12345:another-token"
        await notes.until(lambda: notes.troubles)
    assert "TELEGRAM_TOKEN" in notes.troubles[0]


class Answering:
    """What stands in for the connection: it answers in the way of a broken proxy."""

    def __init__(self, *answers):
        self._answers = iter(answers)

    async def post(self, url, **more):
        return next(self._answers)


async def ignore(what, why):
    """A report that nobody reads."""


async def first_update(*answers):
    connection = cast("BaseRequest", Answering(*answers))
    async with aclosing(Poller(Bot("1:token"), connection, 30, ignore).updates()) as updates:
        return (await anext(updates)).update_id


@pytest.mark.parametrize("nonsense", [None, True, "text", {"x": 1}, [1], [{"x": 1}], [None]])
async def test_an_answer_that_is_none_is_passed_over(nonsense):
    assert await first_update(nonsense, [{"update_id": "six"}], [{"update_id": 7}]) == 7


async def test_an_update_that_the_library_cannot_read_is_left_out(caplog):
    unreadable = {"update_id": 7, "message": {"text": "no chat, no date"}}
    assert await first_update([unreadable, {"update_id": 8}]) == 8
    assert "update 7 cannot be read" in caplog.text


class Hanging(Answering):
    """A connection that is open and dead until it is made anew."""

    def __init__(self, *answers):
        super().__init__(*answers)
        self.renewed = False

    async def post(self, url, **more):
        if not self.renewed:
            await asyncio.Event().wait()
        return await super().post(url, **more)

    async def shutdown(self):
        self.renewed = True

    async def initialize(self):
        assert self.renewed


async def test_a_connection_that_hangs_beyond_every_timeout_is_made_anew():
    reports = []

    async def report(what, why):
        reports.append(what)

    connection = cast("BaseRequest", Hanging([{"update_id": 7}]))
    async with aclosing(Poller(Bot("1:token"), connection, 1, report).updates()) as updates:
        assert (await anext(updates)).update_id == 7
    assert reports == ["Telegram does not answer, trying on"]


async def test_a_menu_that_cannot_be_set_does_not_keep_people_waiting(server):
    ada = server.person("Ada")
    server.fail_next("setMyCommands", 502)
    async with running(server):
        assert await heard(server, ada) == "You said /start"


async def test_an_answer_under_way_is_said_before_it_ends(server):
    ada = server.person("Ada")
    asked, release = asyncio.Event(), asyncio.Event()

    async def slow(incoming):
        asked.set()
        await release.wait()
        return await echo(incoming)

    async with running(server, slow):
        await ada.says("/start")
        await asked.wait()
        asyncio.get_running_loop().call_later(0.1, release.set)
    assert [message.text for message in server.messages(ada.chat)] == ["You said /start"]


async def test_it_ends_although_an_answer_does_not(server):
    ada = server.person("Ada")
    asked = asyncio.Event()

    async def stuck(incoming):
        asked.set()
        await asyncio.Event().wait()

    async with asyncio.timeout(20):
        async with running(server, stuck):
            await ada.says("/start")
            await asked.wait()


async def test_a_platform_can_send_before_it_listens_and_while_it_does(server):
    ada = server.person("Ada")
    platform = platform_on(server)
    async with listening(platform, echo):
        assert await heard(server, ada) == "You said /start"
    await server.until(lambda: not server.updates.polling)


async def test_no_line_of_the_log_holds_the_token(server, caplog):
    """Without any filter: what we log ourselves, and all exceptions, are free of it."""
    caplog.set_level(logging.INFO, logger="bot")
    ada = server.person("Ada")
    server.fail_next("getUpdates|sendMessage", "drop", times=4)
    async with running(server):
        assert await heard(server, ada) == "You said /start"
    ours = [record for record in caplog.records if record.name.startswith("bot")]
    assert ours
    assert server.token not in "".join(record.getMessage() for record in ours)
