"""The HTTP side of a source: bounded requests, and answers instead of exceptions."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from watchers.feed import Answer, Get
from watchers.model import sealed
from watchers.redaction import redacted

if TYPE_CHECKING:
    import aiohttp

MAX_ANSWER_BYTES = 64 * 2**20
CHUNK_BYTES = 2**16
TOTAL_SECONDS = 300.0
CONNECT_SECONDS = 15.0
SILENT_SECONDS = 30.0
LOOK_UP_SECONDS = 20.0


class SourceError(Exception):
    """A look-up that brought nothing; the message is sealed for the person who asked.

    `status` is the HTTP status, 0 where no answer came.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class HttpSource:
    """GETs below one address. The client opens with the first request."""

    def __init__(self, url: str, clock: Callable[[], float]) -> None:
        self.url = url
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the client; the next request opens another."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def answer(self, ask: Get) -> Answer:
        """What came of a request: never an exception."""
        import aiohttp  # noqa: PLC0415 - takes a while, and the websocket is not to wait for it

        try:
            return await self._get(ask)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            text = redacted(f"{type(error).__name__}: {error}".rstrip(": "), self.url)
            return Answer(ask.ask, 0, error=text)

    async def look_up(self, path: str) -> bytes:
        """The body of an answer with status 200; raises `SourceError` for any other."""
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                found = await self.answer(Get(0, path))
        except TimeoutError:
            raise SourceError(sealed("the source did not answer in time"), 0) from None
        if found.status == 200:
            return found.body
        raise SourceError(_complaint(found), found.status)

    def retry_after(self, headers: Mapping[str, str]) -> float | None:
        """The seconds of a Retry-After header, which may also name a date (RFC 9110)."""
        try:
            value = headers.get("Retry-After", "")
            if value.isascii() and value.isdigit():
                return float(value[:9])
            until = parsedate_to_datetime(value)
        except (LookupError, ValueError):  # named twice, or neither a number nor a date
            return None
        return max(until.replace(tzinfo=until.tzinfo or UTC).timestamp() - self._clock(), 0.0)

    async def _get(self, ask: Get) -> Answer:
        async with self._client().get(self._address(ask.path)) as response:
            body = bytearray()
            async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    return Answer(ask.ask, 0, error=f"more than {MAX_ANSWER_BYTES} bytes")
            retry_after = self.retry_after(response.headers)
            return Answer(ask.ask, response.status, bytes(body), retry_after_seconds=retry_after)

    def _address(self, path: str) -> str:
        """The path below the source's address, whose own query (a key) follows last."""
        base, _, query = self.url.partition("?")
        joint = "&" if "?" in path else "?"
        return base.rstrip("/") + path + (joint + query if query else "")

    def _client(self) -> "aiohttp.ClientSession":
        if self._session is None:
            import aiohttp  # noqa: PLC0415 - as above

            limits = aiohttp.ClientTimeout(
                total=TOTAL_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS
            )
            self._session = aiohttp.ClientSession(timeout=limits, trust_env=True)
        return self._session


def _complaint(answer: Answer) -> str:
    if answer.status == 0:
        return sealed("the source cannot be reached ({error})", error=answer.error)
    if answer.status == 404:
        return sealed("the source knows nothing of it")
    if answer.status == 429:
        return sealed("the source asks to slow down: try again in a minute")
    says = _message(answer.body)
    return sealed("the source answered with status {status}{says}", status=answer.status, says=says)


def _message(body: bytes) -> str:
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    message = found.get("message") if isinstance(found, dict) else None
    return f": {message[:100]}" if isinstance(message, str) else ""
