"""What storage hands on: chats and people, messages and what became of them."""

from enum import IntEnum, StrEnum
from typing import Literal, TypeAlias

from msgspec import Struct

from detectors.model import Severity

Style: TypeAlias = Literal["plain", "bold", "italic", "code", "pre"]


class Text(Struct, frozen=True):
    """A run of text in one style; foreign text is escaped where it is rendered."""

    text: str
    style: Style = "plain"
    url: str = ""


Line: TypeAlias = tuple[Text, ...]


class Button(Struct, frozen=True):
    """The next step: a command as if typed, a link, or a text to copy.

    `replaces`: the answer takes the place of the message that bears the button. `token`
    is what a platform sends back; storage gives it, so that buttons survive a restart.
    """

    label: str
    command: str = ""
    url: str = ""
    copy: str = ""
    replaces: bool = False
    token: str = ""


class Picture(Struct, frozen=True):
    """A rendered chart, as PNG, with what it shows in words."""

    png: bytes
    description: str


class Document(Struct, frozen=True):
    """A file to keep, with its name (which tells what is in it) and what it is in words."""

    content: bytes
    name: str
    description: str


class Drawing(Struct, frozen=True):
    """A chart that is drawn when its message leaves: its kind, and its series as JSON."""

    chart: str
    series: str
    description: str


class Message(Struct, frozen=True):
    """What is said, the same on every platform: the verdict first, then short lines.

    `news` is what an edit changes, in one line, for platforms that cannot edit;
    `refusal`: nothing was done, say so where only the asker sees it; `personal`: it concerns
    only the asker, too, wherever that can be; `silent`: without a sound. `brief`: where a
    button asked for it, its title in passing is enough, since what changed is shown elsewhere.
    `drawing` is what becomes the `picture`: the outbox holds numbers, not pixels. A message has
    a picture or a `document`, not both. `severity` is that of the alerts it tells, where it does.
    """

    title: Line
    lines: tuple[Line, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    picture: Picture | None = None
    news: Line = ()
    refusal: bool = False
    personal: bool = False
    silent: bool = False
    drawing: Drawing | None = None
    brief: bool = False
    document: Document | None = None
    severity: Severity | None = None


class Role(StrEnum):
    """What a person is, to the whole bot or in one chat; `bot.access` says what each may do.

    The bot has owners, admins, guests and strangers; a chat that is nobody's alone has
    admins, members and guests. Who was removed is a stranger who was let in before.
    """

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    REMOVED = "removed"


RANK = {
    Role.REMOVED: 0, Role.STRANGER: 1, Role.GUEST: 2, Role.MEMBER: 3, Role.ADMIN: 4, Role.OWNER: 5,
}  # fmt: skip
"""Who may more than whom."""


class Person(Struct, frozen=True):
    """Somebody, as they are met on one platform; `address` is its id for them.

    One person may have an account on each platform. `preferred` names the one where they
    are told what reaches them twice, "" while they have not said.
    """

    id: int
    platform: str
    address: str
    name: str
    role: Role
    preferred: str = ""


Units: TypeAlias = Literal["whole", "small"]
"""How amounts are shown: in whole coins, or in the small unit of an asset."""


class Chat(Struct, frozen=True):
    """Where messages go: a private chat, a group, a topic of a forum, or a terminal.

    `address` is the platform's id and `thread` its topic ("" for none); `parked` says
    why nothing can be delivered there ("" when it can). `bound`: it wants to be told what
    it asked for. `person` is whose private chat it is (None for all others): language,
    time zone, currency and units are theirs where they chose them.
    """

    id: int
    platform: str
    address: str
    thread: str
    kind: Literal["private", "group", "channel", "thread"]
    title: str
    language: str
    timezone: str
    currency: str
    parked: str = ""
    bound: bool = True
    person: int | None = None
    units: Units = "whole"


class Priority(IntEnum):
    """The order in which deliveries leave."""

    ANSWER = 0
    PERSONAL = 1
    BROADCAST = 2
    DIGEST = 3
    EDIT = 4


LEFT_BEHIND = "-"
"""The reference of what was said at an address that its chat has left."""


class Delivery(Struct, frozen=True):
    """One message that is due in one chat.

    `reference` is the platform's id of the message once it was sent: what an edit changes
    and a reply speaks of. `arrived` is that of the parts of a reply which did already.
    """

    id: int
    message: int
    chat: Chat
    action: Literal["send", "edit", "reply"]
    priority: Priority
    attempts: int
    reference: str = ""
    arrived: str = ""


class Sent(Struct, frozen=True):
    """It arrived; `reference` is the platform's id of the (first) message."""

    reference: str


class Retry(Struct, frozen=True):
    """It did not arrive, and may later; `reference` is the platform's id of a part that did.

    `doubtful`: it may have arrived, and the platform will tell a repeat by its key.
    """

    after_seconds: float
    reason: str
    reference: str = ""
    doubtful: bool = False


class Rejected(Struct, frozen=True):
    """It never will. `parks`: nor will anything else in that chat, until it comes back."""

    reason: str
    parks: bool = False


class Moved(Struct, frozen=True):
    """The chat has a new address; the message is due there."""

    address: str


class Gone(Struct, frozen=True):
    """What was to be edited can no longer be."""

    reason: str


Verdict: TypeAlias = Sent | Retry | Rejected | Moved | Gone
