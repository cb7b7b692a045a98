"""What became of a call, read from the error that the library raised.

The numbers are Discord's own codes (docs.discord.com, "Opcodes and Status Codes"). An
answer without one is not Discord's word about a chat, but that of something in between.
"""

import aiohttp
from discord import DiscordException, HTTPException, RateLimited
from discord.http import json_or_text

from bot.language import marked
from storage.model import Gone, Rejected, Retry, Verdict

_LATER_SECONDS = 1.0
_SOON_SECONDS = 3.0
REFUSED_SECONDS = 60.0
TOO_MANY = 429
_GRACE_SECONDS = 0.5
_BRIEF_SECONDS = 3.0
_REASON = 200

FAILURES = (DiscordException, aiohttp.ClientError, OSError)
"""What a call raises because of Discord or the network, not by a fault of ours."""
NOT_ALLOWED = 50013
NO_HISTORY = 160002  # a reply needs Read Message History, which we do not ask for
_ABSENT = {
    10003: marked("the channel does not exist any more"),
    10004: marked("the server does not exist any more"),
    10013: marked("the person does not exist any more"),
    50001: marked("the bot may not see the channel"),
    50009: marked("the server verifies its members, and the bot is not verified"),
    NOT_ALLOWED: marked("the bot may not write in the channel"),
    50033: marked("the person does not exist any more"),
    50007: marked("the person takes no direct messages from the bot"),
    50278: marked("the person shares no server with the bot any more"),
    160005: marked("the thread is locked"),
}
"""Nothing can be said there until something changes."""
_TOO_OLD = 30046
_GONE = {10008, _TOO_OLD, 50005, 50021}
"""The message is deleted, too old to be edited so often, or not ours to edit."""
_SLOWED = {20016, 20022, 20028, 20029, 31001, 31002}
"""Discord counts something that it does not tell in its headers."""


class AwayError(ConnectionError):
    """Discord is not connected just now."""


class LeftError(AwayError):
    """Discord was left while it was asked: what was said may have arrived."""


class UnchangeableError(DiscordException):
    """A message must not be changed for long: it is old, and others were changed already."""


UNCHANGEABLE = marked("Discord does not let this message be changed for now")


class OldEdit:
    """Looks at the answers to one edit: it ends where Discord keeps an old message as it is.

    The library would wait and try on, for minutes where each wait is short. One that is brief
    is worth it, since what cannot be edited is said anew.
    """

    def __init__(self) -> None:
        self._waited = False

    async def __call__(self, answer: aiohttp.ClientResponse) -> None:
        """Raises `UnchangeableError`."""
        told = await json_or_text(answer) if answer.status == TOO_MANY else {}
        if not isinstance(told, dict) or told.get("code") != _TOO_OLD:
            return
        seconds = told.get("retry_after")
        if self._waited or not isinstance(seconds, int | float) or seconds > _BRIEF_SECONDS:
            raise UnchangeableError(UNCHANGEABLE)
        self._waited = True


class NonsenseError(DiscordException):
    """An answer is none of Discord's: a proxy's, or damaged. What was said may have arrived."""


class NotYetError(TimeoutError):
    """Others are waited for first."""


def parse_verdict(error: Exception) -> Verdict:
    """What to do about a call that failed: only what Discord refused for good is rejected."""
    reason = (str(error) or type(error).__name__)[:_REASON]
    match error:
        case RateLimited():
            return Retry(error.retry_after + _GRACE_SECONDS, reason)
        case UnchangeableError():
            return Gone(reason)
        case HTTPException():
            return _read_answer(error, reason)
        case LeftError():
            return Retry(_SOON_SECONDS, reason, doubtful=True)
        case AwayError() | NotYetError():
            return Retry(_SOON_SECONDS, reason)
    return Retry(_LATER_SECONDS, reason, doubtful=True)


def _read_answer(error: HTTPException, reason: str) -> Verdict:
    if error.status >= 500:
        return Retry(_LATER_SECONDS, reason, doubtful=True)
    if error.code in _ABSENT:
        return Rejected(_ABSENT[error.code], parks=True)
    if error.code in _GONE:
        return Gone(reason)
    if error.status in {401, TOO_MANY} or error.code in _SLOWED:
        return Retry(REFUSED_SECONDS, reason)
    if error.status in {403, 404}:
        return Rejected(reason, parks=True) if error.code else Retry(REFUSED_SECONDS, reason)
    is_discords = error.code or error.response.content_type == "application/json"
    return Rejected(reason) if is_discords else Retry(REFUSED_SECONDS, reason)


def concerns_all(error: Exception) -> bool:
    """Whether other calls would be refused, too: by the token, or by something before Discord.

    Each refusal counts towards a ban: 10,000 in ten minutes.
    """
    if not isinstance(error, HTTPException) or error.code:
        return False
    return error.status in {401, 403, TOO_MANY}
