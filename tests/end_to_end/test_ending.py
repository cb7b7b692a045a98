"""How it ends, and why it does not begin."""

import signal

from storage.database import open_database
from tests.end_to_end.program import Program
from tests.end_to_end.scene import staged
from tests.end_to_end.terminal import descendants, until_gone

NOWHERE = "127.0.0.1:1"


async def test_it_ends_in_the_middle_of_a_burst_with_nothing_torn_or_left_behind(tmp_path):
    async with staged(tmp_path) as scene:
        ada = scene.server.person("Ada")
        async with scene.program() as program:
            await scene.asks(ada, "/threshold whales 500 BTC")
            beside = descendants(program.pid)
            scene.server.latency_seconds = 0.5
            for _ in range(100):
                scene.chain.transact()
            whale = scene.chain.whale()
            scene.chain.mine()
            await program.until_knows([whale])
            assert await program.stop() == 0
            await until_gone(beside)
        assert program.rows("SELECT state FROM deliveries WHERE state = 'sending'") == []
        db = open_database(program.database)
        assert db.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
        db.close()
        async with scene.program() as program:
            await program.until_all_is_said()
        assert scene.told(ada) == [whale]


async def test_it_ends_though_nothing_answers(tmp_path):
    program = Program(
        tmp_path, TELEGRAM_TOKEN="12345:a-token_of_nobody", TELEGRAM_API=f"http://{NOWHERE}",
        BITCOIN_WS=f"ws://{NOWHERE}/inv", BITCOIN_HTTP=f"http://{NOWHERE}",
    )  # fmt: skip
    await program.start()
    await program.until_logged("Telegram cannot be reached")
    await program.until_logged("session ended")
    assert await program.stop(signal.SIGINT) == 0
    assert "a-token_of_nobody" not in program.said()


async def test_a_second_program_on_one_database_is_refused(tmp_path):
    async with staged(tmp_path) as scene, scene.program() as first:
        second = Program(tmp_path, **scene.settings)
        assert await second.fails() == 1
        assert f"another Spyhop already runs on {first.database}" in second.said()
        assert "Traceback" not in second.said()
        assert "No address" in (await scene.asks(scene.server.person("Ada"), "/watchlist")).text


async def test_every_bad_setting_is_named_at_once(tmp_path):
    bad = {
        "TELEGRAM_TOKEN": "secret words", "TELEGRAM_API": "nowhere", "ACCESS": "maybe",
        "OWNERS": "ada", "CHAINS": "bitcoin,dogecoin", "HISTORY": "a while", "RAW_DAYS": "0",
        "CURRENCY": "money", "TIMEZONE": "Mars/Olympus", "CONSOLE": "perhaps",
    }  # fmt: skip
    program = Program(tmp_path, **bad)
    assert await program.fails() == 1
    for name in bad:
        assert name in program.said()
    assert "secret words" not in program.said()
    assert "Traceback" not in program.said()
    assert not program.database.exists()


async def test_a_token_that_telegram_refuses_is_said_plainly(tmp_path):
    async with staged(tmp_path) as scene:
        wrong = "12345:another_token_than_it_is"
        program = Program(tmp_path, **{**scene.settings, "TELEGRAM_TOKEN": wrong})
        assert await program.fails() == 1
        assert "Telegram refuses TELEGRAM_TOKEN" in program.said()
        assert "Traceback" not in program.said()
        assert wrong not in program.said()


async def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path):
    program = Program(tmp_path, CONSOLE="on")
    program.database.write_text("Dear diary, today I saw a whale.\n" * 100)
    before = program.database.read_bytes()
    assert await program.fails() == 1
    assert str(program.database) in program.said()
    assert "Traceback" not in program.said()
    assert program.database.read_bytes() == before
