"""Chats and the messages in them, as the server remembers them and as the Bot API tells them."""

import copy
import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(eq=False)
class Message:
    """A message of the bot as it stands; `edits` are its earlier states, oldest first.

    `text` and `caption` are plain, `html` is what was sent for either. `markup` is the
    keyboard, `thread` the topic, `reply_to` the id of the message it answers; `taken` means that a
    test has been handed it by `next_message`. `posted_at` is exact, by the machine's clock.
    """

    id: int
    chat: "Chat"
    text: str = ""
    html: str = ""
    entities: list[Json] = field(default_factory=list)
    caption: str | None = None
    photo: bytes | None = None
    document: bytes | None = None
    media: Json = field(default_factory=dict)
    markup: Json | None = None
    thread: int | None = None
    reply_to: int | None = None
    silent: bool = False
    album: str | None = None
    posted_at: float = field(default_factory=time.time)
    date: int = field(default_factory=lambda: int(time.time()))
    edits: list["Message"] = field(default_factory=list)
    deleted: bool = False
    taken: bool = False

    @property
    def buttons(self) -> list[list[tuple[str, str]]]:
        """Rows of (label, what the button carries: callback data, address or text to copy)."""
        return [
            [(button["text"], _carried(button)) for button in row]
            for row in (self.markup or {}).get("inline_keyboard", [])
        ]

    def callback_data(self, label: str) -> str:
        """The callback data of the button with this label, or whose label begins so.

        Raises AssertionError when there is none, or more than one.
        """
        buttons = [
            button
            for row in (self.markup or {}).get("inline_keyboard", [])
            for button in row
            if "callback_data" in button
        ]
        exact = [button for button in buttons if button["text"] == label]
        found = exact or [button for button in buttons if button["text"].startswith(label)]
        labels = [button["text"] for button in buttons]
        assert len(found) == 1, f"{len(found)} buttons {label!r} among {labels}"
        return str(found[0]["callback_data"])

    def remember(self) -> None:
        """Keep the present state among the edits, before it is changed."""
        state = copy.copy(self)
        state.edits = []
        self.edits.append(state)

    def as_json(self, bot: Json) -> Json:
        """The Message of the Bot API."""
        told: Json = {
            "message_id": self.id,
            "from": bot,
            "chat": self.chat.as_json(),
            "date": self.date,
            **self.media,
        }
        captioned = bool(self.media)
        if words := (self.caption if captioned else self.text):
            told["caption" if captioned else "text"] = words
            told["caption_entities" if captioned else "entities"] = self.entities
        optional = {
            "reply_markup": self.markup if self.buttons else None,
            "media_group_id": self.album,
            "message_thread_id": self.thread,
            "is_topic_message": True if self.thread else None,
            "edit_date": self.date if self.edits else None,
        }
        return told | {name: value for name, value in optional.items() if value is not None}


@dataclass(eq=False)
class Chat:
    """A chat; `members` gives the status of a user's id, `topics` the names of open topics.

    `forbidden` is what the bot may not send there: photos, documents.
    """

    id: int
    kind: str
    name: str
    username: str | None = None
    forum: bool = False
    started: bool = True
    blocked: bool = False
    moved_to: int | None = None
    last_id: int = 0
    topics: dict[int, str] = field(default_factory=dict)
    members: dict[int, str] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    sent: dict[int, Message] = field(default_factory=dict)
    heard: dict[int, Json] = field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        """Whether several people read it."""
        return self.kind != "private"

    def next_id(self) -> int:
        """Message ids count within their chat, as they do in supergroups."""
        self.last_id += 1
        return self.last_id

    def knows(self, message_id: int) -> bool:
        """Whether such a message is in the chat."""
        ours = self.sent.get(message_id)
        return message_id in self.heard or (ours is not None and not ours.deleted)

    def as_json(self) -> Json:
        """The Chat of the Bot API."""
        named = {"title": self.name} if self.is_group else {"first_name": self.name}
        told: Json = {"id": self.id, "type": self.kind, **named}
        if self.username:
            told["username"] = self.username
        return told | ({"is_forum": True} if self.forum else {})

    def member_json(self, user: Json) -> Json:
        """The ChatMember of the Bot API for a user, who has left unless a member."""
        status = self.members.get(user["id"], "left")
        told: Json = {"status": status, "user": user}
        if status == "kicked":
            told["until_date"] = 0
        if status in {"creator", "administrator"}:
            told["is_anonymous"] = False
        if status == "administrator":
            told |= {"can_be_edited": False} | dict.fromkeys(ADMIN_RIGHTS, True)
        return told


ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def _carried(button: Json) -> str:
    copied = button.get("copy_text", {}).get("text", "")
    return str(button.get("callback_data") or button.get("url") or copied)
