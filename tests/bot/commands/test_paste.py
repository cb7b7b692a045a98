import pytest

from storage.transactions import save_transactions
from tests.bot.commands.outside import asking_outside
from tests.bot.desk import ADDRESS, MISTYPED_ADDRESS, OTHER_ADDRESS, Talk, button, plain
from tests.make import NOW, block, hash_of, transaction


@pytest.mark.parametrize(
    "text",
    [
        ADDRESS,
        f"what about {ADDRESS.upper()}?",
        f"({ADDRESS})",
        f"bitcoin:{ADDRESS}?amount=0.1",
        f"https://mempool.space/address/{ADDRESS}",
        f"{ADDRESS}, {OTHER_ADDRESS}",
    ],
)
async def test_a_pasted_address_offers_to_watch_it(desk, talk, text):
    answer = await talk.send(text)
    assert plain(answer).startswith("A good Bitcoin address.\n" + ADDRESS)
    assert not desk.interests.addresses("bitcoin")
    assert "👁 Watching" in plain(await talk.press(answer, "Watch it"))
    assert set(desk.interests.addresses("bitcoin")) == {ADDRESS}


async def test_a_watched_address_offers_the_end_of_it(desk, talk):
    seen = transaction(time=NOW - 720, recipient=ADDRESS)
    await desk.write(lambda db: save_transactions(db, "bitcoin", [seen], unconfirmed=True))
    await talk.say(f"/watch {ADDRESS} Cold wallet")
    answer = await talk.send(ADDRESS)
    assert "You watch it as Cold wallet." in plain(answer)
    assert "Last seen 12 min ago." in plain(answer)
    assert button(answer, "Unwatch Cold wallet").command == f"/unwatch {ADDRESS}"


async def test_a_mistyped_address_is_refused_with_the_reason(talk):
    answer = await talk.send(MISTYPED_ADDRESS)
    assert answer.refusal
    assert "character 42 ('p') is probably mistyped" in plain(answer)


@pytest.mark.parametrize(("text", "what"), [(ADDRESS, "address"), (hash_of(1), "id")])
async def test_nothing_is_asked_outside_but_by_a_button_that_says_so(desk, text, what):
    async with asking_outside(desk) as (asking, outside):
        talk = Talk(asking)
        answer = await talk.send(text)
        assert outside.paths == []
        await talk.press(answer, f"blockchain.com (tells it the {what})")
        assert len(outside.paths) == 1


async def test_a_pasted_transaction_id_offers_what_is_known_and_the_explorer(talk):
    answer = await talk.send(f"see https://mempool.space/tx/{hash_of(1)}")
    assert button(answer, "What I know").command == f"/tx {hash_of(1)}"
    assert button(answer, "Explorer").url == f"https://mempool.space/tx/{hash_of(1)}"


async def test_a_number_up_to_the_tip_may_be_a_block(desk, talk):
    from storage.blocks import complete_block, save_slice

    def mine(db):
        save_slice(db, block(800), ())
        complete_block(db, block(800))

    await desk.write(mine)
    answer = await talk.send("800")
    assert button(answer, "Block 800").command == "/block 800"
    assert button(answer, "Alerts from 800 BTC").command == "/threshold whales 800 BTC"
    assert "Block" not in await talk.say("801")


@pytest.mark.parametrize(
    ("text", "label", "command"),
    [
        ("500 BTC", "Alerts from 500 BTC", "/threshold whales 500 BTC"),
        ("$2.5M", "Alerts from $2.5M", "/threshold whales 2500000 USD"),
        ("50000 sat", "Alerts from 0.0005 BTC", "/threshold whales 0.0005 BTC"),
    ],
)
async def test_an_amount_offers_whale_alerts_from_there(talk, text, label, command):
    assert button(await talk.send(text), label).command == command


@pytest.mark.parametrize("text", ["hello", "what can you do?", "🐋", "1,2,3", "..."])
async def test_words_are_answered_with_one_line(talk, text):
    answer = await talk.send(text)
    assert plain(answer) == (
        "Paste an address, a transaction id or a block height, or see what I can do.\n[Help]"
    )


async def test_in_a_group_only_commands_are_answered(talk):
    group = talk.by(chat="-5", kind="group")
    for text in (ADDRESS, "hello", "500 BTC", "watchlist", "/commandofanotherbot"):
        assert await group.send(text) is None
    assert await group.say("/watchlist")


@pytest.mark.parametrize(
    ("text", "command"),
    [("fees", "/chart fees"), ("Stop!", "/alerts off"), ("whales 500", "/threshold 500"),
     ("Hilfe", "/help")],
)  # fmt: skip
async def test_a_word_that_is_a_command_elsewhere_offers_ours(talk, text, command):
    answer = await talk.send(text)
    assert plain(answer).startswith("Did you mean /")
    assert answer.buttons[0][0].command == command
    assert "Did you mean" not in await talk.say("stop telling me what to do")
