"""One client's websocket: what it subscribed to, and what waits to be sent to it."""

import asyncio

from aiohttp import WSMsgType, web

from .ledger import scripts
from .transaction import Transaction

_BACKLOG = 20_000


class Listener:
    """A subscriber; `addresses` are output scripts. A silent one is sent nothing at all."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.transactions = False
        self.blocks = False
        self.addresses: set[bytes] = set()
        self.silent = False
        self._socket = socket
        self._transport = transport
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()

    @property
    def subscribed(self) -> bool:
        """Whether it subscribed to anything."""
        return self.transactions or self.blocks or bool(self.addresses)

    def wants(self, transaction: Transaction) -> bool:
        """Whether it subscribed to all transactions, or to an address of this one."""
        return self.transactions or not self.addresses.isdisjoint(scripts(transaction))

    def put(self, frame: bytes) -> None:
        """Queue a text frame; a client that reads too slowly is hung up on."""
        if self._outgoing.qsize() >= _BACKLOG:
            self.drop()
        elif not self.silent:
            self._outgoing.put_nowait(frame)

    async def pump(self) -> None:
        """Send what is queued until the connection is gone."""
        while True:
            frame = await self._outgoing.get()
            try:
                await self._socket.send_frame(frame, WSMsgType.TEXT)
            except ConnectionError:
                return

    async def pong(self, payload: bytes) -> None:
        """Answer a ping of the websocket protocol itself."""
        if not self.silent:
            await self._socket.pong(payload)

    def drop(self) -> None:
        """Cut the connection without a closing handshake."""
        if self._transport:
            self._transport.abort()
