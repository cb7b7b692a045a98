"""`/chart` as it is read; that the pictures are right is for the tests of charts."""

from dataclasses import replace

import pytest

from bot.charting.chart_readings import KINDS
from bot.charting.drift import read_drift
from bot.charting.question import Question
from charts.registry import CHARTS
from storage.blocks import begin_chain, complete_block, save_slice
from storage.ledger import save_price
from storage.model import Chat
from storage.retention import delete_old
from storage.transactions import save_transactions
from tests.bot.desk import Talk, plain
from tests.make import NOW, block, coinbase, transaction
from watchers.model import Asset, Price
from watchers.registry import CHAINS

BTC = 10**8
OTH = Asset("OTH", 8, "bit")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def filled(desk):
    """Twice as much today as yesterday: 48 and 24 payments of 1 BTC, at 10 sat/vB."""

    def fill(db):
        begin_chain(db, "bitcoin", NOW - 2 * 86400)
        save_price(db, Price("BTC", "USD", 60_000 * 10**6, NOW - 60, "made up"))
        first = transaction(BTC, time=NOW - 2 * 86400 - 1800, fee=2000)
        today = [transaction(BTC, time=NOW - 1800 * n - 60, fee=2000) for n in range(48)]
        before = [transaction(BTC, time=NOW - 86400 - 3600 * n - 1800, fee=2000) for n in range(24)]
        save_transactions(db, "bitcoin", [first, *today, *before], unconfirmed=True)
        made = block(7, [coinbase(7, time=NOW - 500), *today[1:]], time=NOW - 500)
        save_slice(db, made, made.transactions)
        complete_block(db, made)

    await desk.write(fill)


def test_every_chart_that_is_no_part_of_an_answer_can_be_asked_for():
    parts = {"summary", "crossings", "peaks", "oddity"}
    assert {*KINDS} | parts == {chart.name for chart in CHARTS}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("period", ["1h", "24h", "7d", "365d"])
async def test_every_kind_is_drawn_of_every_period_of_an_empty_database(talk, kind, period):
    answer = await talk.send(f"/chart {kind} {period}")
    assert answer.picture.png.startswith(PNG)
    nothing = {"fees": "No fees known yet", "drift": "No drift was measured yet"}
    assert plain(answer).startswith(nothing.get(kind, "Nothing seen yet"))


async def test_drift_that_was_not_measured_yet_is_not_said_to_come_with_transactions(desk):
    chat = Chat(1, "terminal", "local", "", "private", "", "en", "UTC", "USD")
    reading = await read_drift(desk, Question(CHAINS["bitcoin"], 7 * 86400, chat, NOW))
    assert not reading.series.has_data
    assert reading.series.words.it_fills == reading.lines[0]


async def test_which_kind_is_asked_and_a_button_away(talk, filled):
    asked = await talk.send("/chart")
    assert plain(asked) == "Which kind?\n[📊 Volume][📈 Rate][⛽ Fees][🐋 Sizes][🌊 Drift]\n[Help]"
    assert not asked.refusal
    assert all(button.replaces for button in asked.buttons[0])
    assert (await talk.press(asked, "Fees")).picture.png.startswith(PNG)


async def test_volume_is_told_in_a_sentence_and_compared(talk, filled):
    answer = await talk.say("/chart volume")
    assert "48 BTC moved in 24 h, 100 % above the 24 h before" in answer
    assert "In 48 transactions\nWorth $2.9M at the price now" in answer


async def test_rate_is_told_in_a_sentence(talk, filled):
    answer = await talk.say("/chart rate 1h")
    assert answer.startswith("0.03 transactions a minute, as usual\nBitcoin, last 1 h")
    assert "0.2 a minute now, 2 in 1 h" in answer


async def test_fees_are_told_in_a_sentence(talk, filled):
    answer = await talk.say("/chart fees 24h")
    assert "Half pay 10 sat/vB or less" in answer
    assert "Most pay 10 to 10" in answer


async def test_sizes_are_told_in_a_sentence_with_the_threshold_of_the_chat(talk, desk, filled):
    await talk.say("/threshold whales 500 BTC")
    drawn = []
    desk_draw = desk.draw

    async def draw(kind, series, theme):
        drawn.append((kind, series))
        return await desk_draw(kind, series, theme)

    object.__setattr__(desk, "draw", draw)
    answer = await talk.say("/chart sizes 24h")
    assert "Half of all transactions move" in answer
    assert [mark.label for mark in drawn[0][1].marks] == ["your 500 BTC"]


async def test_a_period_that_is_not_wholly_known_is_called_by_what_is(talk, filled):
    answer = await talk.say("/chart volume 7d")
    assert "73 BTC moved in 2 d\n" in answer
    assert "I know nothing from before 21:43 on 12 Nov" in answer


async def test_other_kinds_and_periods_are_a_button_away(talk, filled):
    answer = await talk.send("/chart volume 7d")
    commands = [button.command for row in answer.buttons for button in row]
    assert commands == [
        "/chart rate bitcoin 7d", "/chart fees bitcoin 7d", "/chart sizes bitcoin 7d",
        "/chart volume bitcoin 1h", "/chart volume bitcoin 24h",
        "/chart volume bitcoin 30d", "/chart volume bitcoin 7d",
    ]  # fmt: skip
    assert all(button.replaces for row in answer.buttons for button in row)
    pressed = await talk.press(answer, "Rate")
    assert "transactions a minute" in plain(pressed)


async def test_another_chain_is_drawn_where_it_is_named(desk, filled):
    other = replace(CHAINS["bitcoin"], name="other", title="Othercoin", asset=OTH)
    talk = Talk(replace(desk, chains={"bitcoin": CHAINS["bitcoin"], "other": other}))
    assert "Bitcoin, last 24 h" in await talk.say("/chart volume")
    named = await talk.send("/chart volume other")
    assert "Nothing seen yet\nOthercoin, last 24 h" in plain(named)
    assert "Othercoin, last 7 d" in plain(await talk.press(named, "7d"))
    assert "Othercoin, last 24 h" in plain(await talk.press(named, "Rate"))
    assert "“zz” is no" in await talk.say("/chart volume zz")


@pytest.fixture
async def thinned(desk):
    """A payment a day for 40 days, of which only days are known but for the last 14."""

    def fill(db):
        begin_chain(db, "bitcoin", NOW - 40 * 86400)
        made = [transaction(BTC, time=NOW - 86400 * n - 600, fee=2000) for n in range(40)]
        save_transactions(db, "bitcoin", made, unconfirmed=True)
        while delete_old(db, NOW, 14 * 86400):
            pass

    await desk.write(fill)


async def test_old_fees_are_drawn_by_utc_days_and_that_is_said(talk, desk, thinned):
    drawn = []

    async def draw(kind, series, theme):
        drawn.append(series)
        return PNG

    object.__setattr__(desk, "draw", draw)
    await talk.say("/help")
    await desk.write(lambda db: db.execute("UPDATE chats SET timezone = 'Asia/Kolkata'").rowcount)
    answer = await talk.say("/chart fees 30d")
    assert "By UTC days" in answer
    assert drawn[0].timezone == "UTC"
    assert {edge % 86400 for edge in drawn[0].edges} == {0}
    assert all(value is not None for value in drawn[0].tracks[1].values)
    assert "UTC" not in await talk.say("/chart fees 7d")
    assert drawn[1].timezone == "Asia/Kolkata"


async def test_old_sizes_are_counted_in_whole_days_and_that_is_said(talk, thinned):
    answer = await talk.say("/chart sizes 30d")
    assert "Of 31 transactions" in answer
    assert "Whole UTC days, from 00:00 on 15 Oct" in answer
    assert "UTC days" not in await talk.say("/chart sizes 7d")


async def test_medians_of_long_ago_are_said_to_be_of_whole_days(talk, thinned):
    assert "≈ up to 3 % off, over whole UTC days" in await talk.say("/stats 30d")
    assert "UTC days" not in await talk.say("/stats 7d")


async def test_days_are_those_of_the_chat(desk, filled):
    drawn = []

    async def draw(kind, series, theme):
        drawn.append(series)
        return PNG

    object.__setattr__(desk, "draw", draw)
    talk = Talk(desk)
    await talk.say("/help")
    await desk.write(lambda db: db.execute("UPDATE chats SET timezone = 'Asia/Kolkata'").rowcount)
    await talk.say("/chart volume 30d")
    assert drawn[0].timezone == "Asia/Kolkata"
    assert {edge % 86400 for edge in drawn[0].edges} == {86400 - 5 * 3600 - 1800}
