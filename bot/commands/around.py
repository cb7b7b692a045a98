"""What may be typed before or behind a free text: `in min 0.5 BTC Cold`: pure."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from bot.commands.command import Parameter, UsageError
from bot.commands.readers import WORD, read_whole, take
from bot.commands.values import Chains
from bot.language import _

_MOST = 5
"""So many words at most has a parameter that is typed after its name, with the name."""
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
    if words and words[0].lower() == label:
        words = words[1:]
    return values, " ".join(words)


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
        word = words[0].lower()
        return (parameter.name, word, words[1:]) if word in parameter.choices else None
    if words[0].lower() != parameter.name or not _is_meant(parameter, words[1:2]):
        return None
    rest = " ".join(words[1:])
    value, count = take(parameter, rest, list(WORD.finditer(rest)), chains)
    return parameter.name, value, words[1 + count :]


def _from_end(parameter: Parameter, words: Sequence[str], chains: Chains) -> _Taken | None:
    if not parameter.named:
        word = words[-1].lower()
        return (parameter.name, word, words[:-1]) if word in parameter.choices else None
    for place in range(max(len(words) - _MOST, 0), len(words) - 1):
        if words[place].lower() == parameter.name and _is_meant(parameter, words[place + 1 :]):
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
