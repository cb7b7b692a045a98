"""What people type, read by the declarations of the commands: pure.

Nothing here raises anything but `UsageError`, or its `MissingError`: ask for what was left out.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from msgspec import Struct

from bot.commands.command import Command, MissingError, Parameter, Type, UsageError
from bot.commands.order import take_in_order, telling
from bot.commands.readers import FREE, WORD, in_unit, read_whole, take, take_before
from bot.commands.times import plain_times
from bot.commands.values import SHOWN, Chains, address_first, unquoted
from bot.language import _
from bot.wording.words import clean

_COMMAND = re.compile(
    r"(?P<slash>/?)(?P<name>[A-Za-z0-9_]+)(?:@\w+)?(?:\s+(?P<rest>.*))?", re.DOTALL
)


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
    def rest(self) -> str:
        """What was filled in, as if it had been typed."""
        return " ".join(self.options.values())

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
    free text that cannot stand `alone`: that would swallow every mistake; what is left then
    goes to those that were passed over. The values are
    `AddressOn`, `AmountIn`, `TransactionOn`, a `Chain`, one of the choices, seconds (`DURATION`,
    `PERIOD`), a height, a number, minutes of the day (`TIME`), a set of `WEEKDAYS`, or text; a
    parameter of another type than `CHOICE` that has choices takes those, too. Raises
    `UsageError`.
    """
    if any(parameter.type is Type.TIME for parameter in command.parameters):
        rest = plain_times(rest)
    if any(p.type is Type.ADDRESS and p.required for p in command.parameters):
        rest = address_first(rest, chains)
    around = [parameter for parameter in command.parameters if parameter.around]
    positional = [p for p in command.parameters if not (p.named or p.around)]
    values, rest = _take_named(command.parameters, rest, chains)
    reason = ""
    while True:
        taken, rest, refusals = take_in_order(positional, around, rest, chains)
        values |= taken
        reason = reason or telling(refusals, rest) or _for_nothing(rest)
        positional = [p for p in positional if p.name not in values and p.type not in FREE]
        if not (taken and positional and unquoted(rest)):
            break
    if unquoted(rest):
        raise UsageError(reason)
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
        if parameter.type in FREE:
            values[parameter.name], taken = take_before(parameters, rest, words, chains)
        else:
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


def _for_nothing(rest: str) -> str:
    return _("I do not know what “{words}” is for.").format(words=clean(rest, SHOWN))


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
        type_ = Type.ADDRESS if parameter.type is Type.WATCH else parameter.type
        name = f"{parameter.name} {type_.upper()}"
    return name if parameter.required else f"[{name}]"
