"""Owns the socket and the HTTP client of one feed: everything the feed must not do.

Keeps a session open for ever: connects, hands what comes to the feed, hands on the
events, then asks the feed what to send. While `hand_on` waits nothing is read, so the
source is slowed down by TCP. Whatever ends a session, the next begins from the stored
checkpoint after a pause with full jitter.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from watchers.feed import Answer, Feed, FeedError, Frame, Get, Reconnect, Say
from watchers.http import HttpSource
from watchers.model import Checkpoint, Event, Incident, sealed, unsealed
from watchers.redaction import redacted, shown

MAX_FRAME_BYTES = 32 * 2**20
OPEN_SECONDS = 20.0
CLOSE_SECONDS = 5.0
TICK_SECONDS = 1.0
PATIENCE_SECONDS = 5.0
FIRST_PAUSE_SECONDS = 1.0
MAX_PAUSE_SECONDS = 60.0
MAX_WAIT_SECONDS = 300.0
"""How long a server that refuses a handshake may ask to wait."""
STEADY_SECONDS = 60.0
"""A session with data for this long was a good one: the next pause is short again."""
SAMPLE_BYTES = 500
LARGE_BYTES = 100_000
"""A larger answer takes milliseconds to read: in a thread, the loop goes on meanwhile."""

REST_SECONDS = 0.001
"""So long a thread that reads a large answer rests at a time; a block of 4,000 takes 0.3 s more."""

log = logging.getLogger(__name__)

# At debug level websockets writes every header, and with them passwords.
_socket_log = logging.getLogger(f"{__name__}.socket")
_socket_log.setLevel(logging.INFO)


class SessionOverError(Exception):
    """The feed gave the session up; the message says why."""


class Watcher:
    """Runs a feed. `attempts` counts the connections tried since the last good session;
    `connected_since` is None while there is none; `subscribed` is set with the first one that
    has said what it wants; `last_error` is sealed and holds no secrets.
    """

    def __init__(
        self,
        feed: Feed,
        ws_url: str,
        http_url: str,
        *,
        load_checkpoint: Callable[[], Awaitable[Checkpoint]],
        hand_on: Callable[[Sequence[Event]], Awaitable[None]],
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rng: random.Random | None = None,
    ) -> None:
        self.feed = feed
        self.attempts = 0
        self.connected_since: float | None = None
        self.subscribed = asyncio.Event()
        self.last_error: str | None = None
        self._ws_url = ws_url
        self._http = HttpSource(http_url, clock)
        self._load_checkpoint = load_checkpoint
        self._hand_on = hand_on
        self._clock = clock
        self._sleep = sleep
        self._rng = rng or random.Random()
        self._turn = asyncio.Lock()
        self._data_since = self._data_at = 0.0
        self._retry_after_seconds = 0.0

    def set_watching(
        self, addresses: AbstractSet[str], currencies: AbstractSet[str] = frozenset()
    ) -> None:
        """The watch list as it is now, and the currencies of prices that somebody asks for.

        What changed is said to the source within a second.
        """
        self.feed.watching(addresses, currencies)

    async def look_up(self, path: str) -> bytes:
        """The answer to one question of a person. Raises `SourceError`."""
        return await self._http.look_up(path)

    async def run(self) -> None:
        """Watch until cancelled."""
        try:
            while True:
                await self._attempt()
                await self._sleep(self._pause_seconds())
        finally:
            await self._http.close()

    async def _attempt(self) -> None:
        """One session; whatever ends it is kept as `last_error`."""
        self.attempts += 1
        self._data_since = self._data_at = 0.0
        self._retry_after_seconds = 0.0
        try:
            await self._session()
        # The boundary of a session: no fault of a source, of the feed or of whoever
        # takes the events may end the watch. It is shown and tried again.
        except* Exception as group:  # noqa: BLE001 - as said above
            self._note(_first(group))
        finally:
            self.connected_since = None

    async def _session(self) -> None:
        connection = connect(
            self._ws_url,
            compression=None,
            max_size=MAX_FRAME_BYTES,
            open_timeout=OPEN_SECONDS,
            close_timeout=CLOSE_SECONDS,
            ping_interval=None,  # the feed pings, in the source's own way
            logger=_socket_log,
        )
        async with connection as socket:
            self.connected_since = self._clock()
            log.info("connected source=%s url=%s", self.feed.source, shown(self._ws_url))
            self.feed.connected(await self._load_checkpoint(), self._clock())
            async with asyncio.TaskGroup() as tasks:
                async with self._turn:
                    await self._send(socket, tasks)
                self.subscribed.set()
                tasks.create_task(self._tick(socket, tasks))
                await self._read(socket, tasks)

    async def _read(self, socket: ClientConnection, tasks: asyncio.TaskGroup) -> None:
        while True:
            data = await socket.recv(decode=False)
            self._data_at = self._clock()
            self._data_since = self._data_since or self._data_at
            await self._take(Frame(data), socket, tasks)

    async def _tick(self, socket: ClientConnection, tasks: asyncio.TaskGroup) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            began = self._clock()
            async with self._turn:
                if self._clock() - began > PATIENCE_SECONDS:
                    continue  # nothing was read meanwhile: the silence is our doing
                await self._pass_on(self.feed.tick(self._clock()))
                await self._send(socket, tasks)

    async def _get(self, ask: Get, socket: ClientConnection, tasks: asyncio.TaskGroup) -> None:
        answer = await self._http.answer(ask)
        if len(answer.body) > LARGE_BYTES:
            answer = await asyncio.to_thread(self.feed.digest, ask.path, answer, _rest)
        await self._take(answer, socket, tasks)

    async def _take(
        self, what: Frame | Answer, socket: ClientConnection, tasks: asyncio.TaskGroup
    ) -> None:
        """Hand to the feed, hand on its events, send what it asks for: one at a time."""
        async with self._turn:
            await self._pass_on(self._received(what))
            await self._send(socket, tasks)

    def _received(self, what: Frame | Answer) -> Sequence[Event]:
        now = self._clock()
        try:
            return self.feed.received(what, now)
        except FeedError as error:
            body = what.data if isinstance(what, Frame) else what.body
            sample = body[:SAMPLE_BYTES].decode("utf-8", "replace")
            log.debug("refused source=%s reason=%s", self.feed.source, error)
            return [Incident(self.feed.source, sealed("bad frame"), error.sealed, int(now), sample)]

    async def _pass_on(self, events: Sequence[Event]) -> None:
        if events:
            await self._hand_on(events)

    async def _send(self, socket: ClientConnection, tasks: asyncio.TaskGroup) -> None:
        for ask in self.feed.to_send():
            match ask:
                case Say(data):
                    await socket.send(data)
                case Get():
                    tasks.create_task(self._get(ask, socket, tasks))
                case Reconnect(reason):
                    raise SessionOverError(reason)

    def _note(self, error: BaseException) -> None:
        said = isinstance(error, SessionOverError)
        text = str(error) if said else f"{type(error).__name__}: {error}"
        text = redacted(text, self._ws_url, self._http.url)
        self.last_error = text
        if isinstance(error, InvalidStatus):
            self._retry_after_seconds = self._http.retry_after(error.response.headers) or 0.0
        log.warning("session ended source=%s reason=%s", self.feed.source, unsealed(text))

    def _pause_seconds(self) -> float:
        """Up to a second after a good session, else up to twice as long each time."""
        if self._data_at - self._data_since >= STEADY_SECONDS:
            self.attempts = 0
        doublings = min(max(self.attempts - 1, 0), 10)
        longest = min(FIRST_PAUSE_SECONDS * 2**doublings, MAX_PAUSE_SECONDS)
        return max(self._rng.uniform(0, longest), min(self._retry_after_seconds, MAX_WAIT_SECONDS))


def _rest() -> None:
    """Let the others have the interpreter: each row that they read waits to get it back."""
    time.sleep(REST_SECONDS)


def _first(error: BaseException) -> BaseException:
    """The innermost first exception: what ended the session."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
