"""Settings: environment variables, read from `.env` where there is one.

`VARIABLES` is the whole table; `.env.example` is held to it by a test. Every problem is
reported at once, and secrets print as `***`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from watchers.registry import CHAINS, DEFAULT_SOURCES, SOURCES

_SPAN = re.compile(r"^(\d{1,5})\s*([smhdw])$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_TELEGRAM_TOKEN = re.compile(r"^\d+:[\w-]{10,}$")


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


class SettingsError(ValueError):
    """What is wrong with the settings, a line a problem."""


class Endpoint(Struct, frozen=True):
    """One source of a chain and where it is reached."""

    chain: str
    source: str
    ws: str
    http: str
    stream: Literal["all", "addresses"]


class Settings(Struct, frozen=True):
    """How this bot runs: the variables of the table, parsed."""

    telegram_token: Secret
    telegram_api: str
    access: Literal["invited", "open"]
    owners: tuple[tuple[str, str], ...]
    database: Path
    chains: tuple[str, ...]
    history: int
    raw_days: int
    currency: str
    timezone: str
    language: str
    console: Literal["on", "off", "auto"]
    endpoints: tuple[Endpoint, ...] = ()


def _telegram_token(text: str) -> Secret:
    if text and not _TELEGRAM_TOKEN.match(text):
        raise ValueError("is no bot token: BotFather gives one like 123456:ABC-…")
    return Secret(text)


def _address(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f"must be an address that begins with {' or '.join(schemes)}://")
        return text.rstrip("/")

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"must be one of: {', '.join(choices)}")
        return text.lower()

    return parse


def _owners(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [part.strip().partition(":") for part in text.split(",") if part.strip()]
    if any(platform not in {"telegram", "discord"} or not id_ for platform, _, id_ in pairs):
        raise ValueError("must be like telegram:12345,discord:67890")
    return tuple((platform, id_) for platform, _, id_ in pairs)


def _chains(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    unknown = [name for name in names if name not in CHAINS]
    if unknown or not names:
        raise ValueError(f"must name chains out of: {', '.join(CHAINS)}")
    return tuple(dict.fromkeys(names))


def _span(text: str) -> int:
    match = _SPAN.match(text.strip().lower())
    if match is None:
        raise ValueError("must be a time like 30m, 24h or 7d")
    return int(match[1]) * _SECONDS[match[2]]


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 3650:
        raise ValueError("must be a number of days from 1 to 3650")
    return int(text)


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise ValueError("must be a currency's three letters, like USD")
    return text.upper()


def _timezone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone like Europe/Berlin") from None


Parser: TypeAlias = Callable[[str], Any]


class Variable(Struct, frozen=True):
    """One line of the table; `field` is its name in `Settings`."""

    name: str
    field: str
    default: str
    meaning: str
    parse: Parser


VARIABLES = (
    Variable("TELEGRAM_TOKEN", "telegram_token", "",
             "Token of the Telegram bot, from BotFather. Empty: Telegram is off.",
             _telegram_token),
    Variable("TELEGRAM_API", "telegram_api", "https://api.telegram.org",
             "Base address of the Bot API, for a Bot API server of your own.",
             _address("http", "https")),
    Variable("ACCESS", "access", "invited",
             "invited: the owner and whom the owner invites; open: anyone.",
             _one_of("invited", "open")),
    Variable("OWNERS", "owners", "",
             "Owners as telegram:ID,discord:ID. Empty: the first start prints a claim code.",
             _owners),
    Variable("DATABASE", "database", "spyhop.db", "Path of the SQLite file.", Path),
    Variable("CHAINS", "chains", "bitcoin", "Chains to watch, comma-separated.", _chains),
    Variable("HISTORY", "history", "24h",
             "How much of the past the very first start fetches, gently, without alerts.", _span),
    Variable("RAW_DAYS", "raw_days", "14", "How many days single transactions are kept.", _days),
    Variable("CURRENCY", "currency", "USD", "Currency of a new chat.", _currency),
    Variable("TIMEZONE", "timezone", "UTC", "Time zone of a new chat.", _timezone),
    Variable("LANGUAGE", "language", "en", "Language of a new chat.", _one_of("en")),
    Variable("CONSOLE", "console", "auto",
             "Chat in the terminal: on, off, or auto (on without a token).",
             _one_of("on", "off", "auto")),
)  # fmt: skip


def chain_variables(chain: str) -> tuple[Variable, ...]:
    """The variables of one chain: its sources, and where and how each is read."""
    prefix = chain.upper()
    return (
        Variable(f"{prefix}_SOURCE", "source", DEFAULT_SOURCES[chain],
                 f"Which sources read {CHAINS[chain].title}, the first one first.", str),
        Variable(f"{prefix}_WS", "ws", "",
                 "Their streams, by position; empty: the source's public address.", str),
        Variable(f"{prefix}_HTTP", "http", "",
                 "Their HTTP addresses, by position; empty: the source's public address.", str),
        Variable(f"{prefix}_STREAM", "stream", "all",
                 "all, or addresses: subscribe to watched addresses only.",
                 _one_of("all", "addresses")),
    )  # fmt: skip


def parse_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from variables. Raises `SettingsError` with every problem, a line each."""
    problems: list[str] = []
    values = _parsed(VARIABLES, environment, problems)
    endpoints: list[Endpoint] = []
    for chain in values.get("chains", ()):
        own = _parsed(chain_variables(chain), environment, problems)
        if "stream" in own:
            endpoints += _endpoints(chain, own, problems)
    if environment.get("DISCORD_TOKEN"):
        problems.append("DISCORD_TOKEN: this version does not speak Discord yet; leave it empty")
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**values, endpoints=tuple(endpoints))


def _parsed(
    variables: Iterable[Variable], environment: Mapping[str, str], problems: list[str]
) -> dict[str, Any]:
    values = {}
    for variable in variables:
        text = environment.get(variable.name, "").strip() or variable.default
        try:
            values[variable.field] = variable.parse(text)
        except ValueError as error:
            problems.append(f"{variable.name} {error}")
    return values


def _endpoints(chain: str, own: Mapping[str, Any], problems: list[str]) -> list[Endpoint]:
    sources = [name.strip() for name in own["source"].split(",") if name.strip()] or [""]
    endpoints = []
    for position, name in enumerate(sources):
        source = SOURCES.get((chain, name))
        if source is None:
            known = ", ".join(name for chain_, name in SOURCES if chain_ == chain)
            problems.append(f"{chain.upper()}_SOURCE: “{name}” is unknown; there is: {known}")
            continue
        ws = _item(own["ws"], position) or source.ws_url
        http = _item(own["http"], position) or source.http_url
        _check(f"{chain.upper()}_WS", ws, ("ws", "wss"), problems)
        _check(f"{chain.upper()}_HTTP", http, ("http", "https"), problems)
        endpoints.append(Endpoint(chain, name, ws, http, own["stream"]))
    return endpoints


def _check(name: str, address: str, schemes: tuple[str, ...], problems: list[str]) -> None:
    try:
        _address(*schemes)(address)
    except ValueError as error:
        problems.append(f"{name} {error}")


def _item(text: str, position: int) -> str:
    items = [item.strip() for item in text.split(",")]
    return items[position] if position < len(items) else ""
