"""How far a long answer is, told to whoever shows it while it is waited for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Progress:
    """`words` is what was said last, in the asker's language; "" where nothing was."""

    def __init__(self) -> None:
        self.words = ""


_followed: ContextVar[Progress | None] = ContextVar("progress", default=None)


@contextmanager
def following() -> Iterator[Progress]:
    """What is begun within may say how far it is; also what it begins in threads."""
    progress = Progress()
    token = _followed.set(progress)
    try:
        yield progress
    finally:
        _followed.reset(token)


def say_progress(words: str) -> None:
    """Say how far the answer is, where somebody shows that."""
    progress = _followed.get()
    if progress is not None:
        progress.words = words


def by_percent(since: int, until: int, words: Callable[[int], str]) -> Callable[[int], None]:
    """Says how much of a period is done, told of moments in it: `words` of each new per cent."""
    said = -1

    def reached(moment: int) -> None:
        nonlocal said
        percent = (moment - since) * 100 // max(1, until - since)
        if percent > said:
            said = percent
            say_progress(words(percent))

    return reached
