"""How positions give words to parameters: each takes what it can, in order: pure.

Nothing here raises anything but `UsageError`, or its `MissingError`: ask for what was left out.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

from bot.commands.around import take_around
from bot.commands.command import MissingError, Parameter, Type, UsageError
from bot.commands.readers import FREE, LISTED, WORD, take
from bot.commands.values import Chains, SecretError, unquoted

Refused: TypeAlias = tuple[Parameter, str]


def take_in_order(
    parameters: Sequence[Parameter], around: Sequence[Parameter], rest: str, chains: Chains
) -> tuple[dict[str, Any], str, Sequence[Refused]]:
    """What each takes of a text, what is left of it, and why the last ones took nothing."""
    values: dict[str, Any] = {}
    refusals: list[Refused] = []
    position = 0
    for parameter in parameters:
        position = _after_its_name(parameter, rest, position, chains)
        words = list(WORD.finditer(rest, position))
        if not unquoted(rest[position:]):
            if parameter.required:
                raise MissingError(parameter, rest[:position].strip())
            continue
        if parameter.type in FREE and refusals and not parameter.alone:
            break
        if parameter.type in FREE and around:
            found, text = take_around(around, parameter.name, rest[position:], chains)
            text = unquoted(text)
            return values | found | ({parameter.name: text} if text else {}), "", ()
        try:
            values[parameter.name], taken = take(parameter, rest, words, chains)
        except UsageError as refusal:
            if parameter.required or isinstance(refusal, SecretError):
                raise
            refusals.append((parameter, str(refusal)))
        else:
            refusals.clear()
            position = words[taken - 1].end()
    return values, rest[position:], refusals


def _after_its_name(parameter: Parameter, rest: str, position: int, chains: Chains) -> int:
    """Where a parameter's value begins if its name stands before it, as usages show it.

    The name of a choice is no word of its own: rights go by the word that is typed first.
    """
    words = list(WORD.finditer(rest, position))
    named = len(words) > 1 and words[0][0].lower() == parameter.name
    if not named or parameter.type in FREE or parameter.type is Type.CHOICE:
        return position
    try:
        take(parameter, rest, words[1:], chains)
    except UsageError:
        return position
    return words[0].end()


def telling(refusals: Sequence[Refused], left: str) -> str:
    """The refusals of what is left that help most: that it is no number tells little."""
    ranks = [_rank(parameter, left) for parameter, _text in refusals]
    best = [text for rank, (_p, text) in zip(ranks, refusals, strict=True) if rank == min(ranks)]
    return " ".join(dict.fromkeys(best))


def _rank(parameter: Parameter, left: str) -> int:
    """How little a refusal tells beside others: nobody took `5m` for a chain."""
    if parameter.type is Type.CHAIN and left.strip()[:1].isdigit():
        return 2
    if parameter.type is Type.NUMBER or len(parameter.choices) == 1:
        return 3 if parameter.type in {Type.NUMBER, Type.CHOICE} else 0
    if parameter.type in {Type.TRANSACTION, Type.WEEKDAYS}:
        return 2
    return 1 if parameter.type is Type.CHOICE and len(parameter.choices) > LISTED else 0
