"""Buttons, alerts and blocks across restarts, good and bad."""

import random
from collections import Counter

from tests.end_to_end.scene import BTC, LINK, new_address, staged

ROUNDS = 4
SOON = {"bot.intake.ingest:SETTLING_SECONDS": 1}


async def test_the_buttons_of_an_alert_work_after_a_restart(tmp_path):
    async with staged(tmp_path) as scene:
        ada = scene.server.person("Ada")
        async with scene.program():
            await scene.asks(ada, "/threshold whales 500 BTC")
            whale = scene.chain.whale()
            alert = await scene.next(ada)
            assert "moved" in alert.text.split("\n")[0]
        async with scene.program() as program:
            await ada.presses(alert, "👁 Watch sender")
            assert "Watching" in (await scene.next(ada)).text
            await ada.presses(alert, "Details")
            assert whale in (await scene.next(ada)).html
            await ada.presses(alert, "🔕 Mute…")
            question = await scene.next(ada)
            await ada.presses(question, "🔕 Everything")
            await scene.until_shows(question, "for how long?")
            await ada.presses(question, "8 h")
            await scene.until_shows(question, "Muted until")
            kept_back = [scene.chain.whale(), scene.chain.whale()]
            await program.until_knows(kept_back)
            await program.until_all_is_said()
            assert scene.told(ada).count(whale) == 2
            await ada.presses(question, "Undo")
            await scene.until_shows(question, "Kept back meanwhile: 2 alerts")
            assert not set(kept_back) & set(scene.told(ada))
            after = scene.chain.whale()
            assert after in (await scene.next(ada)).html


async def test_nothing_is_lost_and_little_repeated_when_it_is_killed_in_bursts(tmp_path):
    rng = random.Random(8)
    async with staged(tmp_path) as scene:
        people = [scene.server.person(name) for name in ("Ada", "Bob", "Cleo")]
        mine = new_address("mine")
        async with scene.program():
            await scene.asks(people[0], "/threshold whales 500 BTC")
            await scene.asks(people[1], "/threshold whales 500 BTC")
            await scene.asks(people[2], f"/watch {mine} Mine")
        first = len(scene.chain.chain.main)
        due = []
        for _ in range(ROUNDS):
            async with scene.program(SOON) as program:
                due += burst(scene, mine)
                await until_said(scene, rng.randint(0, 3))
                await program.kill()
            due += burst(scene, mine)
            scene.chain.reorg()
        async with scene.program(SOON) as program:
            scene.chain.transact()
            scene.chain.mine()
            assert not set(due) & scene.chain.chain.mempool.keys()
            await scene.until_level(program)
            await program.until_all_is_said()
            mined = [
                tx.hash for block in scene.chain.chain.main[first:] for tx in block.transactions
            ]
            assert set(due) <= set(mined)
            stored = program.rows(
                "SELECT t.hash FROM transactions t JOIN block_transactions l"
                " ON l.transaction_id = t.id JOIN blocks b ON b.id = l.block_id WHERE b.canonical"
            )
            assert set(mined) <= {hash_ for (hash_,) in stored}
            chain = [(block.hash,) for block in scene.chain.chain.main]
            known = scene.stored_chain(program)
            assert known == chain[-len(known) :]
        for person, paid in zip(people, (due[::2], due[::2], due[1::2]), strict=True):
            assert set(scene.told(person)) == set(paid)
            assert repeats(scene, person) <= ROUNDS
            # A message whose receipt was lost in a kill cannot be edited: its repetition is.
            last = {
                txid: message
                for message in scene.server.messages(person.chat)
                for txid in LINK.findall(message.html)
            }
            assert not [message.text for message in last.values() if "⏳" in message.text]


async def until_said(scene, count):
    """Wait until so many more messages have been sent."""
    wanted = len(scene.server.outgoing) + count
    await scene.server.until(lambda: len(scene.server.outgoing) >= wanted, timeout=30)


def burst(scene, mine):
    """Traffic with two whales, two payments to an address, and a block that holds them."""
    due = []
    for _ in range(2):
        due += [scene.chain.whale(), scene.chain.pay(mine, BTC)]
        for _ in range(10):
            scene.chain.transact()
    scene.chain.mine()
    scene.chain.transact()
    return due


def repeats(scene, person):
    """How many messages of a chat told only what had been told before."""
    told: set[str] = set()
    count = 0
    for message in scene.server.messages(person.chat):
        named = set(LINK.findall(message.html))
        count += bool(named) and not named - told
        told.update(named)
    return count


async def test_what_was_mined_meanwhile_is_filled_in_and_told_late_after_one_notice(tmp_path):
    async with staged(tmp_path) as scene:
        ada, bob, cleo = (scene.server.person(name) for name in ("Ada", "Bob", "Cleo"))
        mine = new_address("mine")
        async with scene.program() as program:
            await scene.asks(ada, "/threshold whales 500 BTC")
            await scene.asks(bob, f"/watch {mine} Mine")
            await scene.asks(cleo, f"/watch {new_address('quiet')} Quiet")
            scene.chain.transact()
            await program.until(lambda: program.rows("SELECT 1 FROM transactions"), "sign of life")
        program.write("UPDATE checkpoints SET heard_at = heard_at - 600")
        due, tip = [], scene.chain.chain.tip.height
        for _ in range(3):
            due += [scene.chain.whale(), scene.chain.pay(mine, BTC)]
            scene.chain.mine()
        async with scene.program() as program:
            scene.chain.transact()
            await program.until(lambda: program.rows("SELECT 1 FROM gaps"), "gap in the ledger")
            await program.until_all_is_said()
            assert scene.heights_above(program, tip) == [tip + 1, tip + 2, tip + 3]
        for person, told in ((ada, due[::2]), (bob, due[1::2])):
            assert Counter(scene.told(person)) == Counter(told)
            texts = [message.text for message in scene.server.messages(person.chat)]
            notices = [text for text in texts if "could not hear Bitcoin for 10 min" in text]
            assert len(notices) == 1
            alerts = [text for text in texts if "late" in text.lower() and "BTC" in text]
            assert alerts
            assert texts.index(notices[0]) < texts.index(alerts[0])
        assert len(scene.server.messages(cleo.chat)) == 1


async def test_a_reorg_that_happened_while_it_was_away_is_found(tmp_path):
    async with staged(tmp_path) as scene:
        ada = scene.server.person("Ada")
        mine = new_address("mine")
        async with scene.program(SOON) as program:
            await scene.asks(ada, f"/watch {mine} Mine")
            paid = scene.chain.pay(mine, 2 * BTC)
            alert = await scene.next(ada)
            scene.chain.mine()
            await scene.until_shows(alert, "Confirmed")
            scene.chain.mine()
            await scene.until_level(program)
        undone = [block.hash for block in scene.chain.chain.main[-2:]]
        scene.chain.reorg(depth=2)
        assert paid in scene.chain.chain.mempool
        async with scene.program(SOON) as program:
            assert "left the chain" in (await scene.next(ada)).text
            await scene.until_shows(alert, "Unconfirmed again")
            chain = [(block.hash,) for block in scene.chain.chain.main]
            stored = scene.stored_chain(program)
            assert stored == chain[-len(stored) :]
            assert not {(hash_,) for hash_ in undone} & set(stored)
