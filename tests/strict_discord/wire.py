"""The gateway's wire: websocket frames, compression, heartbeats."""

import asyncio
import contextlib
import importlib
import json
import zlib
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from tests.strict_discord.gateway import Gateway, Socket
from tests.strict_discord.messages import Json

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, MEMBERS = 1, 2, 3, 4, 6, 8
# Payloads a client may send in a minute, heartbeats among them.
MOST_PAYLOADS = 120
LARGEST_PAYLOAD = 4096


async def serve_gateway(gateway: Gateway, request: web.Request) -> web.WebSocketResponse:
    """Serve one connection until either side ends it."""
    transport = request.transport
    assert transport is not None
    if gateway.refuse_next > 0:
        gateway.refuse_next -= 1
        gateway.history.append("refused")
        # Not torn: an HTTP client would quietly try once more.
        raise web.HTTPBadGateway
    wire = web.WebSocketResponse(autoping=True, max_msg_size=LARGEST_PAYLOAD * 4)
    await wire.prepare(request)
    socket = Socket()
    gateway.sockets.append(socket)
    compression = request.query.get("compress", "")
    gateway.compressions.append(compression)
    pack = packer(compression)
    connection = Connection(gateway, wire, transport, socket, pack)
    try:
        await connection.run(request.query)
    finally:
        clean = wire.close_code in {WSCloseCode.OK, WSCloseCode.GOING_AWAY}
        gateway.drop(socket, clean=clean)
    return wire


def packer(kind: str) -> Callable[[str], bytes | str]:
    """How payloads are packed: plain, or through one stream for the whole connection.

    Raises KeyError for a compression that Discord does not have.
    """
    if kind == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda text: deflate.compress(text.encode()) + deflate.flush(zlib.Z_SYNC_FLUSH)
    if kind == "zstd-stream":
        stream = _zstd()
        return lambda text: stream(text.encode())
    return {"": lambda text: text}[kind]


def _zstd() -> Callable[[bytes], bytes]:
    """A zstd stream, from the library that the client has it from too."""
    try:
        library: Any = importlib.import_module("compression.zstd")
    except ImportError:
        compressor = importlib.import_module("zstandard").ZstdCompressor().compressobj()
        return lambda data: compressor.compress(data) + compressor.flush(1)
    stream = library.ZstdCompressor()
    return lambda data: bytes(stream.compress(data, mode=stream.FLUSH_BLOCK))


class Connection:
    """One websocket: reads what the client says and writes what is queued for it."""

    def __init__(
        self,
        gateway: Gateway,
        wire: web.WebSocketResponse,
        transport: asyncio.Transport,
        socket: Socket,
        pack: Callable[[str], bytes | str],
    ) -> None:
        self._gateway = gateway
        self._wire = wire
        self._transport = transport
        self._socket = socket
        self._pack = pack
        self._beat = 0.0
        self._times: list[float] = []

    async def run(self, query: Any) -> None:
        """Say HELLO, then read and write until the end."""
        if query.get("v") != "10" or query.get("encoding") != "json":
            self._gateway.refuse(self._socket, 4012, f"wants v=10 and encoding=json: {dict(query)}")
        interval = self._gateway.heartbeat_seconds
        self._socket.send(10, {"heartbeat_interval": int(interval * 1000), "_trace": []})
        self._beat = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as group:
            writer = group.create_task(self._write())
            await self._read()
            writer.cancel()

    async def _write(self) -> None:
        while isinstance(payload := await self._socket.outbox.get(), dict):
            packed = self._pack(json.dumps(payload))
            with contextlib.suppress(ConnectionError):
                await (
                    self._wire.send_str(packed)
                    if isinstance(packed, str)
                    else self._wire.send_bytes(packed)
                )
        if payload is None:
            self._transport.abort()
        else:
            await self._wire.close(code=payload)

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            allowed = self._gateway.heartbeat_seconds + self._gateway.patience_seconds
            rest = self._beat + allowed - loop.time()
            try:
                message = await self._wire.receive(timeout=max(rest, 0.001))
            except TimeoutError:
                self._gateway.history.append("no heartbeat")
                self._socket.close(4009)
                self._beat = loop.time()
                continue
            if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                return
            self._take(message, loop.time())

    def _take(self, message: WSMessage, now: float) -> None:
        self._times = [at for at in self._times if at > now - 60] + [now]
        if len(self._times) > MOST_PAYLOADS:
            self._gateway.refuse(self._socket, 4008, "Rate limited.")
        elif (payload := _parsed(message)) is None:
            self._gateway.refuse(self._socket, 4002, "Error while decoding payload.")
        else:
            self._obey(payload, now)

    def _obey(self, payload: Json, now: float) -> None:
        op, given = payload.get("op"), payload.get("d")
        known = self._socket.session is not None
        if op == HEARTBEAT:
            self._beat = now
            self._gateway.beats += 1
            self._gateway.world.bell.ring()
            self._socket.send(11)
        elif op in {IDENTIFY, RESUME} and not isinstance(given, dict):
            self._gateway.refuse(self._socket, 4002, "Error while decoding payload.")
        elif op in {IDENTIFY, RESUME} and known:
            self._gateway.refuse(self._socket, 4005, "Already authenticated.")
        elif op == IDENTIFY and isinstance(given, dict):
            self._gateway.identify(self._socket, given)
        elif op == RESUME and isinstance(given, dict):
            self._gateway.resume(self._socket, given)
        elif op not in {PRESENCE, VOICE, MEMBERS}:
            self._gateway.refuse(self._socket, 4001, f"Unknown opcode {op}.")
        elif not known:
            self._gateway.refuse(self._socket, 4003, "Not authenticated.")


def _parsed(message: WSMessage) -> Json | None:
    size = len(message.data.encode() if isinstance(message.data, str) else message.data)
    if size > LARGEST_PAYLOAD:
        return None
    try:
        payload = json.loads(message.data)
    except ValueError:
        return None
    return payload if isinstance(payload, dict) else None
