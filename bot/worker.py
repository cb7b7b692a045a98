"""One process beside the bot, for what would stop the event loop: drawing and training.

    bot  ──pickled call──►  worker
         ◄──result, error──

It lives and dies with the bot: killed with its parent however that ends, started again when it
dies, killed when a call takes too long.
"""

import asyncio
import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")

_CONTEXT = (  # never a copy of the bot and its threads
    multiprocessing.get_context("forkserver")
    if "forkserver" in multiprocessing.get_all_start_methods()
    else multiprocessing.get_context("spawn")
)


class WorkerError(Exception):
    """The worker could not give an answer."""


class WorkerTimeoutError(WorkerError):
    """A call took too long; the worker was killed, the next call starts a new one."""


class Worker:
    """A process that runs one function at a time, in the order they come.

    `warm_up` runs there at each start, before the first call: it loads what is slow to
    load. Used as `async with Worker(warm_up) as worker`; the process starts with `begin` or
    with the first call.
    """

    def __init__(self, warm_up: Callable[[], object] | None = None) -> None:
        self._warm_up = warm_up
        self._conversation = ThreadPoolExecutor(1, "worker")  # one call at a time
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def begin(self) -> None:
        """Start the process now, so that the first call finds it warm."""
        self._conversation.submit(self._connected)

    async def run(
        self, function: Callable[..., T], *arguments: object, timeout_seconds: float = 60
    ) -> T:
        """What `function(*arguments)` returns or raises in the worker.

        Function, arguments and result must be picklable. Raises WorkerTimeoutError when it
        takes longer, and WorkerError when the worker died twice over the same call.
        """
        self._refuse_if_closed()
        answer = partial(self._answer, pickle.dumps((function, arguments)), timeout_seconds)
        loop = asyncio.get_running_loop()
        is_result, value = await loop.run_in_executor(self._conversation, answer)
        if not is_result:
            raise value
        return value  # type: ignore[no-any-return] # what the function returned

    async def close(self) -> None:
        """End the process at once; calls still waiting for it end with WorkerError."""
        self._closed = True
        if self._process is not None:
            self._process.kill()
        await asyncio.get_running_loop().run_in_executor(self._conversation, self._discard)
        self._conversation.shutdown()

    def _answer(self, call: bytes, timeout_seconds: float) -> tuple[bool, Any]:
        for _ in range(2):
            try:
                return self._exchange(call, timeout_seconds)
            except (EOFError, OSError):
                self._discard()
        raise WorkerError("The worker process died twice over the same call: see its last words.")

    def _exchange(self, call: bytes, timeout_seconds: float) -> tuple[bool, Any]:
        connection = self._connected()
        connection.send_bytes(call)
        if not connection.poll(timeout_seconds):
            self._discard()
            raise WorkerTimeoutError(f"It took longer than {timeout_seconds:g} seconds.")
        answer: tuple[bool, Any] = connection.recv()
        return answer

    def _connected(self) -> Connection:
        self._refuse_if_closed()
        if self._connection is None:
            ours, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(
                target=_serve, args=(theirs, self._warm_up), name="spyhop worker", daemon=True
            )
            process.start()
            theirs.close()  # so that its death ends the conversation
            self._process, self._connection = process, ours
        self._refuse_if_closed()  # by now: `close` may have come while it started
        return self._connection

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise WorkerError("The worker is closed.")

    def _discard(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None


def _serve(connection: Connection, warm_up: Callable[[], object] | None) -> None:
    """The worker's life: answer calls until the bot hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is the bot's to answer
    _die_with_bot()
    if warm_up is not None:
        warm_up()
    with contextlib.suppress(EOFError, OSError):
        while True:
            _reply(connection, _outcome(connection.recv_bytes()))


def _outcome(call: bytes) -> tuple[bool, object]:
    try:
        function, arguments = pickle.loads(call)  # noqa: S301 - from our own parent
        return True, function(*arguments)
    except Exception as error:  # noqa: BLE001 - the boundary: errors are the caller's
        error.add_note(f"In the worker:\n{traceback.format_exc()}")
        return False, error


def _reply(connection: Connection, outcome: tuple[bool, object]) -> None:
    try:
        answer = pickle.dumps(outcome)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        answer = pickle.dumps((False, WorkerError(f"The answer cannot be sent back: {error}")))
    connection.send_bytes(answer)


def _die_with_bot() -> None:
    """End this process with the bot, even when the bot is killed while a call runs here.

    The kernel's own signal of a parent's death (PR_SET_PDEATHSIG) does not help: the parent is
    the fork server, which lives as long as we do.
    """
    threading.Thread(target=_watch_bot, name="watch of the bot", daemon=True).start()


def _watch_bot() -> None:
    bot = multiprocessing.parent_process()
    if bot is not None:
        wait([bot.sentinel])
        os._exit(1)
