"""The server: HTTP on a free port of 127.0.0.1, in front of the world that a test sets up."""

import asyncio
import math
import re
from types import TracebackType
from typing import Any, NamedTuple, Self

from aiohttp import web

from tests.strict_telegram.chats import Json
from tests.strict_telegram.faults import DROP, HANG, Fault, Faults
from tests.strict_telegram.limits import Limits, Pacer, Patience
from tests.strict_telegram.methods import COUNTED, METHODS
from tests.strict_telegram.refusal import Refusal, bad_request, too_many_requests
from tests.strict_telegram.spec import Upload, load_spec
from tests.strict_telegram.stage import Stage

TOKEN = re.compile(r"\d+:\S{3,}")
LARGEST_REQUEST = 60 * 1024 * 1024


class Call(NamedTuple):
    """A call as it came: when on the server's clock, which method, and its parameters."""

    time: float
    method: str
    params: Json


class StrictTelegram(Stage):
    """A Bot API server for one bot; an async context manager.

    Every call that the description does not allow, or that no state of the chats could make right,
    is answered with an error and kept in `violations`. `refusals` keeps every error answered.
    With `limits` it also answers 429, and a call that comes before its time is a violation.
    """

    def __init__(
        self,
        token: str = "12345:TEST-token_of_a_strict_server",
        bot_username: str = "spyhop_test_bot",
        *,
        limits: bool | Limits = False,
    ) -> None:
        super().__init__(token, bot_username)
        self.base = ""
        self.calls: list[Call] = []
        self.refusals: list[tuple[str, int, str]] = []
        self.latency_seconds = 0.0
        self._spec = load_spec()
        self._faults = Faults()
        self._patience = Patience()
        self._pacer = Pacer(limits if isinstance(limits, Limits) else Limits()) if limits else None
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Listen."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_get("/file/bot{token}/files/{file_id}", self._serve_file)
        app.router.add_route("*", "/bot{token}/{method}", self._serve_call)
        # A poll whose client is gone must end, or the next one would meet a conflict.
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Answer the open polls and close."""
        self.updates.close()
        assert self._runner is not None
        await self._runner.cleanup()

    def fail_next(
        self,
        method: str,
        status: int | str = 429,
        *,
        retry_after: int = 3,
        times: float = 1,
        accept: bool = False,
    ) -> None:
        """Answer the next calls of the methods that match with a failure; see `Fault`."""
        self._faults.open.append(Fault(re.compile(method), status, retry_after, accept, times))

    def go_silent(self, method: str = ".*") -> None:
        """Take calls and never answer, until `recover`."""
        self.fail_next(method, HANG, times=math.inf)

    def second_poller(self, polls: int = 2) -> None:
        """Answer this and the next getUpdates as when another program reads the same bot."""
        self.fail_next("getUpdates", 409, times=polls)
        self.updates.usurp()

    def recover(self) -> None:
        """Forget the failures that were ordered and are not used up."""
        self._faults.open.clear()

    def forget_waits(self) -> None:
        """Hold nobody to a retry_after: what was answered may not have arrived."""
        self._patience = Patience()

    async def _serve_file(self, request: web.Request) -> web.Response:
        data = self.files.get(request.match_info["file_id"])
        if data is None or request.match_info["token"] != self.token:
            raise web.HTTPNotFound
        return web.Response(body=data)

    async def _serve_call(self, request: web.Request) -> web.Response:
        call = Call(self.clock(), request.match_info["method"], {})
        try:
            call = call._replace(params=await _raw_parameters(request))
            call = self._read(call, request.match_info["token"])
            result = await self._answer(call, request)
        except Refusal as refusal:
            return self._refuse(call, refusal)
        return web.json_response({"ok": True, "result": result})

    def _read(self, call: Call, token: str) -> Call:
        """The call with its parameters read; raises the refusal of one that breaks the rules."""
        if token != self.token:
            known = TOKEN.fullmatch(token)
            raise Refusal(401, "Unauthorized") if known else Refusal(404, "Not Found")
        if call.method not in self._spec.methods:
            raise Refusal(404, "Not Found: method not found", wrong=True)
        params, problems = self._spec.read_call(call.method, call.params)
        call = call._replace(params=params)
        self.calls.append(call)
        self.bell.ring()
        if problems:
            raise bad_request("; ".join(problems), wrong=True)
        return call

    async def _answer(self, call: Call, request: web.Request) -> Any:
        chat_id = call.params.get("chat_id")
        if call.method in COUNTED and self._patience.is_early(chat_id, call.time):
            self.violations.append(f"{call.method}: called before retry_after was over")
        fault = self._faults.take(call.method)
        result = None
        if fault is None or fault.accept:
            result = await self._carry_out(call)
        if self._faults.is_silent(call.method):
            await asyncio.Event().wait()
        # What was accepted stays so, even when the client is gone before the answer.
        await asyncio.sleep(self.latency_seconds)
        if fault is not None:
            await _interrupt(fault, request)
            raise fault.refusal()
        return result

    async def _carry_out(self, call: Call) -> Any:
        if call.method == "getUpdates":
            return self._checked(call, await self.updates.poll(call.params))
        if call.method not in METHODS:
            raise Refusal(501, f"{call.method} is not implemented by this server", wrong=True)
        self._check_pace(call)
        try:
            return self._checked(call, METHODS[call.method](self, call.params))
        except Refusal:
            raise
        except Exception as error:  # boundary: a fault of this server is told as one
            raise Refusal(500, f"this server failed: {error!r}", wrong=True) from error

    def _checked(self, call: Call, result: Any) -> Any:
        """A result that is what the description promises; else the server itself is wrong."""
        problems = self._spec.check(result, self._spec.methods[call.method]["returns"], call.method)
        if problems:
            raise Refusal(500, f"this server failed: {problems}", wrong=True)
        return result

    def _check_pace(self, call: Call) -> None:
        """Raises 429 for a call above the limits."""
        chat_id = call.params.get("chat_id")
        if self._pacer is None or call.method not in COUNTED or not isinstance(chat_id, int):
            return
        count = len(call.params.get("media", ())) if call.method == "sendMediaGroup" else 1
        wait = self._pacer.wait_seconds(chat_id, group=chat_id < 0, count=count, now=call.time)
        if wait:
            raise too_many_requests(wait)

    def _refuse(self, call: Call, refusal: Refusal) -> web.Response:
        self.refusals.append((call.method, refusal.status, refusal.description))
        if refusal.wrong:
            self.violations.append(f"{call.method}: {refusal.description}")
        if retry_after := refusal.parameters.get("retry_after"):
            self._patience.told(call.params.get("chat_id"), retry_after, self.clock())
        self.bell.ring()
        return web.json_response(refusal.answer(), status=refusal.status)


async def _raw_parameters(request: web.Request) -> Json:
    """The parameters of a query, form or JSON body, unread; files as uploads."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        return given | await _json_body(request)
    for name, value in (await request.post()).items():
        given[name] = (
            Upload(value.filename, value.file.read()) if isinstance(value, web.FileField) else value
        )
    return given


async def _json_body(request: web.Request) -> Json:
    try:
        body: Json = await request.json()
    except ValueError as error:
        raise bad_request("can't parse JSON object", wrong=True) from error
    return body


async def _interrupt(fault: Fault, request: web.Request) -> None:
    """Tear the connection, or leave the client waiting; both end by being cancelled."""
    if fault.status == DROP:
        assert request.transport is not None
        request.transport.abort()
    if fault.status in {DROP, HANG}:
        await asyncio.Event().wait()
