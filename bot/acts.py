"""What is kept of a command that changes something: as it was given, without secrets. Pure."""

from bot.arrival import Arrival
from bot.commands.parse import Form, Typed
from bot.wording.words import clean
from storage.audit import Act, Via

LONGEST = 200
TAKE_CODES = {"start", "link"}


def takes_code(given: Typed | Form) -> bool:
    """Whether a code is given, which lets in whoever has it."""
    return given.name in TAKE_CODES and not given.bare


def act_of(arrival: Arrival, given: Typed | Form, now: int, *, pressed: bool) -> Act:
    """The command, by whom, where and when; a code is left out."""
    via: Via = "form" if isinstance(given, Form) else "button" if pressed else "typed"
    words = " ".join(given.options.values()) if isinstance(given, Form) else given.rest
    shown = "(a code)" if takes_code(given) else words
    command = clean(f"/{given.name} {shown}".strip(), LONGEST)
    return Act(now, arrival.chat, arrival.person, command, via)
