"""The wire of the REST API: every call checked, faults and limits first."""

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import BodyPartReader, web

from tests.strict_discord.content import Given, Upload
from tests.strict_discord.faults import DROP, HANG, Fault, Faults
from tests.strict_discord.limits import Pacer, Pass
from tests.strict_discord.messages import Json
from tests.strict_discord.methods import METHODS
from tests.strict_discord.refusal import Refusal, invalid_form, no_route, unauthorized
from tests.strict_discord.spec import Operation, Spec, load_spec
from tests.strict_discord.world import World

PREFIX = "/api/v10"
# docs.discord.com/developers/reference#user-agent
USER_AGENT = re.compile(r"DiscordBot \(\S+ \S+\).*")


class Call(NamedTuple):
    """A call as it was answered: when on the server's clock, what, with what, and how."""

    time: float
    operation: str
    path: dict[str, str]
    body: Any
    status: int
    code: int = 0


@dataclass
class Rest:
    """Answers the calls of one bot."""

    world: World
    pacer: Pacer
    faults: Faults = field(default_factory=Faults)
    spec: Spec = field(default_factory=load_spec)
    latency_seconds: float = 0.0
    calls: list[Call] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        found = self.spec.find(request.method, request.path.removeprefix(PREFIX))
        if found is None or not request.path.startswith(PREFIX):
            self.world.accuse(f"{request.method} {request.path}: Discord has no such address")
            return _json(no_route().body(), 404, {})
        operation, path = found
        given = Given(path, dict(request.query), None)
        pass_ = self.pacer.enter(operation.id, path, self.world.now())
        try:
            status, answer = await self._answer(operation, given, request, pass_)
        except Refusal as refusal:
            return self._refuse(operation, given, refusal, pass_)
        self._note(operation, given, status, 0)
        return _json(answer, status, pass_.headers)

    async def _answer(
        self, operation: Operation, given: Given, request: web.Request, pass_: Pass
    ) -> tuple[int, Any]:
        self._check_caller(operation, request)
        await _read(request, given)
        fault = self.faults.take(operation.id)
        answer: tuple[int, Any] = (204, None)
        if fault is None or fault.accept:
            _check_pass(pass_)
            answer = self._carry_out(operation, given)
        # What was accepted stays so, even when the client is gone before the answer.
        self._set_lost(given, True)
        await asyncio.sleep(self.latency_seconds)
        if fault is not None:
            await _interrupt(fault, request)
            raise fault.refusal()
        self._set_lost(given, False)
        return answer

    def _set_lost(self, given: Given, lost: bool) -> None:
        """Whether the client does not know that its answer to an interaction has arrived."""
        for interaction in self.world.interactions.values():
            if str(interaction.id) == given.path.get("interaction_id"):
                interaction.lost = lost

    def _check_caller(self, operation: Operation, request: web.Request) -> None:
        # discord.py answers interactions under the name of its HTTP library.
        named = USER_AGENT.fullmatch(request.headers.get("User-Agent", ""))
        if operation.needs_token and not named:
            self.world.accuse(f"{operation.id}: no valid User-Agent")
        given = request.headers.get("Authorization")
        if given != f"Bot {self.world.token}" and (given or operation.needs_token):
            raise unauthorized()

    def _carry_out(self, operation: Operation, given: Given) -> tuple[int, Any]:
        problems = operation.problems_of_parameters(given.path, given.query)
        problems += operation.problems_of_body(given.body)
        if problems:
            raise invalid_form(problems)
        if operation.id not in METHODS:
            raise Refusal(501, 0, f"{operation.id} is not implemented by this server", wrong=True)
        try:
            answer = METHODS[operation.id](self.world, given)
        except Refusal:
            raise
        except Exception as error:  # boundary: a fault of this server is told as one
            raise Refusal(500, 0, f"this server failed: {error!r}", wrong=True) from error
        status = 204 if answer is None else 200
        if wrong := operation.problems_of_answer(status, answer):
            self.world.accuse(f"{operation.id}: this server answered wrongly: {wrong}")
        return status, answer

    def _refuse(
        self, operation: Operation, given: Given, refusal: Refusal, pass_: Pass
    ) -> web.Response:
        if refusal.wrong:
            self.world.accuse(f"{operation.id}: {refusal.message}")
        if pass_.early:
            self.world.accuse(f"{operation.id}: called before retry_after was over")
        self._note(operation, given, refusal.status, refusal.code)
        headers = pass_.headers
        if refusal.status == 429:
            # By `Via` a client tells Discord's own 429 from one of the proxy before it.
            headers = headers | {"Via": "1.1 google"}
            headers["Retry-After"] = str(int(refusal.more["retry_after"]) + 1)
        return _json(refusal.body(), refusal.status, headers)

    def _note(self, operation: Operation, given: Given, status: int, code: int) -> None:
        now = self.world.now()
        self.calls.append(Call(now, operation.id, given.path, given.body, status, code))
        if self.pacer.count_answer(status, now):
            self.world.accuse("10,000 invalid requests within ten minutes: banned")
        self.world.bell.ring()


def _check_pass(pass_: Pass) -> None:
    """Raises the 429 of a call that comes too soon."""
    if pass_.wait_seconds:
        more = {"retry_after": round(pass_.wait_seconds, 3), "global": pass_.everywhere}
        raise Refusal(429, 0, "You are being rate limited.", more=more)


async def _read(request: web.Request, given: Given) -> None:
    """The JSON of a request and its files. Raises the refusal of what is neither."""
    if not request.can_read_body:
        return
    kind = request.headers.get("Content-Type", "")
    if kind.startswith("multipart/form-data"):
        given.body, given.files = await _form(request)
    elif kind == "application/json":
        given.body = _parsed(await request.read())
    else:
        message = "Expected \"Content-Type\" header to be one of {'application/json'}."
        raise Refusal(400, 50035, f"{message} Given: {kind}", wrong=True)


async def _form(request: web.Request) -> tuple[Any, dict[str, Upload]]:
    body: Any = None
    files: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            raise invalid_form(["a part without a name"])
        data = bytes(await part.read())
        if part.name == "payload_json":
            body = _parsed(data)
        elif not part.filename:
            raise invalid_form([f"{part.name}: a file needs a name"])
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(part.filename, data, kind)
    return body, files


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        text = "The request body contains invalid JSON."
        raise Refusal(400, 50109, text, wrong=True) from error


async def _interrupt(fault: Fault, request: web.Request) -> None:
    """Tear the connection, or leave the client waiting; both end by being cancelled."""
    if fault.status == DROP:
        assert request.transport is not None
        request.transport.abort()
    if fault.status in {DROP, HANG}:
        await asyncio.Event().wait()


def _json(answer: Json | None, status: int, headers: dict[str, str]) -> web.Response:
    if answer is None:
        return web.Response(status=status, headers=headers)
    # discord.py knows JSON by exactly this type, without a charset.
    headers = headers | {"Content-Type": "application/json"}
    return web.Response(body=json.dumps(answer).encode(), status=status, headers=headers)
