"""What tests of others can make go wrong does go wrong."""

import aiohttp
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus


async def test_a_cut_ends_every_websocket_and_new_ones_work(bitcoin, client):
    bitcoin.cut()
    with pytest.raises(ConnectionClosed):
        await client.next()
    async with connect(bitcoin.ws_url) as socket:
        await socket.send('{"op":"ping"}')
        assert await socket.recv() == '{"op":"pong"}'


async def test_a_silent_websocket_stays_open_and_says_nothing(bitcoin, client):
    await client.subscribe("blocks_sub")
    bitcoin.go_silent()
    bitcoin.mine()
    await client.say("ping")
    pong = await client.socket.ping()
    async with connect(bitcoin.ws_url) as socket:  # others are answered meanwhile
        await socket.send('{"op":"ping"}')
        assert await socket.recv() == '{"op":"pong"}'
        await (await socket.ping())
    assert not pong.done()
    assert bitcoin.listeners >= 1
    bitcoin.cut()
    with pytest.raises(ConnectionClosed):  # and nothing came before
        await client.next()


async def test_any_bytes_can_be_sent(bitcoin, client):
    bitcoin.send_raw(b"{broken")
    assert await client.socket.recv() == "{broken"


async def test_rest_can_refuse_and_say_when_to_come_back(bitcoin):
    bitcoin.refuse(429, retry_after=7, calls=2)
    async with aiohttp.ClientSession() as http:
        for _ in range(2):
            async with http.get(f"{bitcoin.http_url}/latestblock") as response:
                assert (response.status, response.headers["Retry-After"]) == (429, "7")
        async with http.get(f"{bitcoin.http_url}/latestblock") as response:
            assert response.status == 200


async def test_rest_can_send_half_an_answer(bitcoin, client):
    url = f"{bitcoin.http_url}/latestblock"
    async with aiohttp.ClientSession() as http:
        async with http.get(url) as response:
            whole = await response.read()
        bitcoin.truncate_next_rest()
        async with http.get(url) as response:
            assert await response.read() == whole[: len(whole) // 2]
        bitcoin.truncate_next_rest(torn=True)
        with pytest.raises(aiohttp.ClientPayloadError):
            async with http.get(url) as response:
                await response.read()
        async with http.get(url) as response:
            assert await response.read() == whole


async def test_a_server_that_is_down_answers_nobody(bitcoin, client):
    bitcoin.go_down()
    with pytest.raises(ConnectionClosed):
        await client.next()
    with pytest.raises(InvalidStatus):
        async with connect(bitcoin.ws_url):
            pass
    mined = bitcoin.mine()
    bitcoin.come_up()
    assert (await client.found("/latestblock"))["hash"] == mined
