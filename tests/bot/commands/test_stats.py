"""`/stats` as it is read."""

import pytest

from storage.blocks import begin_chain, complete_block, save_slice
from storage.ledger import save_gap, save_price
from storage.transactions import save_transactions
from tests.bot.desk import plain
from tests.make import NOW, block, coinbase, transaction
from watchers.model import Gap, Price

BTC = 10**8


@pytest.fixture
async def filled(desk):
    """Ten payments an hour ago, two large ones just now, and two blocks 40 minutes apart."""

    def fill(db):
        begin_chain(db, "bitcoin", NOW - 86400)
        save_price(db, Price("BTC", "USD", 60_000 * 10**6, NOW - 60, "made up"))
        early = [
            transaction(BTC, name=f"early {n}", time=NOW - 3700 - 60 * n, fee=1000 * (n + 1))
            for n in range(10)
        ]
        late = [transaction(n * 1234 * BTC + 1, name=f"late {n}", time=NOW - 100) for n in (1, 2)]
        save_transactions(db, "bitcoin", [*early, *late], unconfirmed=True)
        for height, inside, time in ((7, early[:5], NOW - 3000), (8, early[5:], NOW - 600)):
            made = block(height, [coinbase(height, time=time), *inside], time=time)
            save_slice(db, made, made.transactions)
            complete_block(db, made)

    await desk.write(fill)


async def test_the_exact_numbers_of_seen_and_on_chain_stand_side_by_side(talk, filled):
    answer = await talk.say("/stats")
    assert "Bitcoin, last 24 h: 3,712 BTC ($222.7M) moved" in answer
    assert "transactions       12        10" in answer
    assert "BTC moved       3,712        10" in answer


async def test_now_and_on_average_peak_and_largest_are_told(talk, filled):
    answer = await talk.say("/stats 2h")
    assert "Seen 0.4 a minute now, 0.2 on average" in answer
    assert "Peak: 10 transactions from 21:00 to 21:15 on 14 Nov" in answer
    assert "2,468 BTC ($148.1M) · " in answer
    assert answer.index("2,468 BTC") < answer.index("1,234 BTC")


async def test_blocks_and_the_waits_between_them_are_told(talk, filled):
    answer = await talk.say("/stats")
    assert "2 blocks, one every 40 min" in answer
    assert "Longest wait: 40 min, until 22:03 on 14 Nov" in answer
    assert "Difficulty 1" in answer


async def test_how_little_is_known_is_said(talk, filled):
    assert "I know only 1 h 11 min of it: all since 21:02 on 14 Nov." in await talk.say("/stats 7d")
    assert "I know only" not in await talk.say("/stats 1h")


async def test_blind_time_is_said(talk, desk, filled):
    assert "Heard nothing" not in await talk.say("/stats")
    gap = Gap("bitcoin", "blockchain.com", NOW - 500, NOW - 380, "cut")
    await desk.write(save_gap, gap)
    assert "Heard nothing for 2 min in all (1 gap)." in await talk.say("/stats")


async def test_nothing_is_told_of_an_empty_database_but_that(talk):
    assert "nothing seen yet" in await talk.say("/stats")


async def test_the_table_fits_a_phone(talk, filled):
    answer = await talk.send("/stats 30d")
    rows = [line[0].text for line in answer.lines if line and line[0].style == "pre"]
    assert len(rows) == 7
    assert max(map(len, rows)) <= 34


async def test_another_period_is_a_button_away_and_takes_the_place_of_the_answer(talk, filled):
    answer = await talk.send("/stats 24h")
    buttons = {button.label: button for row in answer.buttons for button in row}
    assert buttons["7d"].command == "/stats bitcoin 7d"
    assert buttons["7d"].replaces
    assert "24h" not in buttons
    assert "last 7 d" in plain(await talk.press(answer, "7d"))


async def test_a_year_of_numbers_still_fits_a_phone(talk, desk):
    def fill(db):
        rows = [("chain", 150_123_456, 290_123_456), ("seen", 151_123_456, 291_123_456)]
        db.conn.executemany(
            "INSERT INTO rollups VALUES ('bitcoin', ?, 900, ?, ?, ?, ?)",
            [
                (basis, NOW - NOW % 900, count, str(moved * BTC), str(12_345 * BTC))
                for basis, count, moved in rows
            ],
        )

    await desk.write(fill)
    answer = await talk.send("/stats 365d")
    rows = [line[0].text for line in answer.lines if line and line[0].style == "pre"]
    assert "151,123,456" in rows[1]
    assert max(map(len, rows)) <= 38
