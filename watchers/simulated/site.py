"""The sockets of the simulated blockchain.com: the websocket at /inv, and REST beside it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import WSMsgType, web
from aiohttp.typedefs import Handler

from . import wire
from .address import script_of
from .faults import Faults
from .listener import Listener
from .rest import Explorer, ticker
from .transaction import Block, Transaction
from .world import World

_UNKNOWN = {"error": "not-found-or-invalid-arg", "message": "Item not found or argument invalid"}
_LARGEST_PAGE = 50

Answer = Callable[[web.Request], wire.Json | None]


class Site:
    """Who is connected, what they are told, and what they asked.

    `heard` holds the last websocket requests; `subscribed` is set by the first subscription.
    """

    def __init__(self, world: World, dialect: wire.Dialect) -> None:
        self.faults = Faults()
        self.heard: deque[Any] = deque(maxlen=10_000)
        self.listeners: set[Listener] = set()
        self.subscribed = asyncio.Event()
        self._world, self._dialect = world, dialect
        self._explorer = Explorer(world.chain, dialect)
        self._last: Transaction | None = None

    def application(self) -> web.Application:
        """Everything on one port."""
        explorer = self._explorer
        answers: dict[str, Answer] = {
            "/latestblock": lambda _: explorer.latest_block(),
            "/ticker": lambda _: ticker(self._world.price),
            "/block-height/{height}": lambda r: explorer.blocks_at(int(r.match_info["height"])),
            "/rawblock/{hash}": lambda r: explorer.block(r.match_info["hash"]),
            "/rawtx/{hash}": lambda r: explorer.transaction(r.match_info["hash"]),
            "/rawaddr/{address}": self._address,
            "/{unknown:.*}": lambda _: None,
        }
        application = web.Application(middlewares=[self._troubled])
        application.router.add_get("/inv", self._listen)
        for path, answer in answers.items():
            application.router.add_get(path, _rest(answer))
        return application

    def announce(self, new: Transaction | Block) -> str:
        """Tell all who want to know, and give back the hash."""
        if isinstance(new, Transaction):
            self._last = new
            readers = [listener for listener in self.listeners if listener.wants(new)]
        else:
            readers = [listener for listener in self.listeners if listener.blocks]
        frame = self._frame(new) if readers else b""
        for listener in readers:
            listener.put(frame)
        return new.hash

    def _frame(self, new: Transaction | Block) -> bytes:
        return msgspec.json.encode(wire.message(self._world.chain, new, self._dialect))

    def _address(self, request: web.Request) -> wire.Json | None:
        limit = min(_LARGEST_PAGE, int(request.query.get("limit", _LARGEST_PAGE)))
        offset = int(request.query.get("offset", 0))
        return self._explorer.address(request.match_info["address"], limit, offset)

    @web.middleware
    async def _troubled(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The real answer, or what the faults make of it."""
        if self.faults.down:
            return web.Response(status=503, text="down for a test")
        if request.path == "/inv":
            return await handler(request)
        self.faults.asked.append(request.path_qs)
        if self.faults.refusals:
            status, seconds = self.faults.refusals.popleft()
            headers = {} if seconds is None else {"Retry-After": str(seconds)}
            return web.Response(status=status, headers=headers, text="refused for a test")
        response = await handler(request)
        if not self.faults.cuts or not isinstance(response, web.Response):
            return response
        return await _cut(request, response, *self.faults.cuts.popleft())

    async def _listen(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        listener = Listener(socket, request.transport)
        self.listeners.add(listener)
        try:
            async with asyncio.TaskGroup() as group:
                pump = group.create_task(listener.pump())
                await self._converse(listener, socket)
                pump.cancel()
        finally:
            self.listeners.discard(listener)
        return socket

    async def _converse(self, listener: Listener, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.PING:
                await listener.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._hear(listener, message.data)

    def _hear(self, listener: Listener, text: str) -> None:
        try:
            request = msgspec.json.decode(text, type=dict[str, Any])
            self.heard.append(request)
            self._obey(listener, request)
        except (msgspec.MsgspecError, KeyError, ValueError):
            listener.put(msgspec.json.encode({"op": "status", "msg": "Invalid request"}))

    def _obey(self, listener: Listener, request: wire.Json) -> None:
        match request.get("op"):
            case "ping":
                listener.put(b'{"op":"pong"}')
            case "unconfirmed_sub" | "unconfirmed_unsub" as op:
                listener.transactions = op == "unconfirmed_sub"
            case "blocks_sub" | "blocks_unsub" as op:
                listener.blocks = op == "blocks_sub"
            case "addr_sub":
                listener.addresses.add(script_of(request["addr"]))
            case "addr_unsub":
                listener.addresses.discard(script_of(request["addr"]))
            case "ping_block":
                listener.put(self._frame(self._world.chain.tip))
            case "ping_tx":
                listener.put(self._frame(self._last or self._world.chain.tip.transactions[-1]))
            case unknown:
                answer = {"op": "status", "msg": f"Unknown op: {unknown}"}
                listener.put(msgspec.json.encode(answer))
        if listener.subscribed:
            self.subscribed.set()


def _rest(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler that answers JSON, and 404 where there is nothing to answer."""

    async def handle(request: web.Request) -> web.Response:
        try:
            found = answer(request)
        except ValueError:  # a number that is none
            found = None
        body = msgspec.json.encode(_UNKNOWN if found is None else found)
        status = 404 if found is None else 200
        return web.Response(body=body, status=status, content_type="application/json")

    return handle


async def _cut(
    request: web.Request, response: web.Response, keep: float, torn: bool
) -> web.StreamResponse:
    body = response.body if isinstance(response.body, bytes) else b""
    part = body[: int(len(body) * keep)]
    if not torn:
        return web.Response(body=part, content_type="application/json")
    stream = web.StreamResponse(headers={"Content-Length": str(len(body))})
    await stream.prepare(request)
    await stream.write(part)
    if request.transport:
        request.transport.close()
    return stream
