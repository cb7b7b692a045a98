"""What people do on Discord is answered: in time, once, and where it belongs."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
from discord import Interaction

from bot.commands.completion import Completion
from bot.store import READERS
from charts.render import warm_up
from detectors.interests import Interests
from storage.buttons import save_buttons
from storage.model import Button, Message, Picture, Text
from tests.bot.desk import ADDRESS, MISTYPED_ADDRESS
from tests.bot.platforms.discord_answering import answering, listening
from tests.png import draw_png
from tests.strict_discord.interaction import CHANGES_LATER
from tests.strict_discord.stage import Stage
from watchers.registry import CHAINS


@pytest.fixture(scope="module")
def _warm():
    """Draws are as fast as in the worker, which is warm before the first of them."""
    warm_up()


@pytest.fixture
async def discord() -> AsyncIterator[Stage]:
    async with Stage(limits=False) as stage:
        yield stage


@pytest.fixture
def guild(discord):
    return discord.guild("Traders")


@pytest.fixture
def channel(guild):
    return guild.channel("alerts")


@pytest.fixture
def ada(guild):
    return guild.member("Ada", manage_guild=True)


@pytest.fixture
def bob(guild):
    return guild.member("Bob")


def words(text, **more):
    return Message((Text(text),), **more)


class Scripted:
    """Answers with what a test has written, when the test lets it."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.heard = []
        self.free = asyncio.Event()
        self.free.set()

    async def __call__(self, incoming):
        self.heard.append(incoming)
        await self.free.wait()
        return self.answers.pop(0)


def no_completion():
    return Completion(CHAINS, Interests(), {})


async def test_a_command_is_answered_as_it_is_typed_elsewhere(discord, desk, channel, ada):
    async with answering(discord, desk, ada):
        bound = await ada.command(channel, "alerts", where="here")
        answer = await ada.command(channel, "watch", address=ADDRESS, label="Cold wallet")
    assert not bound.ephemeral
    assert answer.ephemeral
    assert not answer.deferred
    assert "👁 Watching Cold wallet." in answer.text
    assert [s.label for s in desk.interests.watching("bitcoin", ADDRESS)] == ["Cold wallet"]


@pytest.mark.usefixtures("_warm")
async def test_what_concerns_everybody_is_public_and_a_chart_is_attached(
    discord, desk, channel, ada
):
    async with answering(discord, desk, ada):
        stats = await ada.command(channel, "stats", period="7d")
        chart = await ada.command(channel, "chart", kind="volume", timeout=30)
    assert not stats.ephemeral
    assert not chart.ephemeral
    assert chart.message.files


async def test_in_a_direct_message_nothing_needs_to_be_hidden(discord, desk, ada):
    async with answering(discord, desk, ada):
        answer = await ada.command(ada.dm, "watchlist")
    assert not answer.ephemeral


async def test_an_option_that_cannot_be_used_is_refused_to_its_asker_alone(
    discord, desk, channel, ada
):
    async with answering(discord, desk, ada):
        answer = await ada.command(channel, "stats", period="soon")
    assert "“soon” is no period" in answer.text
    assert answer.ephemeral
    assert channel.messages == []


async def test_a_stranger_is_turned_away_quietly(discord, desk, channel, bob):
    async with answering(discord, desk):
        answer = await bob.command(channel, "stats")
    assert "private" in answer.text
    assert answer.ephemeral


async def test_a_block_is_asked_for_by_its_number(discord, desk, channel, ada):
    async with answering(discord, desk, ada):
        answer = await ada.command(channel, "block", height=840000)
    assert "No block of Bitcoin is stored yet." in answer.text


async def test_what_takes_long_is_promised_and_then_said(discord, channel, ada):
    dispatch = Scripted(words("At last"), words("Yours", personal=True))
    async with listening(discord, dispatch, no_completion()):
        dispatch.free.clear()
        asking = asyncio.create_task(ada.command(channel, "stats"))
        await discord.until(lambda: any(i.is_thinking for i in discord.interactions.values()))
        dispatch.free.set()
        answer = await asking
        dispatch.free.clear()
        asking = asyncio.create_task(ada.command(channel, "watchlist"))
        await discord.until(lambda: any(i.is_thinking for i in discord.interactions.values()))
        dispatch.free.set()
        own = await asking
    assert answer.deferred
    assert not answer.ephemeral
    assert answer.text == "At last"
    assert (own.ephemeral, own.text) == (True, "Yours")


async def test_a_refusal_after_a_public_promise_is_still_seen_by_the_asker_alone(
    discord, channel, ada
):
    dispatch = Scripted(words("No", refusal=True))
    async with listening(discord, dispatch, no_completion()):
        dispatch.free.clear()
        asking = asyncio.create_task(ada.command(channel, "stats"))
        await discord.until(lambda: any(i.is_thinking for i in discord.interactions.values()))
        dispatch.free.set()
        await asking
        (interaction,) = discord.interactions.values()
        await discord.until(lambda: interaction.follow_ups)
    assert channel.messages == []
    (said,) = interaction.follow_ups
    assert (said.text, said.ephemeral) == ("No", True)


async def test_a_button_changes_its_message_or_is_answered_below_it(discord, desk, channel, ada):
    async with answering(discord, desk, ada):
        await ada.command(channel, "alerts", where="here")
        shown = await ada.command(channel, "watch", address=ADDRESS)
        ended = await ada.press(shown.message, "Unwatch")
        undone = await ada.press(ended.message, "Undo")
    assert not ended.changed
    assert ended.ephemeral
    assert undone.changed
    assert "👁 Watching" in undone.text


@pytest.mark.usefixtures("_warm")
async def test_a_button_works_after_a_restart(discord, desk, channel, ada):
    async with answering(discord, desk, ada):
        chart = await ada.command(channel, "chart", kind="fees", timeout=30)
    async with answering(discord, desk, ada):
        volume = await ada.press(chart.message, "📊 Volume", timeout=30)
    assert volume.changed
    assert len(channel.messages) == 1


async def test_a_member_without_rights_who_presses_is_refused_alone(
    discord, desk, channel, ada, bob
):
    async with answering(discord, desk, ada):
        await ada.command(channel, "stats")  # admits the channel
    offer = words("A whale", buttons=((Button("Mute", "/mute 8h", replaces=True),),))
    async with listening(discord, Scripted(await with_tokens(desk, offer)), no_completion()):
        alert = await ada.command(channel, "stats")
    async with answering(discord, desk):
        answer = await bob.press(alert.message, "Mute")
    assert answer.ephemeral
    assert not answer.changed
    assert "A whale" in channel.texts[-1]


async def with_tokens(desk, message):
    return await desk.write(save_buttons, message, 0)


async def test_an_old_message_that_cannot_be_changed_is_answered_anew(discord, desk, channel, ada):
    offer = words("Old", buttons=((Button("More", "/stats 7d", replaces=True),),))
    dispatch = Scripted(await with_tokens(desk, offer), words("New"))
    async with listening(discord, dispatch, no_completion()):
        shown = await ada.command(channel, "stats")
        discord.fail_next(400, operation="create_interaction_response")
        answer = await ada.press(shown.message, "More")
    assert answer.text == "New"
    assert not answer.changed


async def test_a_slow_button_is_noted_at_once_and_changes_its_message_later(
    discord, desk, channel, ada
):
    offer = words("Old", buttons=((Button("More", "/stats 7d", replaces=True),),))
    dispatch = Scripted(await with_tokens(desk, offer), words("New"))
    async with listening(discord, dispatch, no_completion()):
        shown = await ada.command(channel, "stats")
        dispatch.free.clear()
        pressing = asyncio.create_task(ada.press(shown.message, "More"))
        await discord.until(lambda: len(dispatch.heard) == 2)
        await discord.until(lambda: list(discord.interactions.values())[1].callback is not None)
        dispatch.free.set()
        await pressing
        await discord.until(lambda: channel.texts == ["New"])


async def test_a_long_answer_comes_in_parts_with_the_same_readers(discord, channel, ada):
    lines = tuple((Text("x" * 200),) for _ in range(40))
    dispatch = Scripted(
        words("Long", lines=lines, personal=True, picture=Picture(draw_png(2, 2), "dot"))
    )
    async with listening(discord, dispatch, no_completion()):
        answer = await ada.command(channel, "stats")
        await discord.until(lambda: answer.interaction.follow_ups)
    assert answer.message.files
    assert all(part.ephemeral for part in (answer.message, *answer.interaction.follow_ups))


async def test_a_lost_first_call_is_repeated_in_time(discord, channel, ada):
    dispatch = Scripted(words("Once"))
    async with listening(discord, dispatch, no_completion()):
        discord.fail_next(502, operation="create_interaction_response", accept=True)
        answer = await ada.command(channel, "stats")
    assert answer.text == "Once"
    assert channel.texts == ["Once"]
    discord.forgive("already been acknowledged")  # harmless: nobody could know that it arrived


async def test_what_comes_too_late_is_not_tried_again(discord, channel, ada, caplog):
    dispatch = Scripted(words("Late"), words("Next"))
    discord.answer_seconds = 0.0
    async with listening(discord, dispatch, no_completion()):
        with pytest.raises(AssertionError):
            await ada.command(channel, "stats", timeout=2)
        discord.forgive("stats|Unknown Interaction")
        discord.answer_seconds = 3.0
        assert (await ada.command(channel, "stats")).text == "Next"
    assert "was not answered" in caplog.text
    assert len([call for call in discord.calls if "interaction" in call.operation]) == 2


async def test_words_in_a_direct_message_are_answered_as_on_telegram(discord, desk, ada):
    async with answering(discord, desk, ada):
        ada.says(ADDRESS)
        said = await ada.dm.waits_for(lambda message: "A good Bitcoin address." in message.text)
        answer = await ada.press(said, "👁 Watch it")
    assert "Watching" in answer.text
    assert desk.interests.watching("bitcoin", ADDRESS)


async def test_own_addresses_are_offered_at_every_key(discord, desk, channel, ada, bob):
    async with answering(discord, desk, ada):
        await ada.command(channel, "alerts", where="here")
        await ada.command(channel, "watch", address=ADDRESS, label="Cold wallet")
        assert await ada.complete(channel, "unwatch", focused="which", value="col") == [
            "Cold wallet bc1qa…5mdq"
        ]
        assert await ada.complete(channel, "stats", focused="period", value="3d") == ["3d"]
        gone = await ada.command(channel, "unwatch", which=ADDRESS)
        assert "No longer watching" in gone.text


async def test_discord_is_told_of_the_commands_only_when_they_changed(discord, desk, ada):
    def told():
        return [c for c in discord.calls if c.operation == "bulk_set_application_commands"]

    async with answering(discord, desk, ada):
        await discord.until(lambda: len(told()) == 1)
        await discord.invalidate()
        await discord.ready()
    async with answering(discord, desk, ada):
        await ada.command(ada.dm, "watchlist")
    assert len(told()) == 1


async def test_a_mistyped_address_is_explained(discord, desk, ada):
    async with answering(discord, desk, ada):
        answer = await ada.command(ada.dm, "watch", address=MISTYPED_ADDRESS)
    assert "That address does not work." in answer.text


async def test_own_addresses_are_offered_while_the_database_is_busy(discord, desk, channel, ada):
    busy, free = threading.Event(), threading.Event()

    def hold(_):
        busy.set()
        assert free.wait(60)

    async with answering(discord, desk, ada):
        await ada.command(channel, "alerts", where="here")
        await ada.command(channel, "watch", address=ADDRESS, label="Cold wallet")
        holding = [asyncio.create_task(desk.write(hold))]
        holding += [asyncio.create_task(desk.read(hold)) for _ in range(READERS)]
        await asyncio.to_thread(busy.wait)
        offered = await ada.complete(channel, "unwatch", focused="which", value="")
        free.set()
        await asyncio.gather(*holding)
    assert offered == ["Cold wallet bc1qa…5mdq"]


async def test_what_takes_longer_than_an_interaction_lives_is_said_in_the_channel(
    discord, channel, ada, monkeypatch
):
    dispatch = Scripted(words("At last"), words("Yours", personal=True))
    async with listening(discord, dispatch, no_completion()):
        for command in ("stats", "watchlist"):
            dispatch.free.clear()
            asking = asyncio.create_task(ada.command(channel, command, timeout=5))
            await discord.until(lambda: any(i.is_thinking for i in discord.interactions.values()))
            with monkeypatch.context() as later:
                later.setattr(Interaction, "is_expired", lambda _: True)
                dispatch.free.set()
                with pytest.raises(AssertionError, match="thinking for ever"):
                    await asking
            discord.forgive(command)
            for interaction in discord.interactions.values():
                interaction.callback = CHANGES_LATER
    assert channel.texts == ["At last"]


async def test_who_asks_is_told_of_with_what_they_may_and_what_the_bot_may_not(
    discord, guild, channel, ada, bob
):
    channel.deny("embed_links")
    dispatch = Scripted(words("One"), words("Two"), words("Three"))
    async with listening(discord, dispatch, no_completion()):
        await ada.command(channel, "stats")
        await bob.command(channel, "stats")
        await ada.command(ada.dm, "stats")
    of_ada, of_bob, alone = dispatch.heard
    assert (of_ada.chat, of_ada.kind, of_ada.server) == (str(channel.id), "group", str(guild.id))
    assert (of_ada.admin, of_bob.admin, alone.admin) == (True, False, None)
    assert of_ada.cannot == ("Embed Links",)
    assert of_ada.chat_title == "Traders #alerts"
    assert not of_ada.bound
    assert (alone.chat, alone.kind, alone.bound) == (str(ada.id), "private", True)


async def test_answers_under_way_are_said_before_the_end(discord, channel, ada):
    dispatch = Scripted(words("Just in time"))
    async with listening(discord, dispatch, no_completion()):
        dispatch.free.clear()
        asking = asyncio.create_task(ada.command(channel, "stats"))
        await discord.until(lambda: dispatch.heard)
        asyncio.get_running_loop().call_later(0.3, dispatch.free.set)
    assert (await asking).text == "Just in time"


async def test_what_discord_does_not_take_is_answered_with_an_excuse(discord, channel, ada):
    dispatch = Scripted(words("Odd"))
    async with listening(discord, dispatch, no_completion()):
        discord.fail_next(400, operation="create_interaction_response")
        answer = await ada.command(channel, "stats")
    assert answer.text == "Discord does not let me show the answer here."
    assert answer.ephemeral
