"""A blockchain.com whose answers are encoded beforehand, so that serving them costs no time."""

import json
from collections.abc import AsyncIterator
from typing import Any, Self

from aiohttp import WSMsgType, web
from msgspec import Struct

TICKER = json.dumps({"USD": {"15m": 65e3, "last": 65e3, "buy": 65e3, "sell": 65e3, "symbol": "$"}})
PIECE_BYTES = 2**16


class Block(Struct, frozen=True):
    """A block ready to be served, `alone` and in a list, and what is `told` of it."""

    hash: str
    height: int
    told: bytes
    alone: bytes
    listed: bytes

    @classmethod
    def encoded(cls, raw: dict[str, Any]) -> Self:
        """From a `rawblock`."""
        told = {name: raw[name] for name in ("hash", "height", "time")} | {"txIndexes": []}
        hash_, height = raw["hash"], raw["height"]
        alone = json.dumps(raw).encode()
        listed = b'{"blocks": [' + alone + b"]}"
        return cls(hash_, height, json.dumps(told).encode(), alone, listed)


class Source:
    """The websocket at /inv and the REST answers; `listeners` maps each to what it asked for."""

    def __init__(self) -> None:
        self.listeners: dict[web.WebSocketResponse, list[str]] = {}
        self.url = ""
        self._blocks: dict[str, bytes] = {}
        self._latest = b""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/inv", self._websocket)
        app.router.add_get("/latestblock", lambda _: _answer(self._latest))
        app.router.add_get("/block-height/{key}", self._block)
        app.router.add_get("/rawblock/{key}", self._block)
        app.router.add_get("/ticker", lambda _: _answer(TICKER.encode()))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def is_asked_for(self, operation: str) -> bool:
        """Whether somebody listens who asked for this."""
        return any(operation in asked for asked in self.listeners.values())

    async def say(self, frame: bytes) -> None:
        """A frame for everybody who listens."""
        for socket in list(self.listeners):
            await socket.send_str(frame.decode())

    def put(self, block: Block) -> None:
        """Serve it as the tip."""
        self._latest = block.told
        self._blocks[block.hash] = block.alone
        self._blocks[str(block.height)] = block.listed

    async def mine(self, block: Block) -> None:
        """Serve it as the tip, and announce it."""
        self.put(block)
        await self.say(b'{"op": "block", "x": ' + block.told + b"}")

    async def _websocket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.listeners[socket] = []
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    operation = json.loads(message.data)["op"]
                    self.listeners[socket].append(operation)
                    if operation == "ping":
                        await socket.send_str('{"op": "pong"}')
        finally:
            del self.listeners[socket]
        return socket

    async def _block(self, request: web.Request) -> web.Response:
        return await _answer(self._blocks.get(request.match_info["key"], b'{"blocks": []}'))


async def _answer(body: bytes) -> web.Response:
    return web.Response(body=_pieces(body), content_type="application/json")


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    """A little at a time: what else is served here, and measured, has its turn in between."""
    for start in range(0, len(body), PIECE_BYTES):
        yield body[start : start + PIECE_BYTES]
