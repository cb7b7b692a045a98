"""Named places between socket, commit, send and verdict at which the program can be killed.

python -m tests.proof.failpoints 'PLACE' HIT [ARGUMENTS]

runs the program and kills it with SIGKILL when it comes to the place for the HIT-th time.
The places are put in from outside: the program itself knows nothing of them.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from bot.cli import main
from bot.intake.pipeline import Pipeline
from bot.platforms.telegram import Telegram
from bot.store import Store
from watchers.watcher import Watcher

WRITES = (
    "_take",
    "_claim",
    "_close",
    "arrive",
    "save_subscription",
    "save_buttons",
)
"""The changes of the database that a run makes, by the name of the function or its class."""

TURN_SECONDS = 0.3
"""So long a message waits for its turn, where it is to be composed anew."""

Bomb = Callable[[], None]


def _asynchronous(owner: type, name: str, *, before: bool) -> Callable[[Bomb], None]:
    """Kill before or after a coroutine method runs."""

    def install(bomb: Bomb) -> None:
        method = getattr(owner, name)

        @wraps(method)
        async def replaced(*arguments: Any, **named: Any) -> Any:
            if before:
                bomb()
            result = await method(*arguments, **named)
            if not before:
                bomb()
            return result

        static = isinstance(owner.__dict__[name], staticmethod)
        setattr(owner, name, staticmethod(replaced) if static else replaced)

    return install


def _write(of: str, *, before: bool) -> Callable[[Bomb], None]:
    """Kill before or after the commit of one kind of change."""

    def install(bomb: Bomb) -> None:
        write = Store._write

        def replaced(store: Store, change: Any, arguments: Any, then: Any) -> Any:
            if of not in _names(change):
                return write(store, change, arguments, then)

            def changed(*given: Any) -> Any:
                result = change(*given)
                if before:
                    bomb()
                return result

            result = write(store, changed, arguments, then)
            if not before:
                bomb()
            return result

        Store._write = replaced  # type: ignore[method-assign, assignment]

    return install


def _names(change: Any) -> set[str]:
    """The function or class of a change, and what it was bound to: `partial(noted, change)`."""
    parts = (change, *change.args) if isinstance(change, partial) else (change,)
    return {getattr(part, "__name__", type(part).__name__) for part in parts}


def _late_composition(*, before: bool) -> Callable[[Bomb], None]:
    """Kill where a message is composed anew, since much happened until its turn came."""

    def install(bomb: Bomb) -> None:
        turn = Telegram.turn

        async def slow(*arguments: Any) -> None:
            await asyncio.sleep(TURN_SECONDS)
            await turn(*arguments)

        Telegram.turn = slow  # type: ignore[method-assign, assignment]
        _write("compose", before=before)(bomb)

    return install


PLACES: dict[str, Callable[[Bomb], None]] = {
    "a frame or an answer has come": _asynchronous(Watcher, "_take", before=True),
    "events are handed on": _asynchronous(Pipeline, "hand_on", before=False),
    "a step is about to be stored": _asynchronous(Pipeline, "_save", before=True),
    **{f"before the commit of {of}": _write(of, before=True) for of in WRITES},
    **{f"after the commit of {of}": _write(of, before=False) for of in WRITES},
    "before the commit of compose": _late_composition(before=True),
    "after the commit of compose": _late_composition(before=False),
    "before the call of the platform": _asynchronous(Telegram, "send", before=True),
    "after the call of the platform": _asynchronous(Telegram, "send", before=False),
}


def run(place: str, hit: int) -> None:
    """Run the program until it comes to the place for the `hit`-th time."""
    left = [hit]

    def bomb() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    PLACES[place](bomb)
    main()


if __name__ == "__main__":
    run(sys.argv.pop(1), int(sys.argv.pop(1)))
