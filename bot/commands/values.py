"""The values that arguments are read as, each from one piece of text: pure.

Nothing here raises anything but `UsageError`; its `SecretError` says that the text holds a
private key: never keep it, never repeat it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct

from bot.commands.command import UsageError
from bot.language import _
from bot.wording.address_reasons import reason_of
from bot.wording.amounts import AmountError, parse_amount
from bot.wording.words import clean
from watchers.model import AddressError, Chain, PrivateKeyError

Chains: TypeAlias = Mapping[str, Chain]

FOREVER = "forever"
FOREVER_SECONDS = 10**10
"""A duration that outlives everybody; what ends later than half of it ends never."""
_MINUTE, _HOUR, _DAY, _WEEK, _MONTH, _YEAR = 60, 3600, 86400, 7 * 86400, 30 * 86400, 365 * 86400
_SECONDS = {
    "m": _MINUTE, "min": _MINUTE, "minute": _MINUTE, "h": _HOUR, "hour": _HOUR,
    "d": _DAY, "day": _DAY, "w": _WEEK, "week": _WEEK, "mo": _MONTH, "month": _MONTH,
    "y": _YEAR, "year": _YEAR,
}  # fmt: skip
_SPAN = re.compile(r"(?P<count>\d{1,6})?(?P<unit>[a-z]+?)s?", re.ASCII)
_HEIGHT = re.compile(r"#?(\d{1,3}(,\d{3})+|\d{1,12})", re.ASCII)
_NUMBER = re.compile(r"#?(\d{1,9})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})(?::(\d\d))?", re.ASCII)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_QUOTES = dict(zip("\"'`“„«\u2018", "\"'`”“»\u2019", strict=True))
SHOWN = 40
"""How much of what was typed is repeated."""


class SecretError(UsageError):
    """The text holds a private key; the message is the warning, without the key."""


class AddressOn(Struct, frozen=True):
    """The value of an `ADDRESS`: the canonical form, and the chain that it is checked for."""

    chain: Chain
    address: str


class TransactionOn(Struct, frozen=True):
    """The value of a `TRANSACTION`: the hash in lower case, and the chain that has such."""

    chain: Chain
    hash: str


class AmountIn(Struct, frozen=True):
    """The value of an `AMOUNT`: base units of the asset `unit`, or micro-USD for "USD"."""

    amount: int
    unit: str


def unquoted(text: str) -> str:
    """A text without spaces around it, and without the quotes that it stands in."""
    text = text.strip()
    while len(text) > 1 and _QUOTES.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    return text


def parse_amount_in(text: str, chains: Chains) -> AmountIn:
    """An amount in the asset of the first chain that knows its unit, or in USD.

    Raises `UsageError`.
    """
    reason = ""
    for chain in chains.values():
        try:
            return AmountIn(*parse_amount(text, chain.asset))
        except AmountError as error:
            reason = reason or str(error)
    raise UsageError(sentence(reason))


def parse_address(text: str, chains: Chains) -> AddressOn:
    """An address on the first chain that takes it.

    Raises `UsageError` with the reason of the chain that it was most likely meant for.
    """
    word = _last_of_link(text)
    likely, reason = False, ""
    for chain in chains.values():
        try:
            return AddressOn(chain, chain.parse_address(word))
        except PrivateKeyError as error:
            raise SecretError(reason_of(error)) from None
        except AddressError as error:
            looks = chain.looks_like_address(word)
            if not reason or (looks and not likely):
                likely, reason = looks, reason_of(error)
    what = _("“{word}” is no address.").format(word=clean(word, SHOWN))
    if likely:
        what = _("That address does not work.")
    raise UsageError(f"{what} {reason}")


def parse_transaction(text: str, chains: Chains) -> TransactionOn:
    """A transaction id, on the first chain whose ids look like it; raises `UsageError`."""
    word = _last_of_link(text)
    for chain in chains.values():
        if chain.looks_like_transaction(word):
            return TransactionOn(chain, word.lower())
    unlike = _("“{word}” is no transaction id: those have 64 digits and letters a to f.")
    raise UsageError(unlike.format(word=clean(word, SHOWN)))


def parse_chain(text: str, chains: Chains) -> Chain:
    """A chain by its name, its title or its asset's symbol; raises `UsageError`."""
    for chain in chains.values():
        if text.lower() in {chain.name, chain.title.lower(), chain.asset.symbol.lower()}:
            return chain
    unknown = _("“{word}” is no chain I watch: there is {chains}.")
    titles = listed(chain.title for chain in chains.values())
    raise UsageError(unknown.format(word=clean(text, SHOWN), chains=titles))


def parse_height(text: str) -> int:
    """A block's height: `840000`, `840,000` or `#840000`; raises `UsageError`."""
    match = _HEIGHT.fullmatch(text)
    if match is None:
        unlike = _("“{word}” is no block height: those look like 840,000.")
        raise UsageError(unlike.format(word=clean(text, SHOWN)))
    return int(match[1].replace(",", ""))


def refuse_file(text: str, chains: Chains) -> None:
    """A file cannot be typed; raises `UsageError`."""
    del text, chains
    raise UsageError(_("Send the file itself."))


def parse_number(text: str) -> int:
    """A number of a list or how many: `3`, `#3`; raises `UsageError`."""
    digits = text.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise UsageError(_("“{word}” is no number.").format(word=clean(text, SHOWN)))
    return int(digits)


def parse_time(text: str) -> int:
    """Minutes of the day: `22:00`, `7`; raises `UsageError`."""
    match = _TIME.fullmatch(text)
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (24, 0)
    if hour > 23 or minute > 59:
        unlike = _("“{word}” is no time of day: write 22:00 or 7:30.")
        raise UsageError(unlike.format(word=clean(text, SHOWN)))
    return hour * 60 + minute


def parse_weekdays(text: str) -> int:
    """Days of the week as bits, Monday in the lowest: `mon-fri`, `sat,sun`, `fri-mon`.

    Raises `UsageError`.
    """
    days = 0
    for part in text.lower().split(","):
        first, _, last = part.partition("-")
        begins, ends = _weekday(first, text), _weekday(last or first, text)
        for day in range(begins, ends + (1 if begins <= ends else 8)):
            days |= 1 << day % 7
    return days


def _weekday(word: str, text: str) -> int:
    if len(word) >= 3 and word[:3] in _WEEKDAYS:
        return _WEEKDAYS.index(word[:3])
    unlike = _("“{word}” are no weekdays: write mon-fri or sat,sun.")
    raise UsageError(unlike.format(word=clean(text, SHOWN)))


def parse_duration(text: str) -> int:
    """Seconds of `30m`, `8h`, `2d`, `1w`, or `FOREVER_SECONDS`; raises `UsageError`."""
    if "".join(text.lower().split()) in {FOREVER, "ever", "always", "∞"}:
        return FOREVER_SECONDS
    seconds = _seconds(text)
    if seconds is None:
        unlike = _("“{word}” is no duration: write 30m, 8h, 2d, 1w or forever.")
        raise UsageError(unlike.format(word=clean(text, SHOWN)))
    if not 0 < seconds <= _YEAR:
        raise UsageError(_("A duration is between a minute and a year, or forever."))
    return seconds


def parse_period(text: str) -> int:
    """Seconds of `1h`, `24h`, `7d`, `30d`, `day` or `week`; raises `UsageError`."""
    seconds = _seconds(text)
    if seconds is None:
        unlike = _("“{word}” is no period: write 1h, 24h, 7d or 30d.")
        raise UsageError(unlike.format(word=clean(text, SHOWN)))
    if not _HOUR <= seconds <= _YEAR:
        raise UsageError(_("A period is between 1h and 365d."))
    return seconds


def _seconds(text: str) -> int | None:
    match = _SPAN.fullmatch("".join(text.lower().split()))
    unit = _SECONDS.get(match["unit"]) if match else None
    return None if match is None or unit is None else int(match["count"] or 1) * unit


def _last_of_link(text: str) -> str:
    """The last part of a link, such as an explorer's; anything else as it is."""
    if "://" not in text:
        return text
    return re.split(r"[?#]", text)[0].rstrip("/").rpartition("/")[2]


def listed(words: Iterable[str]) -> str:
    """`volume, rate, fees`."""
    return ", ".join(words)


def sentence(text: str) -> str:
    """A reason as a sentence: a capital first, a full stop last."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def warn_of_secret(text: str, chains: Chains) -> str:
    """The warning where any word of a text is a private key, else ""."""
    for word in re.findall(r"\w+", text):
        for chain in chains.values():
            if chain.looks_like_address(word):
                try:
                    chain.parse_address(word)
                except PrivateKeyError as error:
                    return reason_of(error)
                except AddressError:
                    continue
    return ""
