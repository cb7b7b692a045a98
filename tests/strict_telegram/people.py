"""People as actors: they write to the bot and press its buttons."""

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.strict_telegram.chats import Chat, Json, Message
from tests.strict_telegram.html import utf16_length
from tests.strict_telegram.world import Query

if TYPE_CHECKING:
    from tests.strict_telegram.stage import Stage

ANONYMOUS_ID = 1087968824
COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?")


@dataclass
class Person:
    """A user and the chat where they write when no other is named."""

    stage: "Stage"
    user: Json
    chat: Chat

    @property
    def id(self) -> int:
        """The user's id."""
        return int(self.user["id"])

    async def says(
        self,
        text: str,
        *,
        chat: Chat | None = None,
        thread: int | None = None,
        reply_to: Message | None = None,
    ) -> int:
        """Write a message; its id. A group's ordinary talk is not told to the bot."""
        chat = chat or self.chat
        chat.started = True
        if self.id != ANONYMOUS_ID:
            chat.members.setdefault(self.id, "member")
        told = self._message(chat, text, thread)
        if reply_to is not None:
            told["reply_to_message"] = self.stage.told(reply_to)
        chat.heard[told["message_id"]] = told
        if self._reaches_bot(chat, text, reply_to):
            self.stage.updates.push("message", told)
        return int(told["message_id"])

    async def sends(
        self, data: bytes, name: str, caption: str = "", *, chat: Chat | None = None
    ) -> int:
        """Drag a file into a chat; the message's id. Without a command, a group keeps it."""
        chat = chat or self.chat
        chat.started = True
        told = self._message(chat, caption, None)
        del told["text"]
        file_id = self.stage.keep_file(data)
        told["document"] = {
            "file_id": file_id, "file_unique_id": f"U{file_id}", "file_name": name,
            "mime_type": "text/csv", "file_size": len(data),
        }  # fmt: skip
        if caption:
            told["caption"] = caption
        if entities := told.pop("entities", None):
            told["caption_entities"] = entities
        chat.heard[told["message_id"]] = told
        if self._reaches_bot(chat, caption, None):
            self.stage.updates.push("message", told)
        return int(told["message_id"])

    async def presses(self, message: Message, label: str, *, timeout: float = 10) -> str:  # noqa: ASYNC109 - a test names its patience
        """Press the button with this label or beginning; the text of the bot's answer.

        Raises AssertionError when there is no such button or the bot does not answer.
        """
        current = message.chat.sent[message.id]
        query = self.stage.press(self.user, current, label)
        answered = await self.stage.bell.wait_until(lambda: query.answer is not None, timeout)
        assert answered, f"the button {label!r} was not answered"
        return _answer_text(query)

    def _message(self, chat: Chat, text: str, thread: int | None) -> Json:
        told: Json = {
            "message_id": chat.next_id(),
            "date": int(time.time()),
            "chat": chat.as_json(),
            "from": self.user,
            "text": text,
        }
        if commands := [_command_entity(text, found) for found in COMMAND.finditer(text)]:
            told["entities"] = commands
        if self.id == ANONYMOUS_ID:
            told["sender_chat"] = chat.as_json()
        if thread is not None:
            assert thread in chat.topics, f"{chat.name} has no topic {thread}"
            told |= {"message_thread_id": thread, "is_topic_message": True}
        return told

    def _reaches_bot(self, chat: Chat, text: str, reply_to: Message | None) -> bool:
        """Privacy mode: in a group a bot hears commands, mentions and replies to itself."""
        name = f"@{self.stage.bot_username}"
        if not chat.is_group or reply_to is not None or name in text:
            return True
        if chat.members.get(self.stage.bot["id"]) == "administrator":
            return True
        return bool(re.match(r"/\w{1,32}(?:\s|$)", text))


def _command_entity(text: str, found: re.Match[str]) -> Json:
    offset = utf16_length(text[: found.start()])
    return {"type": "bot_command", "offset": offset, "length": len(found[0])}


def _answer_text(query: Query) -> str:
    return str((query.answer or {}).get("text", ""))
