"""Requests that brought nothing of use: what is kept of them for the person who runs the bot."""

from watchers.blockchain_com.requests import Want
from watchers.blockchain_com.rest import SOURCE
from watchers.feed import Answer, FeedError
from watchers.model import Incident, sealed

_SAMPLE_BYTES = 500
_WANTED = {
    "latest": sealed("newest block"),
    "prices": sealed("prices"),
    "block": sealed("block"),
    "history": sealed("older block"),
}


def body_of(answer: Answer) -> bytes:
    """What came. Raises `FeedError` where nothing did, or a refusal."""
    if answer.status == 200:
        return answer.body
    if answer.error:
        raise FeedError("nothing came: {cause}", cause=answer.error)
    raise FeedError("it answers with status {status}", status=answer.status)


def failure(want: Want, path: str, answer: Answer, reason: FeedError, now: float) -> Incident:
    """A request that failed: one kind for each thing that is asked for and way to fail."""
    detail = sealed("{path}: {reason}", path=path, reason=(reason.sealed,))
    sample = answer.body[:_SAMPLE_BYTES].decode("utf-8", "replace")
    return Incident(SOURCE, _kind(answer, _WANTED[want.purpose]), detail, int(now), sample)


def _kind(answer: Answer, what: str) -> str:
    if answer.status == 0:
        return sealed("{what}: no answer", what=(what,))
    if answer.status == 200:
        return sealed("{what}: bad answer", what=(what,))
    return sealed("{what}: status {status}", what=(what,), status=answer.status)
