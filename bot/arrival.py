"""Who does something, and where: noted where it is new, recognised where it is not."""

from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from sqlite_utils import Database

from bot.language import offered
from bot.platforms.platform import Incoming
from bot.wording.words import clean
from storage.chats import (
    LOCAL,
    Defaults,
    admit_chat,
    find_chat,
    is_admitted,
    platform_language,
    revive_chats,
    save_chat,
)
from storage.members import is_noted, named_role, note_member
from storage.model import Chat, Person, Role
from storage.moves import present_address
from storage.persons import find_person, save_person

_NAME = 64


Access: TypeAlias = Literal["invited", "open"]
"""Whether only those may come in who were invited, or anybody."""


class Arrival(Struct, frozen=True):
    """Who did something, and where; `admitted`: everybody in that group may ask.

    `revived`: nothing could be delivered there until now. `admin`: whether the platform
    says that the person is one there, None where it did not. `cannot` is of `Incoming`.
    `named` is what an admin made them there, `foreign`: they speak as another chat.
    """

    chat: Chat
    person: Person
    admitted: bool
    revived: bool = False
    admin: bool | None = None
    cannot: tuple[str, ...] = ()
    named: Role | None = None
    foreign: bool = False


def arrive(
    db: Database, incoming: Incoming, access: Access, defaults: Defaults, now: int
) -> Arrival:
    """Note who did something and where; whoever writes can be written to again."""
    incoming = _followed(db, incoming)
    person = save_person(db, incoming.platform, incoming.person, clean(incoming.name, _NAME), now)
    if person.platform == LOCAL:
        person = replace(person, role=Role.OWNER)
    chat = save_chat(
        db, incoming.platform, incoming.chat, incoming.thread, incoming.kind,
        clean(incoming.chat_title, _NAME), defaults, now, server=incoming.server,
        bound=incoming.bound, person=person.id if incoming.kind == "private" else None,
        language=_language(incoming),
    )  # fmt: skip
    # Whichever topic it is: all of its chat can be written to again.
    revived = not incoming.cannot and revive_chats(db, chat.platform, [chat.address])
    if revived:
        chat = replace(chat, parked="")
    if chat.kind != "private" and is_trusted(person, access):
        admit_chat(db, chat)
    if chat.kind != "private":
        note_member(db, chat.id, person.id, admin=incoming.admin)
    return replace(_present(db, incoming, chat, person), revived=revived)


def _language(incoming: Incoming) -> str:
    """The language in which somebody uses the platform, where it is here; a group has none."""
    return offered(incoming.language) if incoming.kind == "private" else ""


def _present(db: Database, incoming: Incoming, chat: Chat, person: Person) -> Arrival:
    return Arrival(
        chat, person, is_admitted(db, chat), admin=incoming.admin, cannot=incoming.cannot,
        named=named_role(db, chat.id, person.id), foreign=incoming.foreign,
    )  # fmt: skip


def recognise(db: Database, incoming: Incoming, access: Access) -> Arrival | None:
    """What `arrive` would say, where it would change nothing; None where it must be noted."""
    incoming = _followed(db, incoming)
    person = find_person(db, incoming.platform, incoming.person)
    chat = find_chat(db, incoming.platform, incoming.chat, incoming.thread)
    if person is None or chat is None or chat.parked:
        return None
    if person.platform == LOCAL:
        person = replace(person, role=Role.OWNER)
    owner = person.id if incoming.kind == "private" else None
    told = _language(incoming)
    if told not in {"", chat.language} and told != platform_language(db, chat.id):
        return None
    names = clean(incoming.name, _NAME), clean(incoming.chat_title, _NAME)
    if (*names, owner) != (person.name, chat.title, chat.person):
        return None
    arrival = _present(db, incoming, chat, person)
    if chat.kind != "private" and is_trusted(person, access) and not arrival.admitted:
        return None
    if chat.kind != "private" and not is_noted(db, chat.id, person.id, admin=incoming.admin):
        return None
    return arrival


def _followed(db: Database, incoming: Incoming) -> Incoming:
    """The same where its chat is now: an old button is pressed where it was shown."""
    return replace(incoming, chat=present_address(db, incoming.platform, incoming.chat))


def is_trusted(person: Person, access: Access) -> bool:
    """Whether a person may use everything."""
    if person.role is Role.REMOVED:
        return False
    return access == "open" or person.role is not Role.STRANGER
