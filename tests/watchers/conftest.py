"""A real websocket and a real HTTP server for the watcher, played by the tests."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web
from websockets.asyncio.server import ServerConnection, serve

from tests.watchers.blockchain_com.world import World


class Served:
    """A world behind real sockets, with a behaviour that a test may change."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.connections: list[ServerConnection] = []
        self.handshakes = 0
        self.said: list[str] = []
        self.paths: list[str] = []
        self.refuse: int | None = None
        self.close_at_once = False
        self.respond: Callable[[str], web.Response] | None = None
        self.ws_url = self.http_url = ""

    def process_request(self, connection, request):
        self.handshakes += 1
        if self.refuse:
            return connection.respond(self.refuse, "refused\n")
        return None

    async def handle(self, connection: ServerConnection) -> None:
        if self.close_at_once:
            return
        self.connections.append(connection)
        async for message in connection:
            self.said.append(str(message))

    async def get(self, request: web.Request) -> web.Response:
        path = request.path_qs
        self.paths.append(path)
        if self.respond:
            return self.respond(path)
        status, body = self.world.answer(path)
        return web.Response(status=status, body=body)

    async def send(self, data: bytes | str) -> None:
        await self.connections[-1].send(data)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    source = Served(World(blocks=2))
    app = web.Application()
    app.router.add_get("/{path:.*}", source.get)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    source.http_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with serve(
        source.handle, "127.0.0.1", 0, process_request=source.process_request, max_size=None
    ) as server:
        source.ws_url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield source
    await runner.cleanup()


async def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait for an effect."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)
