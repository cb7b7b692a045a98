"""The Telegram platform, with the real library against the strict server: talking."""

import pytest

from tests.bot.platforms.telegram_stage import running
from tests.strict_telegram.server import StrictTelegram


@pytest.fixture
async def server():
    async with StrictTelegram() as strict:
        yield strict


async def test_a_command_is_answered(server):
    ada = server.person("Ada")
    async with running(server):
        await ada.says("/start")
        message = await server.next_message(ada.chat)
    assert message.html == "<b>You said /start</b>"
    server.assert_clean()
