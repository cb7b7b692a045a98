"""What may be typed before or behind a free text: `in min 0.5 BTC Cold`: pure."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from bot.commands.command import MissingError, Parameter, Type, UsageError
from bot.commands.readers import WORD, chosen, read_whole, take
from bot.commands.values import Chains
from bot.language import _

_MOST = 5
"""So many words at most has a parameter that is typed after its name, with the name."""
_CALLED = {"as", "called", "named", "name", "als", "como"}
_FROM = {"above", "over", "from", ">", ">=", "≥", "minimum", "ab", "über", "desde"}
_UNITED = 3
"""So many words at most has an amount with its unit."""
_Taken: TypeAlias = tuple[str, Any, Sequence[str]]
"""The name of a parameter, its value, and the words that are left."""


def take_around(
    parameters: Sequence[Parameter], label: str, text: str, chains: Chains
) -> tuple[dict[str, Any], str]:
    """The values that stand around a free text, and the text, which `label` may stand before.

    A choice is typed as it is, anything else after its name. What stands in the midst of the
    text or within quotes is part of it. Raises `UsageError` for what is said twice.
    """
    values: dict[str, Any] = {}
    words: Sequence[str] = text.split()
    for side in (_from_front, _from_end):
        while (taken := _first(side, parameters, words, chains)) is not None:
            name, value, words = taken
            if name in values:
                raise UsageError(_("You said “{name}” twice: say it once.").format(name=name))
            values[name] = value
    if words and words[0].lower().rstrip(":=") in {label, *(_CALLED if words[1:] else ())}:
        words = words[1:]
    text = re.sub(rf"^{label}[:=]\s*", "", " ".join(words), flags=re.IGNORECASE)
    return values, text.rstrip(" ,;")


def _names(parameter: Parameter, word: str, value: Sequence[str], chains: Chains) -> bool:
    """Whether a word is meant as a parameter's name before a value.

    Another word for the least amount is, where what follows has a unit: `over 1 BTC` is an amount,
    `From 2019` a label.
    """
    if word.lower() == parameter.name:
        return _is_meant(parameter, value)
    if parameter.type is not Type.AMOUNT or word.lower() not in _FROM or len(value) > _UNITED:
        return False
    try:
        read_whole(parameter, " ".join(value), chains)
    except UsageError:
        return False
    return not value[-1][-1].isdigit()


def _first(
    side: Callable[[Parameter, Sequence[str], Chains], _Taken | None],
    parameters: Sequence[Parameter],
    words: Sequence[str],
    chains: Chains,
) -> _Taken | None:
    for parameter in parameters if words else ():
        taken = side(parameter, words, chains)
        if taken is not None:
            return taken
    return None


def _from_front(parameter: Parameter, words: Sequence[str], chains: Chains) -> _Taken | None:
    if not parameter.named:
        word = chosen(words[0], parameter.choices)
        return (parameter.name, word, words[1:]) if word else None
    if len(words) == 1 and words[0] == parameter.name:
        raise UsageError(str(MissingError(parameter, "")))
    if not _names(parameter, words[0], words[1:], chains):
        return None
    rest = " ".join(words[1:])
    value, count = take(parameter, rest, list(WORD.finditer(rest)), chains)
    return parameter.name, value, words[1 + count :]


def _from_end(parameter: Parameter, words: Sequence[str], chains: Chains) -> _Taken | None:
    if not parameter.named:
        word = chosen(words[-1], parameter.choices)
        return (parameter.name, word, words[:-1]) if word else None
    for place in range(max(len(words) - _MOST, 0), len(words) - 1):
        if _names(parameter, words[place], words[place + 1 :], chains):
            value = read_whole(parameter, " ".join(words[place + 1 :]), chains)
            return parameter.name, value, words[:place]
    return None


def _is_meant(parameter: Parameter, words: Sequence[str]) -> bool:
    """Whether what follows a name is meant as its value: `min 0.5`, and not `Min Kim`."""
    if not words:
        return False
    if parameter.choices and words[0].lower() in parameter.choices:
        return True
    return any(letter.isdigit() for letter in words[0])
