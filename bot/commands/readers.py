"""How a whole text is read as the value of a parameter: pure.

Nothing here raises anything but `UsageError`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from bot.commands.command import Parameter, Type, UsageError
from bot.commands.nearest import nearest
from bot.commands.times import parse_duration, parse_period, parse_time, parse_weekdays
from bot.commands.values import (
    SHOWN,
    Chains,
    listed,
    parse_address,
    parse_amount_in,
    parse_chain,
    parse_height,
    parse_number,
    parse_transaction,
    refuse_file,
    unquoted,
)
from bot.language import _
from bot.wording.words import clean

SAME = {
    "👍": "yes", "ja": "yes", "sí": "yes", "👎": "no", "nein": "no",
    "incoming": "in", "received": "in", "outgoing": "out", "sent": "out", "both": "any",
    "everything": "all", "alle": "all", "alles": "all", "todas": "all", "todo": "all",
    "todos": "all", "none": "off", "never": "off", "aus": "off", "apagado": "off",
    "volumen": "volume", "gebühren": "fees", "comisiones": "fees", "preis": "price",
    "precio": "price", "wale": "whales", "ballenas": "whales",
}  # fmt: skip
"""Other words for choices, in each language. Rights go by the word that is typed: what only shows
something by its own name takes more by another, never less (`bot.access`)."""
_TONES = re.compile(
    "[\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}-\N{EMOJI MODIFIER FITZPATRICK TYPE-6}]"
)
WORD = re.compile(r"\S+")
LISTED = 10
"""So many choices at most are read to whoever named none of them."""
FREE = {Type.TEXT, Type.UNIT, Type.UNITS, Type.WATCH}
"""What takes any text, all that is left."""


def read_whole(parameter: Parameter, text: str, chains: Chains) -> Any:
    """The value of a whole text."""
    word = unquoted(text)
    if choice := chosen(word, parameter.choices):
        return choice
    if parameter.type in FREE:
        return word
    if parameter.type is Type.CHOICE:
        return _choice(word, parameter.choices)
    read, _words = READERS[parameter.type]
    return read(word, chains)


def chosen(word: str, choices: Sequence[str]) -> str:
    """The choice that a word or its like names, "" for none."""
    said = _TONES.sub("", word.lower())
    return next((name for name in (said, SAME.get(said, "")) if name in choices), "")


def take(
    parameter: Parameter, rest: str, words: Sequence[re.Match[str]], chains: Chains
) -> tuple[Any, int]:
    """The value of a parameter, and how many of the words of `rest` it took.

    The longest run of words that makes a value is taken.
    """
    word = unquoted(words[0][0])
    if chosen(word, parameter.choices) or parameter.type is Type.CHOICE:
        return read_whole(parameter, word, chains), 1
    if parameter.type in FREE:
        return unquoted(rest[words[0].start() :]), len(words)
    read, most = READERS[parameter.type]
    for count in range(min(most, len(words)), 1, -1):
        with suppress(UsageError):
            return read(rest[words[0].start() : words[count - 1].end()], chains), count
    if most > 1 and len(words) > 1 and word.isdigit():
        word = rest[words[0].start() : words[1].end()]  # "3 parsecs": refuse them together
    return read(word, chains), 1


def take_before(
    others: Iterable[Parameter], rest: str, words: Sequence[re.Match[str]], chains: Chains
) -> tuple[str, int]:
    """A free text after its name, and how many words it took: those before what others read.

    Within quotes anything is part of it.
    """
    others = [parameter for parameter in others if parameter.type not in FREE]
    names = {parameter.name for parameter in others if parameter.named}
    first = words[0].start()
    for count, word in enumerate(words[1:], 1):
        text, left = rest[first : words[count - 1].end()], rest[word.start() :]
        if (inside := unquoted(text)) != text:
            return inside, count
        if word[0].lower() in names or any(_reads(other, left, chains) for other in others):
            return text, count
    return unquoted(rest[first:]), len(words)


def _reads(parameter: Parameter, text: str, chains: Chains) -> bool:
    if parameter.named:
        return False
    with suppress(UsageError):
        read_whole(parameter, text, chains)
        return True
    return False


def in_unit(amount: str, unit: str, chains: Chains) -> str:
    """An amount with its unit, which may be in it already; raises `UsageError`."""
    united = f"{amount} {unit}"
    with suppress(UsageError):
        parse_amount_in(united, chains)
        return united
    try:
        same = parse_amount_in(amount, chains).unit == parse_amount_in(f"1 {unit}", chains).unit
    except UsageError:
        return united  # its refusal says what is wrong
    if not same:
        raise UsageError(_("“{amount}” names two units.").format(amount=clean(united, SHOWN)))
    return amount


READERS: Mapping[Type, tuple[Callable[[str, Chains], Any], int]] = {
    Type.ADDRESS: (parse_address, 1),
    Type.AMOUNT: (parse_amount_in, 4),
    Type.CHAIN: (parse_chain, 1),
    Type.DURATION: (lambda text, _: parse_duration(text), 4),
    Type.FILE: (refuse_file, 1),
    Type.HEIGHT: (lambda text, _: parse_height(text), 2),
    Type.NUMBER: (lambda text, _: parse_number(text), 1),
    Type.PERIOD: (lambda text, _: parse_period(text), 3),
    Type.TIME: (lambda text, _: parse_time(text), 1),
    Type.TRANSACTION: (parse_transaction, 1),
    Type.WEEKDAYS: (lambda text, _: parse_weekdays(text), 7),
}
"""How the text of each type is read, and how many words it has at most."""


def _choice(word: str, choices: tuple[str, ...]) -> str:
    """The one choice that begins with a word of three letters or more."""
    begun = [choice for choice in choices if choice.startswith(word.lower())]
    if len(begun) == 1 and len(word) >= 3:
        return begun[0]
    shown = clean(word, SHOWN)
    if len(choices) == 1:
        other = _("I know only “{choice}” here, not “{word}”.")
        raise UsageError(other.format(choice=choices[0], word=shown))
    if len(choices) > LISTED:
        guess = nearest(word, choices)
        close = _("I do not know “{word}” here. Did you mean “{choice}”?")
        unlike = close if guess else _("I do not know “{word}” here.")
        raise UsageError(unlike.format(word=shown, choice=guess))
    unknown = _("“{word}” is not one of {choices}.")
    raise UsageError(unknown.format(word=shown, choices=listed(choices)))
