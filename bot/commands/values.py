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
from bot.wording.typed_amounts import AmountError, parse_amount
from bot.wording.words import clean
from watchers.model import AddressError, Chain, PrivateKeyError

Chains: TypeAlias = Mapping[str, Chain]

_HEIGHT = re.compile(r"#?(\d{1,3}([.,' ]\d{3})+|\d{1,12})", re.ASCII)
_NUMBER = re.compile(r"#?(\d{1,9})", re.ASCII)
_AT_LEAST = re.compile(
    r"\s*(?:[>≥]=?|(?:from|above|over|at least|ab|über|mindestens|desde|más de)(?=\s))\s*",
    re.IGNORECASE,
)
"""What may be said before the least amount that is meant."""
_AROUND = ".,;:!?()[]<>"
"""What stands around something in a sentence, and is no part of it."""
SHOWN = 40
"""How much of what was typed is repeated."""
_QUOTES = dict(zip("\"'`“„«\u2018", "\"'`”“»\u2019", strict=True))


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
    if not text.strip():
        raise UsageError(_("How much?"))
    reason = ""
    text = _AT_LEAST.sub("", text)
    for chain in chains.values():
        symbol = chain.asset.symbol
        called = re.sub(rf"\b{chain.title}s?\b", symbol, text, count=1, flags=re.IGNORECASE)
        try:
            return AmountIn(*parse_amount(called, chain.asset))
        except AmountError as error:
            reason = reason or str(error)
    raise UsageError(sentence(reason))


def parse_address(text: str, chains: Chains) -> AddressOn:
    """An address on the first chain that takes it.

    Raises `UsageError` with the reason of the chain that it was most likely meant for.
    """
    word = _bare(text)
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


def address_first(text: str, chains: Chains) -> str:
    """A text with its one address before the other words: `Savings bc1q…` as `bc1q… Savings`."""
    words = text.split()
    looks = [
        word
        for word in words
        if any(chain.looks_like_address(_bare(unquoted(word))) for chain in chains.values())
    ]
    if len(looks) != 1 or looks[0] == words[0]:
        return text
    return " ".join((looks[0], *(word for word in words if word != looks[0])))


def parse_transaction(text: str, chains: Chains) -> TransactionOn:
    """A transaction id, on the first chain whose ids look like it; raises `UsageError`."""
    word = _bare(text)
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
    """A block's height: `840000`, `840,000`, `840.000`, `#840000`, or a link that ends in one.

    Raises `UsageError`.
    """
    match = _HEIGHT.fullmatch(_bare(text))
    if match is None:
        unlike = _("“{word}” is no block height: those look like 840,000.")
        raise UsageError(unlike.format(word=clean(text, SHOWN)))
    return int(re.sub(r"\D", "", match[1]))


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


def _bare(text: str) -> str:
    """Without what stands around it in a sentence; of a link, as an explorer's, the last part."""
    text = text.strip(_AROUND)
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
