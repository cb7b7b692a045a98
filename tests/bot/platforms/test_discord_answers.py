"""What people give Discord's bot is answered: in time, once, and where it belongs."""

import asyncio
import threading

import pytest
from discord import Interaction

from bot.store import READERS
from storage.model import Picture, Text
from tests.bot.desk import ADDRESS, MISTYPED_ADDRESS, PRIVATE_KEY
from tests.bot.platforms.discord_answering import (
    Scripted,
    answering,
    listening,
    no_completion,
    words,
)
from tests.png import draw_png
from tests.strict_discord.interaction import CHANGES_LATER


async def test_a_command_is_answered_as_it_is_typed_elsewhere(discord, desk, channel, ada):
    async with answering(discord, desk, ada):
        bound = await ada.command(channel, "alerts", do="here")
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


async def test_a_direct_answer_that_may_have_arrived_is_said_once(discord, ada):
    dispatch = Scripted(words("Once"))
    async with listening(discord, dispatch, no_completion()):
        discord.fail_next("drop", operation="create_message", accept=True)
        ada.says("hello")
        await discord.until(lambda: "create_message" in [c.operation for c in discord.calls])
    assert ada.dm.texts == ["hello", "Once"]


async def test_direct_messages_are_answered_in_the_order_in_which_they_came(discord, ada):
    async def dispatch(incoming):
        if incoming.text == "slow":
            await asyncio.sleep(0.3)
        return words(f"To {incoming.text}")

    async with listening(discord, dispatch, no_completion()):
        for text in ("slow", "quick"):
            ada.says(text)
        await discord.until(lambda: "To quick" in ada.dm.texts)
    assert ada.dm.texts == ["slow", "quick", "To slow", "To quick"]


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


async def test_a_rule_is_completed_by_what_else_was_filled_in(discord, desk, ada):
    async with answering(discord, desk, ada):
        given = {"do": "add", "what": "fees"}
        assert await ada.complete(
            ada.dm, "alerts", focused="value", **given, value="below 7 si"
        ) == ["below 7 silent"]
        assert await ada.complete(ada.dm, "alerts", focused="value", what="ring", value="d") == [
            "digest"
        ]
        said = await ada.command(ada.dm, "alerts", **given, value="below 7 silent")
    assert "below 7" in said.text


async def test_own_addresses_are_offered_at_every_key(discord, desk, channel, ada, bob):
    async with answering(discord, desk, ada):
        await ada.command(channel, "alerts", do="here")
        await ada.command(channel, "watch", address=ADDRESS, label="Cold wallet")
        assert await ada.complete(channel, "unwatch", focused="which", value="col") == [
            "Cold wallet bc1qa…5mdq"
        ]
        assert await ada.complete(channel, "stats", focused="period", value="3d") == ["3d"]
        gone = await ada.command(channel, "unwatch", which=ADDRESS)
        assert "No longer watching" in gone.text


@pytest.mark.parametrize(
    ("command", "option", "typed", "offered"),
    [
        ("watch", "address", ADDRESS, [ADDRESS]),
        ("watch", "address", MISTYPED_ADDRESS, []),
        ("watch", "address", PRIVATE_KEY, []),
        ("unwatch", "which", "3", ["3"]),
        ("threshold", "amount", " 500 BTC", ["500 BTC"]),
        ("threshold", "unit", "b", ["BTC"]),
        ("link", "code", "K7QM-3XFD", ["K7QM-3XFD"]),
        ("unwatch", "which", " ", []),
    ],
)
async def test_what_can_be_given_as_it_stands_is_offered(
    discord, desk, ada, command, option, typed, offered
):
    async with answering(discord, desk, ada):
        assert await ada.complete(ada.dm, command, focused=option, value=typed) == offered


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
        await ada.command(channel, "alerts", do="here")
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
    assert (of_ada.chat, of_ada.kind, of_ada.server) == (str(channel.id), "channel", str(guild.id))
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


async def test_a_request_for_patience_that_is_refused_ends_no_work(
    discord, channel, ada, caplog, monkeypatch
):
    monkeypatch.setattr("bot.platforms.discord_answers.PATIENCE_SECONDS", 0.1)
    dispatch = Scripted(words("All the same"))
    async with listening(discord, dispatch, no_completion()):
        dispatch.free.clear()
        discord.fail_next(400, operation="create_interaction_response")
        asking = asyncio.create_task(ada.command(channel, "stats"))
        await discord.until(lambda: "400" in caplog.text)
        dispatch.free.set()
        assert (await asking).text == "All the same"


async def test_what_discord_does_not_take_is_answered_with_an_excuse(discord, channel, ada):
    dispatch = Scripted(words("Odd"))
    async with listening(discord, dispatch, no_completion()):
        discord.fail_next(400, operation="create_interaction_response")
        answer = await ada.command(channel, "stats")
    assert answer.text == "Discord does not let me show the answer here."
    assert answer.ephemeral
