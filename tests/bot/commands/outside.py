"""A source outside over real HTTP, which notes what it was asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from aiohttp import web

from bot.desk import Desk
from watchers.blockchain_com.feed import BlockchainCom
from watchers.watcher import Watcher


class Outside:
    """Answers by path: what is in `answers` as JSON with status 200, else 404."""

    def __init__(self):
        self.answers = {}
        self.status = 404
        self.paths = []

    async def get(self, request: web.Request) -> web.Response:
        self.paths.append(request.path)
        if request.path in self.answers:
            return web.json_response(self.answers[request.path])
        return web.json_response({"error": "not-found", "message": "None here"}, status=self.status)


@asynccontextmanager
async def asking_outside(desk: Desk) -> AsyncIterator[tuple[Desk, Outside]]:
    """A desk with one source, which can be asked though it is not connected."""
    outside = Outside()
    app = web.Application()
    app.router.add_get("/{path:.*}", outside.get)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    watcher = Watcher(
        BlockchainCom(history_seconds=0), "ws://127.0.0.1:1", url,
        load_checkpoint=_nothing, hand_on=_nothing,
    )  # fmt: skip
    try:
        yield replace(desk, sources=[watcher]), outside
    finally:
        await watcher._http.close()
        await runner.cleanup()


async def _nothing(*_):
    raise AssertionError("a look-up hands nothing on")
