"""A verdict that the database refuses is set aside; deliveries go on."""

from bot.outlet.delivery import PUT_OFF_SECONDS
from storage.model import Message, Priority, Rejected, Text
from storage.outbox import enqueue_notice
from tests.bot.outlet.test_delivery import BTC, opened
from tests.make import NOW, transaction
from watchers.model import unsealed

REFUSE = (
    "CREATE TRIGGER refuse BEFORE UPDATE OF reference ON messages WHEN NEW.reference = '1'"
    " BEGIN SELECT RAISE(ABORT, 'refused by a test'); END"
)


async def test_a_verdict_that_cannot_be_stored_ends_nothing_and_is_noted(tmp_path):
    async with opened(tmp_path) as office:
        await office.store.write(lambda db: db.conn.execute(REFUSE) and None)
        await office.chat("ada", BTC)
        await office.take(transaction(2 * BTC))
        await office.until_sent(1)
        await office.take(transaction(3 * BTC))
        await office.until_sent(2)
        assert await office.rows("SELECT state FROM deliveries ORDER BY id") == [
            ("rejected",), ("sent",)
        ]  # fmt: skip
        ((source, detail),) = await office.rows("SELECT source, detail FROM incidents")
        assert unsealed(source) == "messages to Telegram"
        assert "refused by a test" in detail


async def _spoil(office, *statements):
    def spoil(db):
        for statement in statements:
            db.conn.execute(statement)

    await office.store.write(spoil)


async def test_a_message_whose_time_cannot_be_found_out_holds_no_other_up(tmp_path):
    """The zone of its chat is no more."""
    async with opened(tmp_path) as office:
        for name in ("ada", "bob"):
            await office.chat(name, BTC)
        await _spoil(
            office,
            "INSERT INTO quiet_hours (chat_id, begins, ends, weekdays) VALUES (1, 0, 1, 127)",
            "UPDATE chats SET timezone = 'Mars/Olympus' WHERE id = 1",
        )
        await office.take(transaction(2 * BTC))
        await office.until_sent(1)
        assert [address for address, _ in office.arrived()] == ["bob"]
        ((source, detail),) = await office.rows("SELECT source, detail FROM incidents")
        assert unsealed(source) == "messages to Telegram"
        assert "Mars/Olympus" in detail
        await _spoil(office, "UPDATE chats SET timezone = 'UTC'")
        await office.later(PUT_OFF_SECONDS)
        await office.until_sent(2)
        assert [address for address, _ in office.arrived()] == ["bob", "ada"]


async def test_a_notice_that_cannot_be_read_holds_no_other_up(tmp_path):
    async with opened(tmp_path) as office:
        for name in ("ada", "bob"):
            chat = await office.chat(name)
            hello = Message((Text(f"Hello {name}"),))
            await office.store.write(
                enqueue_notice, chat.id, "hello", hello, Priority.BROADCAST, NOW
            )
            await _spoil(office, "UPDATE messages SET body = '{\"title\": 1}' WHERE chat_id = 1")
        office.delivery.wake()
        await office.until_sent(1)
        assert office.arrived() == [("bob", "Hello bob")]
        assert await office.rows("SELECT state FROM deliveries ORDER BY id") == [
            ("due",), ("sent",)
        ]  # fmt: skip


async def test_a_reason_that_is_no_text_ends_nothing(tmp_path):
    """JSON may hold half of a surrogate pair, which no UTF-8 can."""
    async with opened(tmp_path) as office:
        await office.chat("ada", BTC)
        office.platform.verdicts = [Rejected("\ud83d")]
        await office.take(transaction(2 * BTC))
        await office.until_sent(1)
        await office.take(transaction(3 * BTC))
        await office.until_sent(2)
        assert await office.rows("SELECT state FROM deliveries ORDER BY id") == [
            ("rejected",), ("sent",)
        ]  # fmt: skip
