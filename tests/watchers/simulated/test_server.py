"""The simulated blockchain.com over real sockets."""


async def test_subscribers_are_told_of_transactions_and_blocks(bitcoin, client):
    await client.subscribe("unconfirmed_sub", "blocks_sub")
    paid, mined = bitcoin.transact(), bitcoin.mine()
    told = await client.until_pong()
    assert [(item["op"], item["x"]["hash"]) for item in told] == [("utx", paid), ("block", mined)]


async def test_rest_answers_for_the_tip(bitcoin, client):
    latest = await client.found("/latestblock")
    at_height = await client.found(f"/block-height/{latest['height']}?format=json")
    raw = await client.found(f"/rawblock/{latest['hash']}")
    assert latest["hash"] == bitcoin.chain.tip.hash
    assert at_height == {"blocks": [raw]}


async def test_the_ticker_has_a_price_in_dollars(client):
    assert (await client.found("/ticker"))["USD"]["last"] > 0
