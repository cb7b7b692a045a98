"""Owners whom the settings name, before and after their first word."""

from bot.notices import tell_owners
from bot.owners import settle_owners
from storage.chats import Defaults, park_chat, private_chats_of_owners
from storage.dispatch import claim
from storage.model import Message, Text
from tests.bot.desk import Talk
from tests.make import NOW

DEFAULTS = Defaults("en", "UTC", "USD")
BOTH = (("discord", "67890"), ("telegram", "12345"))


def settle(desk, *owners):
    return settle_owners(desk.store, owners, DEFAULTS, NOW)


async def told(desk):
    """Where a notice to the owners would go."""
    await desk.write(tell_owners, "fire", lambda: Message((Text("Fire"),)), NOW)
    due = await desk.write(claim, {"discord": 9, "telegram": 9}, NOW)
    return [(delivery.chat.platform, delivery.chat.address) for delivery in due]


async def test_an_owner_on_discord_is_told_before_their_first_word(desk):
    assert await settle(desk, *BOTH) is None
    assert await told(desk) == [("discord", "67890")]


async def test_an_owner_who_must_write_first_is_named(desk, caplog):
    await settle(desk, *BOTH)
    assert "out of reach on Telegram until they write to me: id=12345" in caplog.text
    assert "Discord" not in caplog.text
    waiting = "An owner is out of reach on Telegram until they write to me"
    assert waiting in await Talk(desk).say("/status")
    await Talk(desk, platform="telegram", chat="12345", person="12345", name="Ada").say("/start")
    assert waiting not in await Talk(desk).say("/status")
    caplog.clear()
    await settle(desk, *BOTH)
    assert caplog.text == ""
    assert sorted(await told(desk)) == sorted(BOTH)


async def test_an_owner_who_could_not_be_reached_is_tried_at_the_next_start(desk):
    await settle(desk, BOTH[0])
    await desk.write(park_chat, *BOTH[0], "the person shares no server with the bot any more")
    assert "out of reach on Discord" in await Talk(desk).say("/status")
    await settle(desk, BOTH[0])
    assert await told(desk) == [BOTH[0]]


async def test_what_an_owner_has_chosen_stays_as_it_is(desk):
    await settle(desk, BOTH[0])
    ada = Talk(desk, platform="discord", chat="67890", person="67890", name="Ada")
    await ada.say("/timezone Lagos")
    await settle(desk, BOTH[0])
    (chat,) = [c for c in await desk.read(private_chats_of_owners) if c.platform == "discord"]
    assert chat.timezone == "Africa/Lagos"
