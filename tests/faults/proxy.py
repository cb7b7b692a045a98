"""A wire that can be cut: TCP connections to one port, forwarded and spoilt on order."""

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Any

CHUNK = 2**16
LINGER_NONE = struct.pack("ii", 1, 0)


class Wire:
    """Forwards to `target`, a port of this machine; an async context manager.

    What is ordered happens to what the server says: the program's own words pass whole.
    `lost` is called when something that it said may not have arrived.
    """

    def __init__(self, target, lost=lambda: None):
        self.target = target
        self._lost = lost
        self.port = 0
        self.broken = 0
        self._flows = asyncio.Event()
        self._flows.set()
        self._tears = self._flips = 0
        self._writers = set()
        self._server: Any = None

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.heal()
        self._server.close()
        self.reset()

    def reset(self):
        """Reset every connection."""
        self._lost()
        self.broken += len(self._writers)
        for writer in list(self._writers):
            _reset(writer)

    def tear(self, times=1):
        """Reset a connection in the middle of what the server says next."""
        self._tears += times

    def corrupt(self, times=1):
        """Turn a byte over in what the server says next."""
        self._flips += times

    def swallow(self):
        """Keep connections open and let nothing pass, not even the end of one."""
        self.broken += 1
        self._flows.clear()

    def heal(self):
        """Be a good wire again; what was kept back arrives now."""
        self._lost()  # to whoever has given up waiting for it
        self._flows.set()
        self._tears = self._flips = 0

    async def _forward(self, reader, writer):
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            _reset(writer)
            return
        self._writers |= {writer, back}
        try:
            async with asyncio.TaskGroup() as flows:
                flows.create_task(self._flow(reader, back, spoilt=False))
                flows.create_task(self._flow(there, writer, spoilt=True))
        finally:
            self._writers -= {writer, back}
            self._lost()  # an answer to one who has hung up

    async def _flow(self, reader, writer, *, spoilt):
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                await self._flows.wait()
                writer.write(self._spoil(data, writer) if spoilt else data)
                await writer.drain()
        await self._flows.wait()
        with suppress(OSError):
            writer.close()

    def _spoil(self, data, writer):
        middle = len(data) // 2
        if self._flips or self._tears:
            self._lost()
        if self._flips:
            self._flips -= 1
            self.broken += 1
            data = data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]
        if self._tears:
            self._tears -= 1
            self.broken += 1
            asyncio.get_running_loop().call_soon(_reset, writer)
            data = data[:middle]
        return data


def _reset(writer):
    """End a connection as a crashed machine does."""
    sock = writer.get_extra_info("socket")
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NONE)
    writer.transport.abort()
