"""What a setting may say: each reads one text, or raises `ValueError` with what is wrong."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

_SPAN = re.compile(r"^(\d{1,5})\s*([smhdw])$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_TELEGRAM_TOKEN = re.compile(r"^\d+:[\w-]{10,}$")
_DISCORD_TOKEN = re.compile(r"^[\w-]{10,}\.[\w-]{4,}\.[\w-]{10,}$")


class Secret(Struct, frozen=True):
    """A text that must not be shown; `reveal()` gives it where it is used."""

    _text: str = ""

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "***" if self._text else "(empty)"

    __str__ = __repr__


def parse_telegram_token(text: str) -> Secret:
    """The token of a Telegram bot."""
    if text and not _TELEGRAM_TOKEN.match(text):
        raise ValueError("is no bot token: BotFather gives one like 123456:ABC-…")
    return Secret(text)


def parse_discord_token(text: str) -> Secret:
    """The token of a Discord bot."""
    if text and not _DISCORD_TOKEN.match(text):
        raise ValueError(
            "is no bot token: the Developer Portal gives one of three parts with dots between,"
            " under Bot, Reset Token"
        )
    return Secret(text)


def url_with(*schemes: str) -> Callable[[str], str]:
    """A reader of addresses with one of these schemes; without the slash at the end."""

    def parse(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f"must be an address that begins with {' or '.join(schemes)}://")
        return text.rstrip("/")

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    """A reader of one of these words."""

    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"must be one of: {', '.join(choices)}")
        return text.lower()

    return parse


def parse_owners(text: str) -> tuple[tuple[str, str], ...]:
    """Owners as (platform, id)."""
    pairs = [part.strip().partition(":") for part in text.split(",") if part.strip()]
    if any(platform not in {"telegram", "discord"} or not id_ for platform, _, id_ in pairs):
        raise ValueError("must be like telegram:12345,discord:67890")
    return tuple((platform, id_) for platform, _, id_ in pairs)


def parse_span(text: str) -> int:
    """A span like 30m, 24h or 7d, in seconds."""
    match = _SPAN.match(text.strip().lower())
    if match is None:
        raise ValueError("must be a time like 30m, 24h or 7d")
    return int(match[1]) * _SECONDS[match[2]]


def parse_days(text: str) -> int:
    """A number of days."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 3650:
        raise ValueError("must be a number of days from 1 to 3650")
    return int(text)


def parse_currency(text: str) -> str:
    """A currency's three letters."""
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise ValueError("must be a currency's three letters, like USD")
    return text.upper()


def parse_timezone(text: str) -> str:
    """The name of a time zone."""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone like Europe/Berlin") from None
