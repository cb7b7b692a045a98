"""A simulated chain at rest, and a client that talks to it as any client would."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from websockets.asyncio.client import ClientConnection, connect

from watchers.simulated.server import SimulatedBitcoin

NOW = 1_760_000_000


class Client:
    """A websocket and a REST client of one simulated Bitcoin."""

    def __init__(self, bitcoin: SimulatedBitcoin, socket: ClientConnection, http) -> None:
        self.bitcoin, self.socket, self._http = bitcoin, socket, http

    async def say(self, op: str, **more: Any) -> None:
        await self.socket.send(json.dumps({"op": op, **more}))

    async def next(self) -> Any:
        async with asyncio.timeout(30):
            return json.loads(await self.socket.recv())

    async def until_pong(self) -> list[dict[str, Any]]:
        """All that comes before the answer to a ping: then nothing else is on its way."""
        await self.say("ping")
        found = []
        while (message := await self.next())["op"] != "pong":
            found.append(message)
        return found

    async def subscribe(self, *ops: str, **more: Any) -> None:
        for op in ops:
            await self.say(op, **more)
        await self.until_pong()

    async def get(self, path: str) -> tuple[int, Any]:
        async with self._http.get(self.bitcoin.http_url + path) as response:
            return response.status, await response.json()

    async def found(self, path: str) -> Any:
        status, body = await self.get(path)
        assert status == 200, body
        return body


@pytest.fixture
async def bitcoin() -> AsyncIterator[SimulatedBitcoin]:
    """Nothing happens by itself; a few blocks are there."""
    async with SimulatedBitcoin(speed=0, history_blocks=5, clock=lambda: NOW) as served:
        yield served


@pytest.fixture
async def client(bitcoin: SimulatedBitcoin) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http, connect(bitcoin.ws_url) as socket:
        yield Client(bitcoin, socket, http)
