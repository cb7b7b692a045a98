"""A group that becomes a supergroup: all that is its own moves along, old buttons included."""

import pytest

from tests.end_to_end.scene import BTC, new_address, staged


@pytest.mark.parametrize("is_told", [True, False], ids=["told", "found out"])
async def test_all_of_a_group_moves_along_and_its_old_buttons_still_work(tmp_path, is_told):
    mine = new_address("mine")
    async with staged(tmp_path) as scene, scene.program() as program:
        ada, bob = scene.server.person("Ada"), scene.server.person("Bob")
        group = scene.server.group("Whalers", supergroup=False)
        for person, status in ((ada, "administrator"), (bob, "member")):
            scene.server.set_status(group, person, status)
        await scene.asks(ada, f"/watch {mine} Ours", chat=group)
        await scene.asks(ada, "/summary weekly mon 08:00 Lagos", chat=group)
        await scene.asks(ada, "/members admin Bob", chat=group) if is_told else None
        first = scene.chain.pay(mine, 5 * BTC)
        alert = await scene.next(group)
        assert first in alert.html
        silenced = await scene.asks(ada, "/alerts 1", chat=group)
        await program.until_all_is_said()
        moved = scene.server.migrate(group)
        if not is_told:
            scene.server.updates.pending.clear()
        scene.chain.mine()
        ended = await scene.next(moved)
        assert first in ended.html
        assert "Confirmed" in ended.text
        second = scene.chain.pay(mine, 6 * BTC)
        told = await scene.next(moved)
        assert (second in told.html, first in told.html) == (True, False)
        await bob.presses(alert, "✅ Ack")
        assert program.rows("SELECT name FROM acknowledgements") == [("Bob",)]
        await ada.presses(silenced, "🔕 off")
        shown = await scene.next(moved)
        assert "Rings: 🔕 off" in shown.text
        third = scene.chain.pay(mine, 7 * BTC)
        await program.until_knows([third])
        scene.chain.mine()
        await scene.until_level(program)
        await program.until_all_is_said()
        assert scene.told(group) == [first]
        assert "Ours" in (await scene.asks(bob, "/alerts", chat=moved)).text
        kept = "SELECT count(*), min(address) FROM summaries s JOIN chats c ON c.id = s.chat_id"
        assert program.rows(kept) == [(1, str(moved.id))]
        assert scene.told(moved).count(second) == 1
        assert third not in scene.told(moved)
