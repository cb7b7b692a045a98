"""A source that hangs up, falls silent, refuses or talks nonsense."""

from collections import Counter

from bot.language import unsealed
from tests.end_to_end.scene import BTC, new_address, staged

HASTE = {
    "watchers.blockchain_com.liveness:SILENT_SECONDS": 3.0,
    "watchers.blockchain_com.liveness:PING_SECONDS": 1.0,
    "watchers.blockchain_com.liveness:CUT_SECONDS": 1.0,
}


async def test_nothing_that_is_mined_is_lost_to_a_cut_in_a_burst(tmp_path):
    async with staged(tmp_path) as scene, scene.program() as program:
        ada = scene.server.person("Ada")
        await scene.asks(ada, "/threshold whales 500 BTC")
        first, due = len(scene.chain.chain.main), []
        for _ in range(3):
            before = scene.subscriptions()
            due.append(scene.chain.whale())
            for _ in range(30):
                scene.chain.transact()
            scene.chain.cut()
            due.append(scene.chain.whale())
            scene.chain.mine()
            scene.chain.mine()
            await program.until(lambda seen=before: scene.subscriptions() > seen, "new session")
            scene.chain.transact()
        await scene.until_level(program)
        mined = [tx.hash for block in scene.chain.chain.main[first:] for tx in block.transactions]
        await program.until_knows(mined)
        await program.until_all_is_said()
        assert Counter(scene.told(ada)) == Counter(due)


async def test_a_socket_that_is_open_but_dead_is_replaced_and_the_gap_noted(tmp_path):
    async with staged(tmp_path) as scene, scene.program(HASTE) as program:
        ada = scene.server.person("Ada")
        await scene.asks(ada, "/threshold whales 500 BTC")
        alive = scene.chain.transact()
        await program.until_knows([alive])
        before = scene.subscriptions()
        scene.chain.go_silent()
        unheard = scene.chain.whale()
        scene.chain.mine()
        await program.until(lambda: scene.subscriptions() > before, "new session")
        assert unheard in (await scene.next(ada)).html
        heard = scene.chain.whale()
        assert heard in (await scene.next(ada)).html
        gaps = program.rows('SELECT start, "end", reason FROM gaps ORDER BY id DESC LIMIT 1')
        ((start, end, reason),) = gaps
        assert start < end
        assert unsealed(reason) == "nothing came for 3 seconds"


async def test_a_fill_survives_refusals_faults_and_torn_answers(tmp_path):
    async with staged(tmp_path) as scene:
        ada = scene.server.person("Ada")
        async with scene.program():
            await scene.asks(ada, "/threshold whales 500 BTC")
        due, tip = [], scene.chain.chain.tip.height
        for _ in range(4):
            due.append(scene.chain.whale())
            scene.chain.mine()
        scene.chain.refuse(429, retry_after=1)
        scene.chain.refuse(500, calls=2)
        scene.chain.refuse(404)
        scene.chain.truncate_next_rest()
        scene.chain.truncate_next_rest(torn=True)
        async with scene.program() as program:
            await program.until_all_is_said()
            assert scene.heights_above(program, tip) == [tip + 1, tip + 2, tip + 3, tip + 4]
            kinds = {kind for (kind,) in program.rows("SELECT kind FROM incidents")}
            assert any("429" in kind for kind in kinds)
            assert any("500" in kind for kind in kinds)
            assert any("bad answer" in kind for kind in kinds)
        assert Counter(scene.told(ada)) == Counter(due)


async def test_frames_that_make_no_sense_are_kept_and_do_not_stop_the_watch(tmp_path):
    async with staged(tmp_path) as scene, scene.program() as program:
        ada = scene.server.person("Ada")
        await scene.asks(ada, "/threshold whales 500 BTC")
        nonsense = (b"{not json", b'{"op": "utx", "x": {"hash": 7}}', b"\xff\xfe", b"[]", b"")
        for frame in nonsense:
            scene.chain.send_raw(frame)
        whale = scene.chain.whale()
        assert whale in (await scene.next(ada)).html
        kept = program.rows("SELECT times, sample FROM incidents WHERE kind = 'bad frame'")
        assert sum(times for times, _ in kept) == len(nonsense)
        assert scene.subscriptions() == 1


async def test_watched_addresses_alone_are_subscribed_as_they_change(tmp_path):
    async with (
        staged(tmp_path) as scene,
        scene.program(BITCOIN_STREAM="addresses") as program,
    ):
        ada, mine = scene.server.person("Ada"), new_address("mine")
        await scene.asks(ada, f"/watch {mine} Mine")
        await program.until(
            lambda: {"op": "addr_sub", "addr": mine} in scene.chain.heard, "subscription"
        )
        paid = scene.chain.pay(mine, BTC)
        assert paid in (await scene.next(ada)).html
        await scene.asks(ada, "/unwatch Mine")
        await program.until(
            lambda: {"op": "addr_unsub", "addr": mine} in scene.chain.heard, "end of it"
        )
        assert {"op": "unconfirmed_sub"} not in scene.chain.heard
        scene.chain.pay(mine, BTC)
        assert "No address" in (await scene.asks(ada, "/watchlist")).text
