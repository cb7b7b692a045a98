"""`/address` as it is read."""

import pytest

from storage.blocks import complete_block, save_slice
from storage.ledger import save_price
from storage.transactions import save_transactions
from tests.bot.commands.outside import asking_outside
from tests.bot.desk import ADDRESS, OTHER_ADDRESS, Talk, button
from tests.make import NOW, block, coinbase, hash_of, transaction
from watchers.model import Price

BTC = 10**8


@pytest.fixture
async def known(desk):
    """3 BTC came in a block, 1 went an hour ago; the oldest thing stored is two hours old."""

    def fill(db):
        save_price(db, Price("BTC", "USD", 60_000 * 10**6, NOW - 60, "made up"))
        came = transaction(3 * BTC, name="came", time=NOW - 7200, recipient=ADDRESS)
        went = transaction(BTC, name="went", time=NOW - 3600, sender=ADDRESS, fee=0)
        save_transactions(db, "bitcoin", [came, went], unconfirmed=True)
        made = block(3, [coinbase(3, time=NOW - 5000), came], time=NOW - 5000)
        save_slice(db, made, made.transactions)
        complete_block(db, made)

    await desk.write(fill)


async def test_what_came_and_went_is_told(talk, known):
    answer = await talk.say(f"/address {ADDRESS}")
    assert answer.startswith(f"bc1qa…5mdq: +2 BTC ($120k) in 2 transactions\n{ADDRESS}\n")
    assert "In 3 BTC, out 1 BTC\n1 of 2 unconfirmed\nLast seen 21:13 on 14 Nov\n" in answer
    assert "⏳ −1 BTC · 21:13 on 14 Nov · " in answer
    assert "✅ +3 BTC · 20:13 on 14 Nov · " in answer
    assert "Only what I have seen since 20:13 on 14 Nov: I cannot know the balance" in answer


async def test_a_watched_address_goes_by_its_label(talk, known):
    answer = await talk.send(f"/address {ADDRESS}")
    assert button(answer, "Watch it").command == f"/watch {ADDRESS}"
    await talk.say(f"/watch {ADDRESS} Cold wallet")
    answer = await talk.send(f"/address {ADDRESS}")
    assert answer.title[0].text == "Cold wallet: +2 BTC"
    assert button(answer, "Unwatch").command == f"/unwatch {ADDRESS}"


@pytest.mark.parametrize("called", ["Cold wallet", "cold", "1", "#1", ADDRESS])
async def test_it_can_be_asked_for_as_the_chat_calls_it(talk, known, called):
    await talk.say(f"/watch {ADDRESS} Cold wallet")
    await talk.say(f"/watch {OTHER_ADDRESS} Genesis")
    assert (await talk.say(f"/address {called}")).startswith("Cold wallet: +2 BTC")


async def test_which_one_is_meant_is_asked_where_two_are_called_so(talk, known):
    for address in (ADDRESS, OTHER_ADDRESS):
        await talk.say(f"/watch {address} Cold")
    answer = await talk.send("/address cold")
    assert button(answer, "5mdq").command == f"/address {ADDRESS}"
    assert button(answer, "vfNa").command == f"/address {OTHER_ADDRESS}"


async def test_what_nothing_is_called_here_is_refused(talk, known):
    await talk.say(f"/watch {ADDRESS} Cold")
    assert (await talk.say("/address Genesis")).startswith("Nothing here is called “Genesis”.")
    assert "There is no number 9: 1 address on the list." in await talk.say("/address 9")
    assert "Which address?" in await talk.say("/address")


async def test_an_address_that_was_never_seen_is_said_to_be(talk, known):
    answer = await talk.say(f"/address {OTHER_ADDRESS}")
    assert "I have not seen 1A1zP…vfNa in a transaction." in answer
    assert "since 20:13 on 14 Nov" in answer


async def test_an_empty_database_is_said_to_be(talk):
    assert "Nothing is stored yet" in await talk.say(f"/address {ADDRESS}")


async def test_nothing_is_asked_outside_but_by_the_button(desk, known):
    async with asking_outside(desk) as (asking, outside):
        talk = Talk(asking)
        answer = await talk.send(f"/address {ADDRESS}")
        assert outside.paths == []
        offer = button(answer, "Look it up at blockchain.com (tells it the address)")
        assert offer.command == f"/address {ADDRESS} lookup"
        refused = await talk.press(answer, "Look it up")
        assert outside.paths == [f"/rawaddr/{ADDRESS}"]
        assert refused.refusal


async def test_the_balance_is_what_the_source_tells(desk, known):
    newest = {
        "hash": hash_of("newest"), "size": 225, "time": NOW - 100,
        "inputs": [{"prev_out": {"value": 7 * BTC, "addr": OTHER_ADDRESS}, "script": ""}],
        "out": [{"value": 6 * BTC, "addr": ADDRESS, "script": ""}],
    }  # fmt: skip
    async with asking_outside(desk) as (asking, outside):
        outside.answers[f"/rawaddr/{ADDRESS}"] = {
            "address": ADDRESS, "n_tx": 1234, "total_received": 700 * BTC, "total_sent": 650 * BTC,
            "final_balance": 50 * BTC, "txs": [newest],
        }  # fmt: skip
        answer = await Talk(asking).say(f"/address {ADDRESS} lookup")
    assert answer.startswith("bc1qa…5mdq: 50 BTC ($3M) there\n")
    assert "Ever: 700 BTC came, 650 BTC went\nin 1,234 transactions\n" in answer
    assert "⏳ +6 BTC · 22:11 on 14 Nov · " in answer
    assert "As blockchain.com told just now." in answer


async def test_an_answer_about_another_address_is_refused(desk):
    async with asking_outside(desk) as (asking, outside):
        outside.answers[f"/rawaddr/{ADDRESS}"] = {
            "address": OTHER_ADDRESS, "n_tx": 0, "total_received": 0, "total_sent": 0,
            "final_balance": 0, "txs": [],
        }  # fmt: skip
        answer = await Talk(asking).say(f"/address {ADDRESS} lookup")
    assert "answered something I cannot read" in answer
