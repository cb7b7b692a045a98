"""What people type, read by the declarations of the commands: pure.

Nothing here raises anything but `UsageError`, or its `MissingError`: ask for what was left out.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from msgspec import Struct

from bot.commands.around import take_around
from bot.commands.command import Command, Parameter, Type, UsageError
from bot.commands.readers import FREE, WORD, in_unit, read_whole, take
from bot.commands.values import SHOWN, Chains, SecretError, unquoted
from bot.language import _, marked
from bot.wording.words import clean

_FROM_TO = re.compile(r"(\d{1,2}(?::\d\d)?)\s?[-–]\s?(\d{1,2}:\d\d)", re.ASCII)
_COMMAND = re.compile(
    r"(?P<slash>/?)(?P<name>[A-Za-z0-9_]+)(?:@\w+)?(?:\s+(?P<rest>.*))?", re.DOTALL
)


_QUESTIONS = {
    "about": marked("Which about?"),
    "address": marked("Which address?"),
    "alert": marked("Which alert?"),
    "asset": marked("Which asset?"),
    "counterparty": marked("Which counterparty?"),
    "id": marked("Which id?"),
    "kind": marked("Which kind?"),
    "number": marked("Which number?"),
    "rule": marked("Which rule?"),
}
"""What is asked where a parameter of that name was left out."""


class MissingError(UsageError):
    """A required argument was left out; `given` is what was typed before it."""

    def __init__(self, parameter: Parameter, given: str) -> None:
        super().__init__(_question(parameter))
        self.parameter = parameter
        self.given = given


def _question(parameter: Parameter) -> str:
    if parameter.type is Type.AMOUNT:
        return _("How much?")
    if parameter.name in _QUESTIONS:
        return _(_QUESTIONS[parameter.name])
    return _("Which {parameter}?").format(parameter=parameter.name)


class Typed(Struct, frozen=True):
    """A command as it was typed; `slash`: it was meant as one, known or not."""

    name: str
    rest: str
    slash: bool

    @property
    def bare(self) -> bool:
        """Whether nothing was typed after it."""
        return not self.rest.strip()


class Form(Struct, frozen=True):
    """A command as it was filled in where the platform shows its parameters by name."""

    name: str
    options: Mapping[str, str]

    @property
    def bare(self) -> bool:
        """Whether every parameter was left out."""
        return not any(text.strip() for text in self.options.values())


def parse_typed(text: str, names: Collection[str]) -> Typed | None:
    """The command that a text begins with; without a slash only one of `names`."""
    match = _COMMAND.fullmatch(text.strip())
    if match is None:
        return None
    name = match["name"].lower()
    if not match["slash"] and name not in names:
        return None
    return Typed(name, match["rest"] or "", bool(match["slash"]))


def parse_given(command: Command, given: Typed | Form, chains: Chains) -> dict[str, Any]:
    """The values of a command's parameters, however they were given; raises `UsageError`."""
    if isinstance(given, Form):
        return parse_named(command, given.options, chains)
    return parse_arguments(command, given.rest, chains)


def parse_arguments(command: Command, rest: str, chains: Chains) -> dict[str, Any]:
    """The values of a command's parameters by name, absent where left out.

    An optional parameter that cannot take a word leaves it to the next one, except to a
    free text that cannot stand `alone`: that would swallow every mistake. The values are
    `AddressOn`, `AmountIn`, `TransactionOn`, a `Chain`, one of the choices, seconds (`DURATION`,
    `PERIOD`), a height, a number, minutes of the day (`TIME`), a set of `WEEKDAYS`, or text; a
    parameter of another type than `CHOICE` that has choices takes those, too. Raises
    `UsageError`.
    """
    if any(parameter.type is Type.TIME for parameter in command.parameters):
        rest = _FROM_TO.sub(r"\1 \2", rest)
    around = [parameter for parameter in command.parameters if parameter.around]
    positional = [p for p in command.parameters if not (p.named or p.around)]
    values, rest = _take_named(command.parameters, rest, chains)
    refusals: dict[str, str] = {}
    position = 0
    for parameter in positional:
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
            return values | found | ({parameter.name: text} if text else {})
        try:
            values[parameter.name], taken = take(parameter, rest, words, chains)
        except UsageError as refusal:
            if parameter.required or isinstance(refusal, SecretError):
                raise
            refusals[parameter.name] = str(refusal)
        else:
            refusals.clear()
            position = words[taken - 1].end()
    _refuse_what_is_left(rest[position:], _telling(command, refusals))
    return values


def _take_named(
    parameters: Iterable[Parameter], rest: str, chains: Chains
) -> tuple[dict[str, Any], str]:
    """The values of what is typed after its name, and what else was typed."""
    named = {p.name: p for p in parameters if p.named and not p.around}
    values: dict[str, Any] = {}
    words = list(WORD.finditer(rest)) if named else []
    others: list[str] = []
    while words:
        word = words.pop(0)
        parameter = named.pop(word[0].lower(), None)
        if parameter is None:
            others.append(word[0])
            continue
        if not words:
            raise MissingError(parameter, rest.strip())
        values[parameter.name], taken = take(parameter, rest, words, chains)
        del words[:taken]
    return values, " ".join(others) if named or values else rest


def parse_named(command: Command, options: Mapping[str, str], chains: Chains) -> dict[str, Any]:
    """The values of a command's parameters, each given by name: what a form is filled in with.

    Each text is read whole as its own parameter, so that none can be taken for another. The
    values are those of `parse_arguments`. Raises `UsageError`.
    """
    given = {name: text for name, text in options.items() if unquoted(text)}
    _unite_amount(command, given, chains)
    values: dict[str, Any] = {}
    for parameter in command.parameters:
        text = given.pop(parameter.name, None)
        if text is not None:
            values[parameter.name] = read_whole(parameter, text, chains)
        elif parameter.required:
            raise MissingError(parameter, "")
    if given:
        unknown = _("/{command} has no “{parameter}”.")
        shown = clean(next(iter(given)), SHOWN)
        raise UsageError(unknown.format(command=command.name, parameter=shown))
    return values


def is_taken(parameter: Parameter, text: str, chains: Chains) -> bool:
    """Whether a form may give a parameter this text."""
    try:
        read_whole(parameter, text, chains)
    except UsageError:
        return False
    return bool(unquoted(text))


def _unite_amount(command: Command, given: dict[str, str], chains: Chains) -> None:
    """Make one text of an amount and its unit where they were filled in one by one."""
    named = {p.type: p for p in command.parameters if p.name in given}
    amount, unit = named.get(Type.AMOUNT), named.get(Type.UNIT)
    if amount and unit and unquoted(given[amount.name]).lower() not in amount.choices:
        given[amount.name] = in_unit(
            unquoted(given[amount.name]), unquoted(given.pop(unit.name)), chains
        )


def _telling(command: Command, refusals: Mapping[str, str]) -> list[str]:
    """The refusals that help: that a word is no number tells little beside others."""
    numbers = {p.name for p in command.parameters if p.type is Type.NUMBER}
    telling = [text for name, text in refusals.items() if name not in numbers]
    return telling or list(refusals.values())


def _refuse_what_is_left(rest: str, refusals: list[str]) -> None:
    if unquoted(rest):
        reason = _("I do not know what “{words}” is for.").format(words=clean(rest, SHOWN))
        raise UsageError(" ".join(dict.fromkeys(refusals)) or reason)


def usage_of(command: Command) -> str:
    """`/watch ADDRESS [label]`: what must be given in capitals, what may be in brackets."""
    return " ".join([f"/{command.name}", *map(_usage_of, command.parameters)])


def _usage_of(parameter: Parameter) -> str:
    if parameter.type is Type.CHOICE:
        name = "|".join(parameter.choices)
    else:
        words = parameter.name if not parameter.required else parameter.name.upper()
        name = "|".join([words, *parameter.choices])
    if parameter.named:
        name = f"{parameter.name} {parameter.type.upper()}"
    return name if parameter.required else f"[{name}]"
