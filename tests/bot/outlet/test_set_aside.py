"""A verdict that the database refuses is set aside; deliveries go on."""

from tests.bot.outlet.test_delivery import BTC, opened
from tests.make import transaction
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
