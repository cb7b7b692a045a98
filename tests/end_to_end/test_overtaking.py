"""A private alert passes a broadcast, with Telegram's limits in force."""

from detectors.model import Kind, Subscription
from storage.chats import Defaults, save_chat
from storage.database import open_database
from storage.subscriptions import save_subscription
from tests.end_to_end.scene import BTC, new_address, staged

CHATS = 1000


def subscribe(scene, people):
    """Let people ask for whales, as if they had said so."""
    db = open_database(scene.folder / "spyhop.db")
    defaults = Defaults("en", "UTC", "USD")
    with db.atomic():
        for person in people:
            person.chat.started = True
            address = str(person.chat.id)
            chat = save_chat(db, "telegram", address, "", "private", "", defaults, 0).id
            whales = Subscription(0, chat, Kind.WHALES, "bitcoin", unit="BTC", amount=500 * BTC)
            save_subscription(db, whales, 0)
    db.close()


def told(people):
    """How many messages stand in their chats."""
    return sum(len(person.chat.sent) for person in people)


async def test_a_private_alert_overtakes_a_broadcast_to_a_thousand_chats(tmp_path):
    mine = new_address("mine")
    async with staged(tmp_path, limits=True) as scene:
        ada = scene.server.person("Ada")
        crowd = [scene.server.person(f"Fan {number}") for number in range(CHATS)]
        subscribe(scene, crowd)
        async with scene.program() as program:
            await scene.asks(ada, f"/watch {mine} Savings")
            whale = scene.chain.whale()
            await scene.server.until(lambda: told(crowd) >= 50, timeout=60)
            paid = scene.chain.pay(mine, 5 * BTC)
            alert = await scene.next(ada)
            overtaken = CHATS - told(crowd)
            assert f'/tx/{paid}"' in alert.html
            assert overtaken > CHATS / 2
            await program.until_all_is_said(120)
            assert all(scene.told(fan) == [whale] for fan in crowd)
