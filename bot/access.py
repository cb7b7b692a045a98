"""Who may do what, decided here alone.

Owners invite, the invited ask, strangers wait outside. What a private chat is told changes
whoever's it is; what others read, too, only an admin of that place or an owner of the bot.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from sqlite_utils import Database

from bot.arrival import Access, Arrival, is_trusted
from bot.commands.command import Command
from bot.commands.parse import Form, Typed
from bot.store import Store
from storage.codes import drop_unused_claims, new_code
from storage.model import Chat, Person, Role
from storage.persons import has_owner, replace_owners

_IDENTIFIER = 32
"""No argument but what names a transaction is so long."""
_SHOWING = {"members": {"", "show", "join", "page"}, "summary": {"", "now"}}
"""First words with which a command that changes something only shows it."""
_SHOWN_ALONE = {"budget", "digest"}
"""What `/alerts` shows where nothing is said of it."""


class Right(StrEnum):
    """What a command may need."""

    ASK = "ask"
    ACKNOWLEDGE = "acknowledge"
    CHANGE = "change"
    """Change what the chat is told, and who is what in it."""
    INVITE = "invite"
    """Let somebody into the bot, as a guest."""
    OWN = "own"
    """Make somebody an owner or an admin of the bot, take access back."""
    TEACH = "teach"
    """Train a model, or go back to an earlier one."""


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.ADMIN: frozenset({Right.ASK, Right.ACKNOWLEDGE, Right.CHANGE, Right.INVITE, Right.TEACH}),
    Role.MEMBER: frozenset({Right.ASK, Right.ACKNOWLEDGE}),
    Role.GUEST: frozenset({Right.ASK}),
    Role.STRANGER: frozenset(),
    Role.REMOVED: frozenset(),
}
"""What each role may. In their own private chat whoever was let in is its admin."""

OF_THE_BOT = frozenset({Right.INVITE, Right.OWN, Right.TEACH})
"""What goes by what somebody is to the whole bot, and not by what they are in a chat."""


class Denied(StrEnum):
    """Why somebody may not do a thing."""

    OUTSIDE = "outside"
    """They were not invited, and nobody who was has used the bot in this group."""
    REMOVED = "removed"
    """They were let in, and it was taken back."""
    GUEST = "guest"
    """They may ask here, and no more."""
    MEMBER = "member"
    """They may ask here, but are no admin."""
    NO_OWNER = "no owner"
    """Only an owner of the bot may."""
    UNKNOWN = "unknown"
    """Whether they are an admin could not be learned."""
    ANONYMOUS = "anonymous"
    """They speak as a chat, this one or another, and what they ask for is a person's."""


IsAdmin: TypeAlias = Callable[[str, str, str], Awaitable[bool | None]]
"""Asks a platform, by its name, about a chat and a person: `Platform.is_admin`."""


def may_ask(arrival: Arrival, access: Access) -> bool:
    """Whether a person may ask in a chat, as far as that is known without the platform."""
    return Right.ASK in RIGHTS[role_here(arrival, access)]


def role_here(arrival: Arrival, access: Access) -> Role:
    """What somebody is in a chat, as far as that is known without asking the platform."""
    person, private = arrival.person, arrival.chat.kind == "private"
    if person.role in {Role.OWNER, Role.REMOVED}:
        return person.role
    if not (is_trusted(person, access) or (arrival.admitted and not private)):
        return Role.STRANGER
    if private or arrival.admin or person.role is Role.ADMIN:
        return Role.ADMIN
    return arrival.named or (Role.GUEST if arrival.foreign else Role.MEMBER)


def outside(person: Person) -> Denied:
    """Why somebody may do nothing here."""
    return Denied.REMOVED if person.role is Role.REMOVED else Denied.OUTSIDE


def denied_a_code(arrival: Arrival, command: str) -> Denied | None:
    """Why somebody may not give a code: whoever has one may, but must be somebody.

    Who was removed comes back by an invitation, and not as somebody else.
    """
    chat, person = arrival.chat, arrival.person
    if person.role is Role.REMOVED and command != "start":
        return Denied.REMOVED
    hidden = chat.kind != "private" and person.address == chat.address
    return Denied.ANONYMOUS if hidden or arrival.foreign else None


async def denied(
    arrival: Arrival, access: Access, is_admin: IsAdmin, right: Right
) -> Denied | None:
    """Why somebody may not do what takes a right in a chat, None where they may.

    The platform is asked only where its answer decides.
    """
    role, person = role_here(arrival, access), arrival.person
    if right in OF_THE_BOT:
        granted = right in RIGHTS[person.role] and may_ask(arrival, access)
        return None if granted else _lacking(role, Denied.NO_OWNER)
    if right in RIGHTS[role]:
        return None
    if role is Role.STRANGER or person.role is Role.REMOVED:
        return outside(person)
    admin = arrival.admin
    if admin is None:
        admin = await is_admin(arrival.chat.platform, arrival.chat.address, person.address)
    if admin is None:
        return _lacking(role, Denied.UNKNOWN)
    return None if admin else _lacking(role, Denied.MEMBER)


def _lacking(role: Role, reason: Denied) -> Denied:
    """The reason, or what is nearer."""
    match role:
        case Role.STRANGER:
            return Denied.OUTSIDE
        case Role.REMOVED:
            return Denied.REMOVED
        case Role.GUEST if reason is Denied.MEMBER:
            return Denied.GUEST
    return reason


def needed(command: Command, given: Typed | Form, chat: Chat) -> Right:
    """What a command takes, as it is given in a chat."""
    private, word = chat.kind == "private", _first(command, given)
    match command.name:
        case "members" | "summary" if _only_shows(command, word):
            return Right.ASK
        case "members" | "invite" if private:
            is_guest = command.name == "invite" and word in {"", Role.GUEST}
            return Right.INVITE if is_guest else Right.OWN
        case "invite" | "pause" | "unmute" | "import":
            return Right.CHANGE  # also bare: they act, or offer what only an admin may
        case "train" | "models":
            return Right.ASK if command.name == "models" and given.bare else Right.TEACH
        case "useful" | "ack" if _is_said_of_an_alert(command, given):
            return Right.ACKNOWLEDGE
    return Right.CHANGE if is_change(command, given) else Right.ASK


def _is_said_of_an_alert(command: Command, given: Typed | Form) -> bool:
    """Whether somebody says what they think of an alert, or that they have seen it."""
    return command.name == "useful" or _only_narrows(command, given) or _identifies(given)


def _only_shows(command: Command, word: str) -> bool:
    """Whether the first word changes nothing; of `/members` it may be a name, or a number."""
    if word in _SHOWING[command.name]:
        return True
    changing = set(command.parameters[0].choices) - _SHOWING[command.name]
    is_name = word.isalnum() and not any(choice.startswith(word) for choice in changing)
    return command.name == "members" and (is_name or word.removeprefix("#").isdigit())


def _first(command: Command, given: Typed | Form) -> str:
    """The word that is given for the first parameter."""
    if isinstance(given, Form):
        first = command.parameters[0].name if command.parameters else ""
        return given.options.get(first, "").strip().lower()
    return "".join(given.rest.split()[:1]).lower()


def _identifies(given: Typed | Form) -> bool:
    """Whether a transaction is named."""
    texts = given.options.values() if isinstance(given, Form) else (given.rest,)
    return any(len(word) >= _IDENTIFIER for text in texts for word in text.split())


def _only_lists(given: Typed | Form) -> bool:
    """Whether the list of what is told is asked for, one of it, or what a message tells."""
    if isinstance(given, Form):
        texts = {name: text.strip().lower() for name, text in given.options.items()}
        do, what = texts.pop("do", ""), texts.pop("what", "")
        alone = do in _SHOWN_ALONE and not what and not any(texts.values())
        return alone or (do in {"", "all"} and what in {"", "page"})
    first, *more = given.rest.lower().split() or [""]
    alone = first in _SHOWN_ALONE or first.removeprefix("#").isdigit()
    return first in {"", "all", "page"} or (alone and not more)


def is_change(command: Command, given: Typed | Form) -> bool:
    """Whether a command as given changes anything: where all may be left out, it then shows."""
    if command.name == "alerts":
        return not _only_lists(given)
    shows = command.parameters and not any(p.required for p in command.parameters)
    return command.changes and not (shows and _only_narrows(command, given))


def _only_narrows(command: Command, given: Typed | Form) -> bool:
    """Whether nothing is given, or only what is meant."""
    narrow = {parameter.name for parameter in command.parameters if parameter.narrows}
    if isinstance(given, Form):
        return narrow.issuperset(name for name, text in given.options.items() if text.strip())
    words = given.rest.lower().split()
    return len(words) % 2 == 0 and narrow.issuperset(words[::2])


async def claim_code(store: Store, owners: Iterable[tuple[str, str]], now: int) -> str | None:
    """A fresh code that makes its user the owner; None where there is an owner.

    `owners`, as (platform, id), are the owners where the settings name any, and then
    nobody else is. Codes that were made before become worthless.
    """
    return await store.write(_settle_owners, tuple(owners), now)


def _settle_owners(db: Database, owners: Sequence[tuple[str, str]], now: int) -> str | None:
    drop_unused_claims(db)
    if owners:
        replace_owners(db, owners, now)
    return None if has_owner(db) else new_code(db, Role.OWNER, None, now, None)
