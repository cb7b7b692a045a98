"""One interaction on the wire: answered in three seconds and once, then for 15 minutes.

Source: docs.discord.com, "Receiving and Responding to Interactions". The calls go past the
library's own answers, which would keep every button in memory, and past its client, whose
limits these calls do not share.
"""

import asyncio
import logging
from typing import Any

import aiohttp
from discord import Client, HTTPException, Interaction, InteractionResponseType
from discord.http import Route
from discord.webhook.async_ import async_context

from bot.platforms.discord_part import File, render_form

_LOG = logging.getLogger(__name__)
_FIRST_SECONDS = 2.8
"""Discord takes a first response for three."""
_LATER_SECONDS = 120.0
_PAUSE_SECONDS = 0.3
_UNKNOWN, _ANSWERED = 10062, 40060
_CALLBACK = "/interactions/{webhook_id}/{webhook_token}/callback"
_FOLLOW_UP = "/webhooks/{webhook_id}/{webhook_token}"
_ORIGINAL = _FOLLOW_UP + "/messages/@original"

_UNREACHABLE = (aiohttp.ClientError, OSError, ValueError)
"""What a call raises where no answer came, or one that cannot be read."""
FAILURES = (HTTPException, *_UNREACHABLE)
"""What a call may raise because of Discord or the network, not by a fault of ours."""
_NOT_SENT = (aiohttp.ClientConnectorError,)


class TooLateError(RuntimeError):
    """Discord waits for no answer any more, and nothing can be said."""


class Wire:
    """What Discord lets one do with an interaction; `message` is the id of the first answer."""

    def __init__(self, interaction: "Interaction[Client]") -> None:
        self._interaction = interaction
        self._deadline = asyncio.get_running_loop().time() + _FIRST_SECONDS
        self.message = 0

    async def respond(
        self,
        type_: InteractionResponseType,
        body: dict[str, Any] | None = None,
        file: File | None = None,
    ) -> None:
        """The first response, of which Discord takes one: to repeat the call harms nothing.

        Raises `TooLateError`; `TimeoutError` where nobody knows whether it arrived; or
        `HTTPException` where Discord does not like what it says.
        """
        payload = {"type": type_.value} | ({} if body is None else {"data": body})
        try:
            async with asyncio.timeout_at(self._deadline):
                told = await self._insist("POST", _CALLBACK, payload, file)
        except HTTPException as error:
            if error.code == _UNKNOWN:
                raise TooLateError("Discord does not know the interaction any more") from None
            if error.code != _ANSWERED:  # else an earlier call of ours had arrived
                raise
        else:
            self.message = int((told.get("interaction") or {}).get("response_message_id") or 0)

    async def edit(self, body: dict[str, Any], file: File | None) -> None:
        """Change the first answer, or the message that bears the button; raises as `insist`."""
        async with asyncio.timeout(_LATER_SECONDS):
            await self._insist("PATCH", _ORIGINAL, body, file)

    async def withdraw(self) -> None:
        """Take the first answer away."""
        async with asyncio.timeout(_LATER_SECONDS):
            await self._insist("DELETE", _ORIGINAL)

    async def follow(self, body: dict[str, Any], file: File | None) -> None:
        """Say something more, for which Discord takes no nonce.

        So a call that was sent and got no answer is not repeated. One that got a 5xx is, by the
        library: if Discord had taken it all the same, it stands there twice, which is better than
        not at all. Only the creation of a channel's message takes `enforce_nonce` (Discord's
        OpenAPI description: `MessageCreateRequest`, not `IncomingWebhookRequestPartial`; and
        <https://github.com/discord/discord-api-docs/pull/6647>), and nothing lists what was said.
        """
        async with asyncio.timeout(_LATER_SECONDS):
            await self._insist("POST", _FOLLOW_UP, body, file, _NOT_SENT)

    async def _insist(
        self,
        method: str,
        path: str,
        payload: dict[str, Any] | None = None,
        file: File | None = None,
        again: tuple[type[Exception], ...] = _UNREACHABLE,
    ) -> dict[str, Any]:
        """Call until Discord answers; the library itself repeats what failed with a 5xx."""
        while True:
            try:
                return await self._call(method, path, payload, file)
            except again as error:
                _LOG.info("Discord cannot be reached, trying on: %s", error)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _call(
        self, method: str, path: str, payload: dict[str, Any] | None, file: File | None
    ) -> dict[str, Any]:
        asked = self._interaction
        owner = asked.id if path == _CALLBACK else asked.application_id
        answer = await async_context.get().request(
            Route(method, path, webhook_id=owner, webhook_token=asked.token),
            asked._session,  # noqa: SLF001 - the library's own calls take it from there
            params={"with_response": "true"} if path == _CALLBACK else None,
            **_body(payload, file),
        )
        return answer if isinstance(answer, dict) else {}


def _body(payload: dict[str, Any] | None, file: File | None) -> dict[str, Any]:
    """The body as the library takes it here: JSON, or a form with the file beside it."""
    return {"multipart": render_form(payload, file)} if file else {"payload": payload}
