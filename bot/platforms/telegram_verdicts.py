"""What became of a call, read from the error that the library raised.

The library's `BadRequest` is a `NetworkError`, so the order of the cases matters. The
texts are those that api.telegram.org answers; the Bot API documents none of them.
"""

from datetime import timedelta

import msgspec
from msgspec import Struct, field
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.language import marked
from storage.model import Gone, Moved, Rejected, Retry, Verdict

NONSENSE = (AttributeError, LookupError, TypeError, ValueError)
"""What an answer raises that is JSON but not of this API: a proxy's, or a damaged one."""
_LATER_SECONDS = 1.0
_TOKEN_SECONDS = 60.0
_GRACE_SECONDS = 0.5
_REASON = 200
_CLOSED = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "group chat was deactivated",
    "chat_write_forbidden",
    "have no rights to send a message",
    "not enough rights to send text messages",
    "need administrator rights in the channel chat",
)
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_NO_THREAD = ("message thread not found", "topic_deleted", "topic_closed")


class _Parameters(Struct):
    retry_after: float = 0.0


class _Asking(Struct):
    parameters: _Parameters = field(default_factory=_Parameters)


def parse_verdict(error: TelegramError) -> Verdict:
    """What to do about a call that failed: only what Telegram refused for good is rejected."""
    reason = str(error)[:_REASON]
    match error:
        case RetryAfter():
            return Retry(retry_seconds(error), reason)
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden():
            return Rejected(reason, parks=True)
        case BadRequest() if says(error, *_GONE):
            return Gone(reason)
        case BadRequest():
            return Rejected(reason, parks=says(error, *_CLOSED))
    return _retry(error, reason)


def misread_verdict(error: Exception) -> Verdict:
    """What to do about an answer that makes no sense: it may have arrived, or not."""
    return Retry(_LATER_SECONDS, f"an answer makes no sense: {error}"[:_REASON])


def _retry(error: TelegramError, reason: str) -> Verdict:
    """What nobody knows the outcome of, or what may be right later."""
    if says(error, "request entity too large"):
        return Rejected(reason)
    if isinstance(error, InvalidToken):
        return Retry(_TOKEN_SECONDS, marked("Telegram refuses the token"))
    return Retry(_LATER_SECONDS, reason)


def retry_seconds(error: RetryAfter) -> float:
    """How long Telegram asks us to wait, and a little more."""
    after = error.retry_after
    seconds = after.total_seconds() if isinstance(after, timedelta) else float(after)
    return seconds + _GRACE_SECONDS


def asked_seconds(body: bytes) -> float:
    """The same, as an answer asks for it; 0 where it does not.

    https://core.telegram.org/bots/api#responseparameters
    """
    try:
        asked = msgspec.json.decode(body, type=_Asking).parameters.retry_after
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0.0
    return asked + _GRACE_SECONDS if asked > 0 else 0.0


def says(error: TelegramError, *texts: str) -> bool:
    """Whether the error's text holds one of `texts`."""
    said = str(error).lower()
    return any(text in said for text in texts)


def is_misread(error: TelegramError) -> bool:
    """Whether Telegram could not read our markup."""
    return says(error, "can't parse entities")


def is_unchanged(error: TelegramError) -> bool:
    """Whether the message already says what it was to be changed to."""
    return says(error, "message is not modified")


def has_no_text(error: TelegramError) -> bool:
    """Whether the message to edit is a picture, which has a caption in place of a text."""
    return says(error, "there is no text in the message to edit")


def may_not_show(error: TelegramError) -> bool:
    """Whether the group lets the bot write, and not send pictures or files."""
    return says(error, "not enough rights to send photos", "not enough rights to send documents")


def has_no_thread(error: TelegramError) -> bool:
    """Whether the topic is gone."""
    return says(error, *_NO_THREAD)
