"""What is told of a transaction, from its announcement to its end."""

import re

from tests.end_to_end.scene import BTC, new_address, staged

SOON = {"bot.intake.ingest:SETTLING_SECONDS": 1}


def rate_of(scene, hash_):
    """The fee rate in the words of a message, by the simulated chain's own reckoning."""
    transaction = scene.chain.chain.transactions[hash_]
    return f"{transaction.fee / -(-transaction.weight // 4):,.1f} sat/vB"


def dollars(text):
    """The worth in a message's verdict, in thousands of dollars."""
    return float(re.findall(r"\(\$([\d.]+)k\)", text)[0])


async def watching(scene, person, **labels):
    addresses = []
    for label in labels:
        addresses.append(new_address(label))
        await scene.asks(person, f"/watch {addresses[-1]} {label}")
    return addresses


async def test_an_address_pasted_and_watched_by_a_button_tells_what_comes_and_goes(tmp_path):
    async with staged(tmp_path) as scene, scene.program():
        ada = scene.server.person("Ada")
        cold, hot = new_address("cold"), new_address("hot")
        offer = await scene.asks(ada, f"look at {cold}, please")
        await ada.presses(offer, "👁 Watch it")
        assert "Watching" in (await scene.next(ada)).text
        await scene.asks(ada, f"/watch {cold} Cold & <b>dark</b>")
        await scene.asks(ada, f"/watch {hot} Hot")

        paid = scene.chain.pay(cold, 5 * BTC)
        coming = await scene.next(ada)
        title, parties, kind, state, _ = coming.text.split("\n")
        assert re.fullmatch(r"🟢 \+5 BTC \(\$[\d.]+k\) to Cold & <b>dark</b>", title)
        assert abs(dollars(title) - 5 * scene.chain.world.price / 1000) < 0.1
        assert re.search(r" → Cold & <b>dark</b> bc1q.…\w{4}$", parties.replace(cold[:5], "bc1q."))
        assert kind == "Payment · 1 input, 2 outputs · 5 BTC moved in all"
        assert state == f"⏳ Unconfirmed · {rate_of(scene, paid)}"
        assert f'/tx/{paid}"' in coming.html

        spent = scene.chain.pay(new_address("shop"), 2 * BTC, cold)
        going = await scene.next(ada)
        fee = scene.chain.chain.transactions[spent].fee
        lost = f"{(2 * BTC + fee) / BTC:.8f}".rstrip("0")
        assert re.match(rf"🔴 −({lost}|2) BTC \(\$[\d.]+k\) from Cold", going.text)

        moved = scene.chain.pay(hot, BTC, cold)
        inside = await scene.next(ada)
        assert inside.text.startswith("🔁 Moved between Cold & <b>dark</b> and 1 more of yours for")
        assert "1 BTC moved" in inside.text
        assert "Cold" in inside.text.split("\n")[1]
        assert "Hot" in inside.text.split("\n")[1]

        scene.chain.mine()
        height = scene.chain.chain.tip.height
        for message in (coming, going, inside):
            await scene.until_shows(message, f"✅ Confirmed in block {height:,}")
        assert sorted(scene.told(ada)) == sorted([paid, spent, moved])


async def test_a_replacement_becomes_the_same_message_and_is_said_aloud(tmp_path):
    async with staged(tmp_path) as scene, scene.program():
        ada = scene.server.person("Ada")
        (mine,) = await watching(scene, ada, Mine="Mine")
        loser = scene.chain.pay(mine, 3 * BTC)
        alert = await scene.next(ada)
        winner = scene.chain.replace(loser)
        aloud = await scene.next(ada)
        assert "Replaced by" in aloud.text
        assert f'/tx/{loser}"' in aloud.html
        await scene.server.until(lambda: f'/tx/{winner}"' in alert.html)
        assert loser not in alert.html
        assert rate_of(scene, winner) in alert.text
        scene.chain.mine()
        await scene.until_shows(alert, "Confirmed")
        assert scene.told(ada).count(winner) == 1


async def test_a_transaction_that_loses_its_block_is_told_of_and_edited_when_it_is_back(tmp_path):
    async with staged(tmp_path) as scene, scene.program(SOON):
        ada = scene.server.person("Ada")
        (mine,) = await watching(scene, ada, Mine="Mine")
        paid = scene.chain.pay(mine, 3 * BTC)
        alert = await scene.next(ada)
        scene.chain.mine()
        await scene.until_shows(alert, "Confirmed")
        scene.chain.reorg()
        assert paid in scene.chain.chain.mempool
        aloud = await scene.next(ada)
        assert "Unconfirmed again: its block left the chain" in aloud.text
        assert f'/tx/{paid}"' in aloud.html
        await scene.until_shows(alert, "Unconfirmed again")
        scene.chain.mine()
        await scene.until_shows(alert, f"Confirmed in block {scene.chain.chain.tip.height:,}")
        assert len(scene.told(ada)) == 2


async def test_a_burst_of_whales_becomes_few_messages_that_name_each_once(tmp_path):
    async with staged(tmp_path) as scene, scene.program() as program:
        ada, bob = scene.server.person("Ada"), scene.server.person("Bob")
        await scene.asks(ada, "/threshold whales 500 BTC")
        await scene.asks(bob, "/threshold whales 20M USD")
        hashes = [scene.chain.whale() for _ in range(12)]
        hashes += [scene.chain.transact() for _ in range(20)]
        await program.until_knows(hashes)
        await program.until_all_is_said()
        moved = {hash_: moved_by(scene.chain.chain.transactions[hash_]) for hash_ in hashes}
        due = {hash_ for hash_, amount in moved.items() if amount >= 500 * BTC}
        dear = {hash_ for hash_ in hashes if moved[hash_] * scene.chain.world.price >= 20e6 * BTC}
        assert len(due) == 12
        assert sorted(scene.told(ada)) == sorted(due)
        assert sorted(scene.told(bob)) == sorted(dear)
        alerts = [message for message in scene.server.messages(ada.chat) if "/tx/" in message.html]
        assert len(alerts) < 8


def moved_by(transaction):
    """Satoshi that do not go back to a script among the inputs."""
    own = {item.spent.script for item in transaction.inputs}
    return sum(output.value for output in transaction.outputs if output.script not in own)
