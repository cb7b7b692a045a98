"""Who may do what, decided here alone.

Owners invite, the invited ask, strangers wait outside. What a private chat is told changes
whoever's it is; what others read, too, only an admin of that place or an owner of the bot.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from enum import StrEnum
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from sqlite_utils import Database

from bot.commands.command import Command
from bot.commands.parse import Form, Typed
from bot.platforms.platform import Incoming
from bot.store import Store
from bot.wording.words import clean
from storage.chats import (
    LOCAL,
    Defaults,
    admit_chat,
    find_chat,
    is_admitted,
    revive_chats,
    save_chat,
)
from storage.codes import drop_unused_claims, new_code
from storage.model import Chat, Person, Role
from storage.persons import find_person, has_owner, replace_owners, save_person

_NAME = 64


Access: TypeAlias = Literal["invited", "open"]
"""Whether only those may come in who were invited, or anybody."""


class Arrival(Struct, frozen=True):
    """Who did something, and where; `admitted`: everybody in that group may ask.

    `revived`: nothing could be delivered there until now. `admin`: whether the platform
    says that the person is one there, None where it did not. `cannot` is of `Incoming`.
    """

    chat: Chat
    person: Person
    admitted: bool
    revived: bool = False
    admin: bool | None = None
    cannot: tuple[str, ...] = ()


class Denied(StrEnum):
    """Why somebody may not do a thing."""

    OUTSIDE = "outside"
    """They were not invited, and nobody who was has used the bot in this group."""
    MEMBER = "member"
    """They may ask here, but are no admin."""
    UNKNOWN = "unknown"
    """Whether they are an admin could not be learned."""
    ANONYMOUS = "anonymous"
    """They speak as the chat itself, and what they ask for is a person's."""


IsAdmin: TypeAlias = Callable[[str, str, str], Awaitable[bool | None]]
"""Asks a platform, by its name, about a chat and a person: `Platform.is_admin`."""


def arrive(
    db: Database, incoming: Incoming, access: Access, defaults: Defaults, now: int
) -> Arrival:
    """Note who did something and where; whoever writes can be written to again."""
    person = save_person(db, incoming.platform, incoming.person, clean(incoming.name, _NAME), now)
    if person.platform == LOCAL:
        person = replace(person, role=Role.OWNER)
    chat = save_chat(
        db, incoming.platform, incoming.chat, incoming.thread, incoming.kind,
        clean(incoming.chat_title, _NAME), defaults, now, server=incoming.server,
        bound=incoming.bound, person=person.id if incoming.kind == "private" else None,
    )  # fmt: skip
    revived = chat.parked != "" and not incoming.cannot
    if revived:
        revive_chats(db, chat.platform, [chat.address])
        chat = replace(chat, parked="")
    if chat.kind != "private" and is_trusted(person, access):
        admit_chat(db, chat)
    return Arrival(chat, person, is_admitted(db, chat), revived, incoming.admin, incoming.cannot)


def recognise(db: Database, incoming: Incoming, access: Access) -> Arrival | None:
    """What `arrive` would say, where it would change nothing; None where it must be noted."""
    person = find_person(db, incoming.platform, incoming.person)
    chat = find_chat(db, incoming.platform, incoming.chat, incoming.thread)
    if person is None or chat is None or chat.parked:
        return None
    if person.platform == LOCAL:
        person = replace(person, role=Role.OWNER)
    owner = person.id if incoming.kind == "private" else None
    names = clean(incoming.name, _NAME), clean(incoming.chat_title, _NAME)
    if (*names, owner) != (person.name, chat.title, chat.person):
        return None
    admitted = is_admitted(db, chat)
    if chat.kind != "private" and is_trusted(person, access) and not admitted:
        return None
    return Arrival(chat, person, admitted, admin=incoming.admin, cannot=incoming.cannot)


def is_trusted(person: Person, access: Access) -> bool:
    """Whether a person may use everything."""
    return access == "open" or person.role is not Role.STRANGER


def may_ask(arrival: Arrival, access: Access) -> bool:
    """Whether a person may ask in a chat."""
    return is_trusted(arrival.person, access) or (
        arrival.chat.kind != "private" and arrival.admitted
    )


def denied_a_code(arrival: Arrival) -> Denied | None:
    """Why somebody may not give a code: whoever has one may, but must be somebody."""
    chat = arrival.chat
    unseen = chat.kind != "private" and arrival.person.address == chat.address
    return Denied.ANONYMOUS if unseen else None


async def denied(
    arrival: Arrival, access: Access, is_admin: IsAdmin, *, changes: bool
) -> Denied | None:
    """Why somebody may not use a command in a chat, None where they may.

    `changes`: it changes what is told there. The platform is asked only where its answer
    decides.
    """
    chat, person = arrival.chat, arrival.person
    private = chat.kind == "private"
    if not may_ask(arrival, access):
        return Denied.OUTSIDE
    if private or not changes or person.role is Role.OWNER:
        return None
    admin = arrival.admin
    if admin is None:
        admin = await is_admin(chat.platform, chat.address, person.address)
    if admin is None:
        return Denied.UNKNOWN
    return None if admin else Denied.MEMBER


def is_change(command: Command, given: Typed | Form) -> bool:
    """Whether a command as given changes anything: where all may be left out, it then shows."""
    shows = command.parameters and not any(p.required for p in command.parameters)
    return command.changes and not (shows and given.bare)


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
