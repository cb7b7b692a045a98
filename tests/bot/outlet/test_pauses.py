"""Telegram may ask for a pause, of seconds or of hours: it is kept, and others are told."""

import asyncio

from detectors.model import Kind, Subscription
from storage.chats import Defaults, save_chat
from storage.links import enter_link_code, new_link_code
from storage.persons import save_person
from storage.subscriptions import save_subscription
from tests.bot.outlet.test_delivery import BTC, Recording, opened
from tests.bot.platforms.telegram_stage import platform_on
from tests.make import NOW, transaction
from tests.strict_telegram.server import StrictTelegram


def own(db, address):
    """The private chats of one person on Telegram and on Discord, with a threshold in each."""
    defaults = Defaults("en", "UTC", "USD")
    ada = save_person(db, "telegram", address, "Ada", NOW)
    same = save_person(db, "discord", "8", "Ada", NOW)
    chats = [
        save_chat(db, "telegram", address, "", "private", "", defaults, NOW, person=ada.id),
        save_chat(db, "discord", "8", "", "private", "", defaults, NOW, person=same.id),
    ]
    enter_link_code(db, new_link_code(db, ada, NOW), same, NOW)
    whales = [Subscription(0, c.id, Kind.WHALES, "bitcoin", unit="BTC", amount=BTC) for c in chats]
    return [save_subscription(db, each, NOW)[1] for each in whales]


async def test_a_person_is_told_elsewhere_while_telegram_asks_for_a_long_pause(tmp_path):
    discord = Recording("discord")
    async with StrictTelegram() as server:
        ada = server.person("Ada")
        server.fail_next("sendMessage", 429, retry_after=3600)
        async with opened(tmp_path, discord, platform_on(server)) as office:
            for saved in await office.store.write(own, str(ada.id)):
                office.interests.add(saved)
            for name in range(3):
                await office.take(transaction(2 * BTC, name=name))

            async def tried():
                tries = await office.rows("SELECT attempts FROM deliveries WHERE state = 'due'")
                return tries == [(1,)] * 3

            await office.until(tried)
            assert discord.sent == []
            await office.later(400)
            async with asyncio.timeout(20):
                while not discord.sent:
                    await asyncio.sleep(0.01)
            await office.until(office.idle)
        assert len(server.calls) == 1
        assert server.messages(ada.chat) == []
