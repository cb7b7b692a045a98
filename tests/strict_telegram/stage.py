"""What a test may do: bring people and groups on, read what the bot said, change the scenery."""

import itertools
import time
from collections.abc import Callable
from typing import Any

from tests.strict_telegram.chats import Chat, Json, Message
from tests.strict_telegram.people import ANONYMOUS_ID, Person
from tests.strict_telegram.world import Query, World

# Beyond 32 bits, as the ids of people are by now.
_user_ids = itertools.count(5_000_000_001)


class Stage(World):
    """The world, with a script."""

    def person(self, name: str, language: str = "en", *, started: bool = True) -> Person:
        """A user with a private chat, who has not yet talked to the bot unless `started`."""
        user_id = next(_user_ids)
        user: Json = {"id": user_id, "is_bot": False, "first_name": name}
        user["language_code"] = language
        chat = self._add_chat(user_id, "private", name)
        chat.started = started
        chat.members[user_id] = "member"
        self.users[user_id] = user
        return Person(self, user, chat)

    def anonymous(self, group: Chat) -> Person:
        """The administrator of a group who speaks in its name."""
        user: Json = {"id": ANONYMOUS_ID, "is_bot": True, "first_name": "Group"}
        user["username"] = "GroupAnonymousBot"
        self.users[ANONYMOUS_ID] = user
        return Person(self, user, group)

    def group(self, name: str, *, supergroup: bool = True, forum: bool = False) -> Chat:
        """A group that the bot is a member of; a forum is a supergroup."""
        base = -1_002_000_000_000 if supergroup else -4_000_000_000
        kind = "supergroup" if supergroup else "group"
        chat = self._add_chat(base - next(self.numbers), kind, name)
        chat.forum = forum
        return chat

    def channel(self, name: str) -> Chat:
        """A channel that the bot is an administrator of."""
        chat = self._add_chat(-1_003_000_000_000 - next(self.numbers), "channel", name)
        chat.members[self.bot["id"]] = "administrator"
        return chat

    def posts(self, channel: Chat, text: str) -> None:
        """Somebody posts in a channel, whose name alone is told."""
        told: Json = {"message_id": channel.next_id(), "date": int(time.time()), "text": text}
        told |= {"chat": channel.as_json(), "sender_chat": channel.as_json()}
        channel.heard[told["message_id"]] = told
        self.updates.push("channel_post", told)

    def topic(self, group: Chat, name: str) -> int:
        """Open a topic in a forum; its thread id. Closed by `del group.topics[thread]`."""
        assert group.forum, f"{group.name} is no forum"
        thread = group.next_id()
        group.topics[thread] = name
        return thread

    def set_status(self, group: Chat, person: Person, status: str) -> None:
        """Make a person creator, administrator, member, left or kicked.

        Told as chat_member when the bot is an administrator, as Telegram does.
        """
        change = self._change_member(group, person.user, status, person.user)
        if group.members[self.bot["id"]] == "administrator":
            self.updates.push("chat_member", change)

    def set_bot_status(self, group: Chat, person: Person, status: str) -> None:
        """A person makes the bot administrator, member, left or kicked in a group."""
        group.blocked = status in {"left", "kicked"}
        change = self._change_member(group, self.bot, status, person.user)
        self.updates.push("my_chat_member", change)

    def block(self, person: Person) -> None:
        """The person blocks the bot."""
        self.set_bot_status(person.chat, person, "kicked")

    def unblock(self, person: Person) -> None:
        """The person lets the bot speak again."""
        self.set_bot_status(person.chat, person, "member")

    def migrate(self, group: Chat) -> Chat:
        """The group becomes a supergroup with a new id; the new chat."""
        new = self.group(group.name)
        new.members = dict(group.members)
        group.moved_to = new.id
        self._tell_service(group, {"migrate_to_chat_id": new.id})
        self._tell_service(new, {"migrate_from_chat_id": group.id})
        return new

    def press(self, user: Json, message: Message, label: str) -> Query:
        """A user presses a button of a message."""
        data = message.callback_data(label)
        query = Query(str(10**17 + next(self.numbers)), label, self.clock())
        self.queries[query.id] = query
        told = {"id": query.id, "from": user, "message": self.told(message), "data": data}
        told["chat_instance"] = str(message.chat.id)
        self.updates.push("callback_query", told)
        return query

    def messages(self, chat: Chat) -> list[Message]:
        """What the bot has in a chat, in its present state, oldest first."""
        return [message for message in chat.sent.values() if not message.deleted]

    def message(self, chat: Chat, message_id: int) -> Message:
        """One message of the bot in its present state, deleted or not."""
        return chat.sent[message_id]

    async def next_message(self, chat: Chat | None = None, *, timeout: float = 10) -> Message:  # noqa: ASYNC109 - a test names its patience
        """The oldest message that was not taken yet, in one chat or in any; waits for it.

        Raises AssertionError with what was sent instead when none comes.
        """

        def untaken() -> list[Message]:
            return [m for m in self.outgoing if not m.taken and (chat is None or m.chat is chat)]

        if not await self.bell.wait_until(untaken, timeout):
            said = [(m.chat.name, m.text or m.caption) for m in self.outgoing]
            raise AssertionError(f"no new message; so far {said}")
        message = untaken()[0]
        message.taken = True
        return message

    async def until(self, predicate: Callable[[], Any], *, timeout: float = 10) -> None:  # noqa: ASYNC109 - as above
        """Wait until the predicate holds after some call or change; AssertionError if not."""
        assert await self.bell.wait_until(predicate, timeout), "it did not come true in time"

    def assert_clean(self) -> None:
        """Raises AssertionError with every violation, unanswered buttons among them."""
        pressed = [query.label for query in self.queries.values() if query.answer is None]
        unanswered = [f"the button {label!r} was never answered" for label in pressed]
        found = self.violations + unanswered
        assert not found, "\n".join(["the bot broke the rules:", *found])

    def _add_chat(self, chat_id: int, kind: str, name: str) -> Chat:
        chat = self.chats[chat_id] = Chat(chat_id, kind, name)
        chat.members[self.bot["id"]] = "member"
        return chat

    def _change_member(self, chat: Chat, member: Json, status: str, by: Json) -> Json:
        before = chat.member_json(member)
        chat.members[member["id"]] = status
        return {
            "chat": chat.as_json(),
            "from": by,
            "date": int(time.time()),
            "old_chat_member": before,
            "new_chat_member": chat.member_json(member),
        }

    def _tell_service(self, chat: Chat, news: Json) -> None:
        told = {"message_id": chat.next_id(), "date": int(time.time()), "chat": chat.as_json()}
        self.updates.push("message", told | news)
