"""Calls to Discord's REST API, through the client that is connected just now.

The library keeps to the limits that Discord's answers tell (its buckets), waits out short
ones and repeats what failed with a 5xx. What takes too long is left to itself: a call that
is cancelled while the library waits out a global limit would block all later ones, and one
that hangs those in the same bucket.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec

import aiohttp
import discord
from discord.http import Route

from bot.outlet.pacer import Gate
from bot.platforms.discord_part import File, render_form
from bot.platforms.discord_verdicts import (
    FAILURES,
    UNCHANGEABLE,
    AwayError,
    LeftError,
    NonsenseError,
    NotYetError,
    OldEdit,
    UnchangeableError,
)

P = ParamSpec("P")

CALLS_A_SECOND = 50
"""As many as Discord publishes, of all but what answers an interaction."""
ANSWER_SECONDS = 15.0
"""How long Discord may take to answer, as long as other platforms may."""
PATIENCE_SECONDS = 20.0
"""How long a call may take, with the library's waits and repeats; it goes on by itself then."""
UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)
"""What the library raises at an answer that is not of this API, as of something in between."""
OPENING_SECONDS = 3.0
"""How long a message waits for its person's channel: Discord opens few at a time."""


class Rest:
    """The calls that telling people takes; each raises what the library does.

    `client` is set while it is logged in, `calls` while the platform runs.
    """

    def __init__(self) -> None:
        self.client: discord.Client | None = None
        self.calls: asyncio.TaskGroup | None = None
        self._gate = Gate(CALLS_A_SECOND)
        self._opening = asyncio.Semaphore(1)
        self._private: dict[str, asyncio.Task[Any]] = {}

    async def paced(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Let a request of the library pass when the limit over all does: repeats of its own, too.

        What it waits for before, such as a channel's own limit, keeps nothing else back.
        """
        async with self._gate.passage():
            return await handler(request)

    async def private_channel(self, person: str) -> int:
        """The channel of direct messages with a person."""
        if person not in self._private:
            self._private[person] = self._begin(self._open, person)
        opening, channel = self._private[person], None
        try:
            channel = int(_told(await _result(opening, OPENING_SECONDS))["id"])
        except FAILURES:
            if not opening.done():
                raise NotYetError("Discord opens few private channels at a time") from None
            raise
        finally:
            if channel is None and opening.done():
                self._private.pop(person, None)
        return channel

    async def post(
        self, channel: int, payload: dict[str, Any], file: File | None
    ) -> dict[str, Any]:
        """Send a message; as Discord has it then, which is an earlier one for a known nonce."""
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
        return _told(await self._call(route, payload, file))

    async def edit(
        self, channel: int, message: int, payload: dict[str, Any], file: File | None
    ) -> None:
        """Change a message of ours."""
        path = "/channels/{channel_id}/messages/{message_id}"
        route = Route("PATCH", path, channel_id=channel, message_id=message)
        try:
            await self._call(route, payload, file, OldEdit())
        except discord.RateLimited:
            raise UnchangeableError(UNCHANGEABLE) from None

    async def delete(self, channel: int, message: int) -> None:
        """Take a message of ours away."""
        path = "/channels/{channel_id}/messages/{message_id}"
        await self._call(Route("DELETE", path, channel_id=channel, message_id=message))

    async def _call(
        self,
        route: Route,
        payload: dict[str, Any] | None = None,
        file: File | None = None,
        check: OldEdit | None = None,
    ) -> Any:
        """One call; raises `TimeoutError` where its outcome is not known in time."""
        call = self._begin(_outcome, route, _body(payload, file), check)
        return await _result(call, PATIENCE_SECONDS)

    async def _open(self, client: discord.Client, person: str) -> Any:
        """Ask for a private channel, one at a time: the others' waiting is no call under way."""
        async with self._opening:
            route = Route("POST", "/users/@me/channels")
            return await _outcome(client, route, _body({"recipient_id": person}, None))

    def _begin(
        self,
        call: Callable[Concatenate[discord.Client, P], Coroutine[Any, Any, Any]],
        *arguments: P.args,
        **named: P.kwargs,
    ) -> asyncio.Task[Any]:
        if self.client is None or self.calls is None:
            raise AwayError("Discord is not connected")
        return self.calls.create_task(call(self.client, *arguments, **named))


async def _result(call: asyncio.Task[Any], patience_seconds: float) -> Any:
    done, _ = await asyncio.wait({call}, timeout=patience_seconds)
    if not done:
        raise TimeoutError("Discord did not answer in time")
    outcome = call.result()
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


async def _outcome(
    client: discord.Client, route: Route, body: dict[str, Any], check: OldEdit | None = None
) -> Any:
    """What a call returns, or the error that it raises: nobody may wait for it any more.

    `check` sees each answer before the library does.
    """
    try:
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        return await client.http.request(route, timeout=timeout, raise_for_status=check, **body)
    except UNREADABLE as error:
        return NonsenseError(f"an answer cannot be read: {error}")
    except Exception as error:  # noqa: BLE001 - boundary: it is raised where the call was made
        return LeftError("Discord was left") if client.is_closed() else error


def _told(answer: Any) -> dict[str, Any]:
    """What Discord has now; raises `NonsenseError` where that is not what the answer tells."""
    if isinstance(answer, dict) and str(answer.get("id", "")).isdecimal():
        return answer
    raise NonsenseError("an answer makes no sense")


def _body(payload: dict[str, Any] | None, file: File | None) -> dict[str, Any]:
    """The body as the library takes it: JSON, or a form with the file beside it."""
    if payload is None:
        return {}
    return {"form": render_form(payload, file)} if file else {"json": payload}
