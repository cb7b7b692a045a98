"""What the server knows: the bot, people, chats, messages, files, and what the bot did wrong."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.bell import Bell
from tests.strict_telegram.chats import Chat, Json, Message
from tests.strict_telegram.refusal import Refusal, bad_request
from tests.strict_telegram.updates import Updates

# How long a pressed button may wait for answerCallbackQuery.
QUERY_SECONDS = 15.0


@dataclass
class Query:
    """A pressed button; `answer` holds the parameters of answerCallbackQuery once it came."""

    id: str
    label: str
    pressed_at: float
    answer: Json | None = None


@dataclass
class World:
    """The state behind the server.

    `commands` and `descriptions` are kept by (scope or kind, language); a scope is its type and
    ids joined by colons, such as `default` or `chat:-100`. `menu_buttons` are kept by chat id.
    """

    token: str = "12345:TEST-token_of_a_strict_server"
    bot_username: str = "spyhop_test_bot"
    clock: Callable[[], float] = time.monotonic
    violations: list[str] = field(default_factory=list)
    chats: dict[int, Chat] = field(default_factory=dict)
    users: dict[int, Json] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int | None, Json] = field(default_factory=dict)
    outgoing: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bell = Bell()
        self.updates = Updates(self.bell)
        self.numbers = itertools.count(1)
        self.bot: Json = {
            "id": int(self.token.split(":")[0]),
            "is_bot": True,
            "first_name": "Spyhop",
            "username": self.bot_username,
        }
        self.users[self.bot["id"]] = self.bot

    def find_chat(self, chat_id: int | str) -> Chat:
        """A chat that the bot may ask about. Raises the refusal of an unknown one."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def open_chat(self, chat_id: int | str) -> Chat:
        """A chat that the bot may write to. Raises the refusal of any other."""
        chat = self.find_chat(chat_id)
        if chat.moved_to is not None:
            reason = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, reason, parameters={"migrate_to_chat_id": chat.moved_to})
        if not chat.started:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        if chat.blocked and chat.is_group:
            raise Refusal(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
        if chat.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return chat

    def open_thread(self, chat: Chat, thread: int | None) -> int | None:
        """A topic that the bot may write to. Raises the refusal of any other."""
        if thread is not None and thread not in chat.topics:
            raise bad_request("message thread not found")
        return thread

    def find_message(self, given: Json, doing: str) -> Message:
        """The message of the bot that a call is about. Raises `message to DOING not found`."""
        chat = self.open_chat(given.get("chat_id", ""))
        message = chat.sent.get(given.get("message_id", 0))
        if message is None or message.deleted:
            raise bad_request(f"message to {doing} not found")
        return message

    def keep_file(self, data: bytes) -> str:
        """Store a file; its file_id."""
        file_id = f"FILE{next(self.numbers):08}"
        self.files[file_id] = data
        return file_id

    def post(self, message: Message) -> Message:
        """Add a message of the bot to its chat."""
        message.chat.sent[message.id] = message
        self.outgoing.append(message)
        self.bell.ring()
        return message

    def told(self, message: Message) -> Json:
        """The Message of the Bot API."""
        told = message.as_json(self.bot)
        answered = message.chat.sent.get(message.reply_to or 0)
        heard = message.chat.heard.get(message.reply_to or 0)
        if reply := answered.as_json(self.bot) if answered else heard:
            told["reply_to_message"] = reply
        return told
