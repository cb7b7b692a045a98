"""Settings: environment variables, read from `.env` where there is one.

`VARIABLES` is the whole table; `.env.example` is held to it by a test. Every problem is
reported at once, and secrets print as `***`.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from bot.language import LANGUAGES
from bot.setting_values import (
    Secret,
    one_of,
    parse_currency,
    parse_days,
    parse_discord_token,
    parse_owners,
    parse_span,
    parse_telegram_token,
    parse_timezone,
    url_with,
)
from bot.units import CURRENCIES
from watchers.registry import CHAINS, DEFAULT_SOURCES, SOURCES


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
    discord_token: Secret
    discord_api: str
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

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies in which prices are always kept."""
        return tuple(dict.fromkeys((*CURRENCIES, self.currency)))


def _chains(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    unknown = [name for name in names if name not in CHAINS]
    if unknown or not names:
        raise ValueError(f"must name chains out of: {', '.join(CHAINS)}")
    return tuple(dict.fromkeys(names))


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
             parse_telegram_token),
    Variable("TELEGRAM_API", "telegram_api", "https://api.telegram.org",
             "Base address of the Bot API, for a Bot API server of your own.",
             url_with("http", "https")),
    Variable("DISCORD_TOKEN", "discord_token", "",
             "Token of the Discord bot, from the Developer Portal. Empty: Discord is off.",
             parse_discord_token),
    Variable("DISCORD_API", "discord_api", "https://discord.com/api/v10",
             "Base address of Discord's REST API; the gateway's address is asked from it.",
             url_with("http", "https")),
    Variable("ACCESS", "access", "invited",
             "invited: the owner and whom the owner invites; open: anyone.",
             one_of("invited", "open")),
    Variable("OWNERS", "owners", "",
             "Owners as telegram:ID,discord:ID. Empty: the first start prints a claim code.",
             parse_owners),
    Variable("DATABASE", "database", "spyhop.db", "Path of the SQLite file.", Path),
    Variable("CHAINS", "chains", "bitcoin", "Chains to watch, comma-separated.", _chains),
    Variable("HISTORY", "history", "24h",
             "How much of the past the very first start fetches, gently, without alerts.",
             parse_span),
    Variable("RAW_DAYS", "raw_days", "14", "How many days single transactions are kept.",
             parse_days),
    Variable("CURRENCY", "currency", "USD", "Currency of a new chat.", parse_currency),
    Variable("TIMEZONE", "timezone", "UTC", "Time zone of a new chat.", parse_timezone),
    Variable("LANGUAGE", "language", "en", "Language of a new chat: en, de or es.",
             one_of(*LANGUAGES)),
    Variable("CONSOLE", "console", "auto",
             "Chat in the terminal: on, off, or auto (on without a token).",
             one_of("on", "off", "auto")),
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
                 one_of("all", "addresses")),
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
        url_with(*schemes)(address)
    except ValueError as error:
        problems.append(f"{name} {error}")


def _item(text: str, position: int) -> str:
    items = [item.strip() for item in text.split(",")]
    return items[position] if position < len(items) else ""
