"""What a command is: declared once with typed parameters, offered by every platform."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from msgspec import Struct

from bot.desk import Desk
from bot.language import _, marked
from bot.platforms.platform import Attached
from storage.model import Chat, Message, Person

Offers: TypeAlias = Callable[[str, Mapping[str, str]], Iterable[str]]


class Type(StrEnum):
    """What a parameter is; a platform offers what is native there for it."""

    ADDRESS = "address"
    AMOUNT = "amount"
    CHAIN = "chain"
    CHOICE = "choice"
    DURATION = "duration"
    FILE = "file"
    """A file that is sent with the command, and never typed."""
    HEIGHT = "height"
    NUMBER = "number"
    PERIOD = "period"
    TEXT = "text"
    TIME = "time"
    TRANSACTION = "transaction"
    UNIT = "unit"
    """What an `AMOUNT` is in, where a form asks for it by itself: read as a text."""
    UNITS = "units"
    """Units in which amounts are shown, and currencies: read as a text."""
    WATCH = "watch"
    """What is watched here, by its address, label or number: read as a text."""
    WEEKDAYS = "weekdays"


class Parameter(Struct, frozen=True):
    """One argument: `choices` for a `CHOICE`; the last `TEXT` takes all that is left.

    One that is `named` is typed after its name, wherever that stands: `address bc1q…`. One that
    `narrows` says what is meant, in one word, and changes nothing where no other is given. One
    that is `around` may be typed before or behind the free text, in any order. A text
    that may stand `alone` is also taken where what goes before it was left out. `labels` are
    what the choices are called on buttons, in their order. `offers` tells what may be meant, by
    what is typed so far and by the other arguments as they were given; it binds nobody.
    """

    name: str
    type: Type
    summary: str
    required: bool = True
    choices: tuple[str, ...] = ()
    named: bool = False
    narrows: bool = False
    around: bool = False
    alone: bool = False
    labels: tuple[str, ...] = ()
    offers: Offers | None = None


class Call(Struct, frozen=True):
    """A command as it was given; `arguments` holds parsed values, absent where left out.

    `cannot` names the permissions that the bot lacks in the chat, as far as they are known;
    `file` came with it.
    """

    chat: Chat
    person: Person
    arguments: Mapping[str, Any]
    now: int
    cannot: tuple[str, ...] = ()
    file: Attached | None = None


class UsageError(ValueError):
    """An argument that cannot be used: says what was wrong; usage and example are added.

    `example` is what to type instead; "" for the example of the command that is nearest.
    """

    def __init__(self, reason: str, example: str = "") -> None:
        super().__init__(reason)
        self.example = example


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


class Command(Protocol):
    """One thing people can ask."""

    @property
    def name(self) -> str:
        """What is typed after the slash."""

    @property
    def summary(self) -> str:
        """What it does, in at most 100 characters."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its arguments, in order."""

    @property
    def examples(self) -> tuple[str, ...]:
        """The whole command as one would type it; each is answered."""

    @property
    def changes(self) -> bool:
        """Whether it can change what the chat is told: see `bot.access` for who may."""

    @property
    def personal(self) -> bool:
        """Whether its answer concerns only who asked: others need not read it."""

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
