"""Real transactions and blocks through the whole program: all stored, and told exactly."""

import re
from collections import Counter

from tests.end_to_end import real
from tests.end_to_end.program import running
from tests.end_to_end.source import Source
from tests.strict_telegram.server import StrictTelegram

BTC = 10**8
FIRST_HEIGHT = 800_000
_LINK = re.compile(r'href="[^"]*/tx/([0-9a-f]{64})"')


def told(server, person):
    """How often each transaction is named in the messages of a private chat."""
    return Counter(
        txid for message in server.messages(person.chat) for txid in _LINK.findall(message.html)
    )


def chained(blocks):
    """Real blocks as a chain of their own: consecutive heights, each the parent of the next."""
    parent, raw = "00" * 32, []
    for height, block in enumerate(blocks, FIRST_HEIGHT):
        raw.append(real.rawblock(block, height, parent))
        parent = block["id"]
    return raw


async def asks(server, person, text):
    await person.says(text)
    return await server.next_message(person.chat, timeout=30)


async def test_every_real_mempool_transaction_is_stored_and_exactly_the_due_alerts_are_told(
    tmp_path,
):
    lines = real.mempool()
    first, *_ = chained(real.blocks())
    busiest, _ = Counter(
        out["scriptpubkey_address"]
        for line in lines
        for out in line["tx"]["vout"]
        if "scriptpubkey_address" in out
    ).most_common(1)[0]
    async with Source() as source, StrictTelegram() as server:
        source.blocks[FIRST_HEIGHT] = first
        ada, bob, cleo = (server.person(name) for name in ("Ada", "Bob", "Cleo"))
        settings = {
            "TELEGRAM_TOKEN": server.token, "TELEGRAM_API": server.base, "ACCESS": "open",
            "HISTORY": "1s", **source.settings,
        }  # fmt: skip
        async with running(tmp_path, **settings) as program:
            await source.until_subscribed()
            await asks(server, ada, "/threshold whales 100 BTC")
            await asks(server, bob, "/threshold whales 20 BTC")
            await asks(server, cleo, f"/watch {busiest} Busy")
            await program.until_stored(len(first["tx"]))
            for line in lines:
                await source.say("utx", real.utx(line))
            await program.until_stored(len(first["tx"]) + len(lines))
            await program.until_all_is_said()
            stored = dict(program.rows("SELECT hash, moved FROM transactions WHERE unconfirmed"))
        expected = {line["_txid"]: real.moved(line["tx"]) for line in lines}
        assert {hash_: int(amount) for hash_, amount in stored.items()} == expected
        for person, threshold in ((ada, 100 * BTC), (bob, 20 * BTC)):
            due = {txid for txid, amount in expected.items() if amount >= threshold}
            assert len(due) > 3
            assert told(server, person) == Counter(due)
        due = {line["_txid"] for line in lines if real.touches(line["tx"], busiest)}
        assert told(server, cleo) == Counter(due)
        server.assert_clean()


async def test_real_blocks_are_stored_whole_and_their_whales_told_once(tmp_path):
    blocks = real.blocks()
    chain = chained(blocks)
    async with Source() as source, StrictTelegram() as server:
        source.blocks[FIRST_HEIGHT] = chain[0]
        ada = server.person("Ada")
        settings = {
            "TELEGRAM_TOKEN": server.token, "TELEGRAM_API": server.base,
            "OWNERS": f"telegram:{ada.id}", "HISTORY": "1s", **source.settings,
        }  # fmt: skip
        async with running(tmp_path, **settings) as program:
            await source.until_subscribed()
            await asks(server, ada, "/threshold whales 1000 BTC")
            await program.until_stored(len(chain[0]["tx"]))
            for raw in chain[1:]:
                await source.mine(raw)
            total = len({tx["hash"] for raw in chain for tx in raw["tx"]})
            await program.until_stored(total)
            await program.until(
                lambda: (
                    program.rows("SELECT count(*) FROM blocks WHERE canonical")[0][0] == len(chain)
                ),
                "all blocks on the main chain",
            )
            await program.until_all_is_said()
            fees = dict(program.rows("SELECT hash, fee FROM transactions"))
            links = program.rows("SELECT count(*) FROM block_transactions")[0][0]
        assert links == sum(len(raw["tx"]) for raw in chain)
        assert {hash_: int(fee) for hash_, fee in fees.items()} == {
            tx["txid"]: tx["fee"] for block in blocks for tx in block["txs"]
        }
        due = {
            tx["txid"]
            for block in blocks[1:]
            for tx in block["txs"]
            if not real.is_coinbase(tx) and real.moved(tx) >= 1000 * BTC
        }
        assert due
        assert told(server, ada) == Counter(due)
        server.assert_clean()
