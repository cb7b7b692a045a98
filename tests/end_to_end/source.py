"""blockchain.com's websocket and REST API, serving what a test hands it."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web


class Source:
    """Serves `blocks` (rawblocks by height) and says frames to whoever subscribed."""

    def __init__(self):
        self.blocks = {}
        self.price = 65_000.0
        self.said = []
        self._sockets = {}
        self._changed = asyncio.Condition()
        self._runner: Any = None
        self._address = ""

    async def __aenter__(self):
        app = web.Application()
        app.router.add_get("/inv", self._websocket)
        app.router.add_get("/latestblock", self._latest)
        app.router.add_get("/block-height/{height}", self._block_height)
        app.router.add_get("/rawblock/{hash}", self._rawblock)
        app.router.add_get("/ticker", self._ticker)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._address = f"127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_):
        await self._runner.cleanup()

    @property
    def settings(self):
        return {
            "BITCOIN_WS": f"ws://{self._address}/inv",
            "BITCOIN_HTTP": f"http://{self._address}",
        }

    @property
    def is_heard(self):
        """Whether anybody subscribed."""
        return any(self._sockets.values())

    async def until_subscribed(self, op="unconfirmed_sub"):
        async with self._changed, asyncio.timeout(30):
            await self._changed.wait_for(
                lambda: any(op in asked for asked in self._sockets.values())
            )

    async def say(self, op, body):
        frame = json.dumps({"op": op, "x": body})
        for socket in list(self._sockets):
            with suppress(ConnectionError):  # the program was killed
                await socket.send_str(frame)

    async def mine(self, raw):
        """A block becomes the tip and is announced."""
        self.blocks[raw["height"]] = raw
        announced = {name: raw[name] for name in ("hash", "height", "time", "size")}
        announced |= {"nTx": raw["n_tx"], "txIndexes": [], "prevBlockIndex": 0, "blockIndex": 0}
        await self.say("block", announced)

    async def _websocket(self, request):
        socket = web.WebSocketResponse(max_msg_size=2**20)
        await socket.prepare(request)
        self._sockets[socket] = []
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._asked(socket, json.loads(message.data))
        finally:
            del self._sockets[socket]
        return socket

    async def _asked(self, socket, asked):
        if asked["op"] == "ping":
            await socket.send_str('{"op": "pong"}')
        async with self._changed:
            self._sockets[socket].append(asked["op"])
            self._changed.notify_all()

    async def _latest(self, request):
        raw = self.blocks[max(self.blocks)]
        return web.json_response(
            {"hash": raw["hash"], "time": raw["time"], "height": raw["height"],
             "block_index": raw["height"], "txIndexes": []}
        )  # fmt: skip

    async def _block_height(self, request):
        raw = self.blocks.get(int(request.match_info["height"]))
        return web.json_response({"blocks": [raw] if raw else []})

    async def _rawblock(self, request):
        for raw in self.blocks.values():
            if raw["hash"] == request.match_info["hash"]:
                return web.json_response(raw)
        return web.json_response({"error": "not-found", "message": "no such block"}, status=404)

    async def _ticker(self, request):
        quote = {"15m": self.price, "last": self.price, "buy": self.price, "sell": self.price}
        return web.json_response({"USD": {**quote, "symbol": "USD"}})
