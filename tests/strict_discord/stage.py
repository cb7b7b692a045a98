"""The way in: a server that listens, with what a test may do to it and read from it."""

import asyncio
import math
import re
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.strict_discord.faults import DROP, HANG, Fault
from tests.strict_discord.guilds import Guild
from tests.strict_discord.limits import Pacer
from tests.strict_discord.messages import Message
from tests.strict_discord.people import Person
from tests.strict_discord.server import PREFIX, Call, Rest
from tests.strict_discord.wire import serve_gateway
from tests.strict_discord.world import World

# Not everything that a test waits for rings this server's bell.
LOOK_AGAIN_SECONDS = 0.05
LARGEST_REQUEST = 60 * 1024 * 1024


class Stage(World):
    """A Discord for one bot; an async context manager that fails when a rule was broken.

    Without `limits` nothing is answered 429 for its pace. `identify_seconds` is how long a bot
    that starts again is kept waiting.
    """

    def __init__(
        self, *, limits: bool = True, shards: int = 1, identify_seconds: float = 5.0
    ) -> None:
        super().__init__()
        self.api = ""
        self.rest = Rest(self, Pacer(limits))
        self.gateway.shards = shards
        self.gateway.identify_seconds = identify_seconds
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Listen."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        for path in ("/", "/gateway", "/resume"):
            app.router.add_get(path, self._serve_gateway)
        app.router.add_get("/attachments/{path:.*}", self._serve_file)
        app.router.add_route("*", "/{path:.*}", self.rest.serve)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.api = f"http://{host}:{port}{PREFIX}"
        self.gateway.url = f"ws://{host}:{port}"
        self.cdn = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close; raises AssertionError with the violations unless the test failed already."""
        for socket in self.gateway.sockets:
            socket.outbox.put_nowait(None)
        assert self._runner is not None
        await self._runner.cleanup()
        if error is None:
            self.assert_clean()

    @property
    def calls(self) -> list[Call]:
        """Every call with its answer, oldest first."""
        return self.rest.calls

    @property
    def invalid_requests(self) -> int:
        """How many answers counted towards Discord's ban for 10,000 in ten minutes."""
        return self.rest.pacer.counted_invalid

    @property
    def connected(self) -> bool:
        """Whether the bot has a session with a connection for every shard."""
        return len(self.gateway.live) >= self.gateway.shards

    def guild(self, name: str) -> Guild:
        """The guild of this name that the bot is in, made when there is none."""
        for guild in self.guilds.values():
            if guild.name == name:
                return guild
        guild = Guild(self, self.new_id(), name, int(self.owner["id"]))
        self.guilds[guild.id] = guild
        self.tell("GUILD_CREATE", guild.as_json(), guild)
        return guild

    def person(self, name: str, locale: str = "en-US") -> Person:
        """Somebody who shares no guild with the bot and has added it to their own account."""
        return self.people[int(self.new_user(name, locale)["id"])]

    def messages(self, text: str = "") -> list[Message]:
        """Everything that was sent and is not deleted, in order, with this text in it."""
        return [m for m in self.sent if text in m.text and not m.deleted]

    def doubles(self) -> list[Message]:
        """All messages that are in their channel more than once with the same text."""
        counted = Counter((m.channel.id, m.text) for m in self.messages() if not m.ephemeral)
        return [m for m in self.messages() if counted[m.channel.id, m.text] > 1]

    def advance(self, seconds: float) -> None:
        """Put the server's clock forward."""
        self.ahead_seconds += seconds
        self.bell.ring()

    async def until(self, predicate: Callable[[], Any], *, timeout: float = 10) -> None:  # noqa: ASYNC109 - a test names its patience
        """Wait until the predicate, which may look elsewhere too, holds; AssertionError if not."""
        deadline = asyncio.get_running_loop().time() + timeout
        while not await self.bell.wait_until(predicate, LOOK_AGAIN_SECONDS):
            late = asyncio.get_running_loop().time() > deadline
            assert not late, f"it did not come true in time; violations: {self.violations}"

    async def ready(self, *, timeout: float = 15) -> None:  # noqa: ASYNC109 - as above
        """Wait until the bot is connected."""
        await self.until(lambda: self.connected, timeout=timeout)

    def fail_next(
        self,
        status: int | str,
        *,
        times: float = 1,
        operation: str = ".*",
        retry_after: float = 1.0,
        everywhere: bool = False,
        accept: bool = False,
    ) -> None:
        """Answer the next calls of the operations that match with a failure; see `Fault`."""
        pattern = re.compile(operation)
        fault = Fault(pattern, status, retry_after, everywhere, accept, times)
        self.rest.faults.open.append(fault)

    def go_silent(self, operation: str = ".*") -> None:
        """Take calls and never answer, until `recover`."""
        self.fail_next(HANG, times=math.inf, operation=operation)

    async def go_down(self) -> None:
        """Tear every call and every gateway connection, until `recover`."""
        self.fail_next(DROP, times=math.inf)
        self.refuse_connections(math.inf)
        await self.cut()

    def recover(self) -> None:
        """Forget the failures that were ordered and are not used up."""
        self.rest.faults.open.clear()
        self.gateway.refuse_next = 0

    async def cut(self) -> None:
        """Tear every gateway connection without a word; sessions can be resumed."""
        torn = list(self.gateway.sockets)
        for socket in torn:
            socket.outbox.put_nowait(None)
        # The bot may be back before anybody looks.
        await self.until(lambda: not any(socket in self.gateway.sockets for socket in torn))

    async def ask_to_reconnect(self) -> None:
        """Op 7: the bot is to connect again and resume."""
        self._tell_all(7, None)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Op 9: the sessions are over, or can be resumed all the same."""
        live = self.gateway.live
        self._tell_all(9, resumable)
        if not resumable:
            for session in live:
                self.gateway.sessions.pop(session.id, None)

    def forget_sessions(self) -> None:
        """A resume will be answered with op 9."""
        self.gateway.sessions.clear()

    def refuse_connections(self, times: float = 1) -> None:
        """Answer the next gateway connections with 502 before they open."""
        self.gateway.refuse_next = times

    def forgive(self, pattern: str) -> None:
        """Take back the violations that match, which the test has provoked."""
        self.violations = [v for v in self.violations if not re.search(pattern, v)]
        for interaction in self.interactions.values():
            if re.search(pattern, interaction.what):
                interaction.excused = True

    def assert_clean(self) -> None:
        """Raises AssertionError with every violation, unanswered interactions among them."""
        waiting = [i for i in self.interactions.values() if not i.excused]
        unanswered = [f"{i.what}: never answered" for i in waiting if i.callback is None]
        thinking = [f"{i.what}: thinking for ever" for i in waiting if i.is_thinking]
        found = self.violations + unanswered + thinking
        assert not found, "\n".join(["the bot broke the rules:", *found])

    def _tell_all(self, op: int, told: Any) -> None:
        for session in self.gateway.live:
            assert session.socket is not None
            session.socket.send(op, told)

    async def _serve_gateway(self, request: web.Request) -> web.WebSocketResponse:
        return await serve_gateway(self.gateway, request)

    async def _serve_file(self, request: web.Request) -> web.Response:
        """A file by its signed address, as the CDN hands it out."""
        data = self.uploads.get(request.path)
        if data is None or "hm" not in request.query or "Authorization" in request.headers:
            self.accuse(f"GET {request.path}: the CDN has no such file, or was told a secret")
            raise web.HTTPNotFound
        return web.Response(body=data)
