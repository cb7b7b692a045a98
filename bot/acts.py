"""What is kept of a command that changes something: as it was given, without secrets. Pure."""

from bot.arrival import Arrival
from bot.commands.parse import Form, Typed
from bot.wording.words import clean
from storage.audit import Act, Via

LONGEST = 200
LET_IN = frozenset({"start", "link"})
"""What takes a code that lets in whoever has it."""
_JOIN = "join"


def takes_code(given: Typed | Form) -> bool:
    """Whether a code is given."""
    return (given.name in LET_IN and not given.bare) or _joins(given)


def _joins(given: Typed | Form) -> bool:
    """Whether it is one for a role in a chat, which takes the right to ask there, too."""
    if given.name != "members":
        return False
    if isinstance(given, Form):
        return given.options.get("what", "").strip().lower() == _JOIN
    return given.rest.lower().split()[:1] == [_JOIN]


def act_of(arrival: Arrival, given: Typed | Form, now: int, *, pressed: bool) -> Act:
    """The command, by whom, where and when; a code is left out."""
    via: Via = "form" if isinstance(given, Form) else "button" if pressed else "typed"
    words = given.rest
    if takes_code(given):
        words = f"{_JOIN} (a code)" if _joins(given) else "(a code)"
    command = clean(f"/{given.name} {words}".strip(), LONGEST)
    return Act(now, arrival.chat, arrival.person, command, via)
