"""While an answer takes long it says how far it is, in the message that it will be."""

import asyncio

import pytest

from bot.platforms import discord_answers, telegram_answers
from bot.progress import by_percent, following, say_progress
from storage.model import Message, Picture, Text
from tests.bot.platforms.discord_answering import listening, no_completion
from tests.bot.platforms.telegram_stage import running
from tests.png import draw_png
from tests.strict_telegram.server import StrictTelegram

PNG = draw_png(200, 100)


class Slow:
    """Answers with a picture, and says how far it is as a test goes on."""

    def __init__(self):
        self.steps: asyncio.Queue[str] = asyncio.Queue()

    async def __call__(self, incoming):
        while words := await self.steps.get():
            say_progress(words)
        return Message((Text("Done"),), picture=Picture(PNG, "a chart"))


@pytest.fixture(autouse=True)
def _haste(monkeypatch):
    monkeypatch.setattr(telegram_answers, "_TYPING_SECONDS", 0.05)
    monkeypatch.setattr(telegram_answers, "_SLOW_SECONDS", 0.05)
    monkeypatch.setattr(discord_answers, "_WORDS_SECONDS", 0.05)
    monkeypatch.setattr(discord_answers, "PATIENCE_SECONDS", 0.05)


async def test_on_telegram_the_message_becomes_the_answer():
    slow = Slow()
    async with StrictTelegram(limits=False) as server:
        ada = server.person("Ada")
        async with running(server, slow):
            await ada.says("/preview")
            await server.until(lambda: server.calls and server.calls[-1].method == "sendChatAction")
            assert not server.messages(ada.chat)
            slow.steps.put_nowait("10 %")
            message = await server.next_message(ada.chat)
            assert message.text == "⏳ 10 %"
            slow.steps.put_nowait("20 %")
            await server.until(lambda: message.text == "⏳ 20 %")
            slow.steps.put_nowait("")
            await server.until(lambda: message.photo == PNG)
        assert message.caption == "Done"
        assert len(server.messages(ada.chat)) == 1
        server.assert_clean()


async def test_on_discord_the_promise_becomes_the_answer(discord, channel, ada):
    slow = Slow()
    async with listening(discord, slow, no_completion()):
        asking = asyncio.create_task(ada.command(channel, "stats"))
        for words in ("10 %", "20 %"):
            slow.steps.put_nowait(words)
            await discord.until(lambda words=words: says(discord, words))
        slow.steps.put_nowait("")
        answer = await asking
        await discord.until(lambda: answer.message.files)
    assert answer.text == "Done"
    assert len(channel.messages) == 1


def says(discord, words):
    return any(words in message.text for _at, message in discord.edited)


def test_each_per_cent_is_said_once_and_to_whoever_follows():
    said = []

    def words(percent):
        said.append(percent)
        return f"{percent} %"

    reached = by_percent(100, 300, words)
    with following() as progress:
        for moment in (100, 101, 150, 151, 300):
            reached(moment)
        assert progress.words == "100 %"
    reached(310)
    assert progress.words == "100 %"
    assert said == [0, 25, 100, 105]
