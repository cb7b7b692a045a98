"""A client without a library, which may say what a library would never say."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.strict_discord.messages import Json
from tests.strict_discord.stage import Stage

AGENT = "DiscordBot (https://example.org 1.0) test"
PROPERTIES = {"os": "linux", "browser": "test", "device": "test"}


@dataclass(eq=False)
class Caller:
    """Calls the REST API by hand and reads the gateway by hand."""

    stage: Stage
    session: aiohttp.ClientSession

    async def call(
        self, method: str, path: str, body: Any = None, *, token: str = "", **more: Any
    ) -> tuple[int, Any]:
        """The status and the JSON of an answer; None where it has no body."""
        status, answer, _ = await self.full(method, path, body, token=token, **more)
        return status, answer

    async def full(
        self, method: str, path: str, body: Any = None, *, token: str = "", **more: Any
    ) -> tuple[int, Any, Any]:
        """As `call`, with the headers."""
        headers = {"Authorization": f"Bot {token or self.stage.token}", "User-Agent": AGENT}
        if body is not None:
            more["data"] = json.dumps(body)
            headers["Content-Type"] = "application/json"
        headers |= more.pop("headers", {})
        url = self.stage.api + path
        async with self.session.request(method, url, headers=headers, **more) as response:
            data = await response.read()
            return response.status, json.loads(data) if data else None, response.headers

    async def say(self, channel: Any, **body: Any) -> tuple[int, Any]:
        """Send a message."""
        return await self.call("POST", f"/channels/{channel.id}/messages", body)

    async def connect(self, path: str = "/", **query: str) -> "Gate":
        """Open a gateway connection and take its HELLO."""
        query = {"v": "10", "encoding": "json"} | query
        wire = await self.session.ws_connect(self.stage.gateway.url + path, params=query)
        gate = Gate(self.stage, wire)
        hello = await gate.next()
        assert hello["op"] == 10
        return gate


@dataclass(eq=False)
class Gate:
    """A gateway connection without compression."""

    stage: Stage
    wire: aiohttp.ClientWebSocketResponse

    async def next(self) -> Json:
        """The next payload."""
        return dict(await self.wire.receive_json(timeout=5))

    async def until(self, event: str) -> Json:
        """The next payload with this event."""
        while (payload := await self.next())["t"] != event:
            pass
        return payload

    async def send(self, op: int, told: Any) -> None:
        """Send a payload."""
        await self.wire.send_json({"op": op, "d": told})

    async def identify(self, **more: Any) -> None:
        """Begin a session."""
        told = {"token": self.stage.token, "intents": 1, "properties": PROPERTIES}
        await self.send(2, told | more)

    async def closing_code(self) -> int | None:
        """The code with which the server closes, once it has."""
        while not self.wire.closed:
            await self.wire.receive(timeout=5)
        return self.wire.close_code


@asynccontextmanager
async def calling(stage: Stage) -> AsyncIterator[Caller]:
    """A caller for this stage."""
    async with aiohttp.ClientSession() as session:
        yield Caller(stage, session)
