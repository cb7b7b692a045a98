"""Writes messages into Telegram chats, part by part, and says what became of them."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from msgspec.structs import replace
from telegram import Bot
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.outlet.pacer import Pacer
from bot.platforms.telegram_html import plain_text
from bot.platforms.telegram_part import Part, Place, edit_part, parts_of, post_part
from bot.platforms.telegram_verdicts import (
    NONSENSE,
    has_no_text,
    has_no_thread,
    is_misread,
    is_unchanged,
    may_not_show,
    misread_verdict,
    parse_verdict,
)
from bot.wording.words import quiet, say
from storage.model import Message, Priority, Retry, Sent, Verdict

_LOG = logging.getLogger(__name__)
_TRIES = 4

T = TypeVar("T")


class Writer:
    """Turns a message into calls, each after a turn of its own but the first.

    `plain_resends` counts how often Telegram could not read our markup.
    """

    def __init__(self, bot: Bot, pacer: Pacer) -> None:
        self._bot = bot
        self._pacer = pacer
        self.plain_resends = 0

    async def write(
        self, place: Place, message: Message, edits: str, priority: Priority
    ) -> Verdict:
        """Say `message` once, or change what `edits` refers to into it."""
        ids = [int(number) for number in edits.split(",") if number]
        captions = (message.picture or message.document) is not None
        try:
            try:
                return await self._write_parts(place, parts_of(message, captions), ids, priority)
            except BadRequest as error:
                if captions and may_not_show(error):
                    parts = parts_of(_words_alone(message, error), False)
                elif not captions and has_no_text(error):
                    parts = parts_of(message, True)
                else:
                    raise
                return await self._write_parts(place, parts, ids, priority)
        except TelegramError as error:
            return _with_parts(parse_verdict(error), ids)
        except NONSENSE as error:
            return _with_parts(misread_verdict(error), ids)

    async def _write_parts(
        self, place: Place, parts: list[Part], ids: list[int], priority: Priority
    ) -> Verdict:
        """Write part by part over `ids`, which then names what stands in the chat."""
        ids[:1] = [await self._write_part(place, parts[0], ids[:1])]
        for index, part in enumerate(parts[1:], 1):
            after, old = replace(place, reply_to=ids[0]), ids[index : index + 1]
            ids[index : index + 1] = [await self._write_later_part(after, part, old, priority)]
        while len(ids) > len(parts):
            await self._delete(place, ids.pop(), priority)
        return Sent(_reference(ids))

    async def _write_later_part(
        self, place: Place, part: Part, old: list[int], priority: Priority
    ) -> int:
        """A part after the first: a flood limit is waited out, for the rest is said already."""
        for _ in range(_TRIES - 1):
            await self._pacer.turn(place.chat, place.group, priority)
            with suppress(RetryAfter):
                return await self._write_part(place, part, old)
        await self._pacer.turn(place.chat, place.group, priority)
        return await self._write_part(place, part, old)

    async def _write_part(self, place: Place, part: Part, old: list[int]) -> int:
        """Change the old message, where there is one, or post a new one; its id."""
        if not old:
            return await self._post(place, part)
        try:
            await self._readable(
                part, lambda readable: edit_part(self._bot, place, readable, old[0])
            )
        except BadRequest as error:
            if not is_unchanged(error):
                raise
        return old[0]

    async def _post(self, place: Place, part: Part) -> int:
        """Post a new message, in the main thread where its topic is gone."""
        try:
            return await self._readable(
                part, lambda readable: post_part(self._bot, place, readable)
            )
        except BadRequest as error:
            if not (place.thread and has_no_thread(error)):
                raise
            _LOG.warning("topic %s of chat %s is gone: %s", place.thread, place.chat, error)
            return await self._post(replace(place, thread=""), part)

    async def _readable(self, part: Part, call: Callable[[Part], Awaitable[T]]) -> T:
        """Call with the markup, and where Telegram cannot read that, with its plain text."""
        try:
            return await call(part)
        except BadRequest as error:
            if not is_misread(error):
                raise
            self.plain_resends += 1
            _LOG.warning("markup was refused and goes out as plain text: %s", error)
            return await call(replace(part, text=plain_text(part.text), mode=None))

    async def _delete(self, place: Place, message_id: int, priority: Priority) -> None:
        """Take away a part that the new text does not need; one that stays is no harm."""
        await self._pacer.turn(place.chat, place.group, priority)
        try:
            await self._bot.delete_message(int(place.chat), message_id)
        except TelegramError as error:
            _LOG.info("a superfluous part could not be deleted: %s", error)


def _words_alone(message: Message, error: BadRequest) -> Message:
    """A message without its picture or document, and with Telegram's word why."""
    lines = (*message.lines, say(quiet(f"🚫 {error}")))
    return replace(message, picture=None, document=None, lines=lines)


def _with_parts(verdict: Verdict, ids: list[int]) -> Verdict:
    """Name the parts that arrived, so that the next try goes on with them."""
    return replace(verdict, reference=_reference(ids)) if isinstance(verdict, Retry) else verdict


def _reference(ids: list[int]) -> str:
    return ",".join(map(str, ids))
