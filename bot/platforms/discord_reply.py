"""The answer to one interaction: where it belongs, and seen by whom it concerns."""

import logging
from typing import Any

from discord import HTTPException, InteractionResponseType
from msgspec import Struct

from bot.language import _
from bot.platforms.discord_part import Part, parts_of, render_part
from bot.platforms.discord_wire import FAILURES, Wire
from bot.wording.words import refuse, say
from storage.model import Message

_LOG = logging.getLogger(__name__)
_EPHEMERAL = 1 << 6
_NEW = InteractionResponseType.channel_message
_THINKING = InteractionResponseType.deferred_channel_message
_CHANGED = InteractionResponseType.message_update
_NOTED = InteractionResponseType.deferred_message_update


class Manner(Struct, frozen=True):
    """How an interaction is to be answered.

    `private`: nobody else reads there, so that nothing needs to be hidden. `personal`: the
    answer is likely to concern only the asker. `pressed`: a button asked; `replaces`: its
    answer is to take the place of the message that bears it, which may be `hidden` itself.
    """

    private: bool
    personal: bool = False
    pressed: bool = False
    replaces: bool = False
    hidden: bool = False


class Reply:
    """From the first response to the last part; `wait` first where the answer takes long."""

    def __init__(self, wire: Wire, manner: Manner) -> None:
        self._wire = wire
        self._manner = manner
        self._waiting: InteractionResponseType | None = None

    @property
    def message(self) -> int:
        """The id of the first answer, 0 where it is not known."""
        return self._wire.message

    async def wait(self) -> None:
        """Ask for patience. Who sees the answer is settled with it, but for a button's.

        Raises `TooLateError`.
        """
        waits_hidden = self._manner.personal and not self._manner.private
        self._waiting = _NOTED if self._manner.pressed else _THINKING
        hides = self._waiting is _THINKING and waits_hidden
        try:
            await self._wire.respond(self._waiting, {"flags": _EPHEMERAL} if hides else None)
        except HTTPException as error:
            _LOG.warning("Discord takes no request for patience: %s", error)
            self._waiting = None  # the answer itself may still come in time

    async def say_meanwhile(self, words: str) -> None:
        """Say how far the answer is where it will stand, if it has a place of its own."""
        if not words or self._waiting is not _THINKING:
            return
        (part,) = parts_of(Message(say(f"⏳ {words}")))
        try:
            await self._wire.edit(render_part(part), None)
        except FAILURES as error:
            _LOG.info("how far an answer is could not be said: %s", error)

    async def say(self, message: Message) -> None:
        """Say all of it. Raises `TooLateError`, or what the library does."""
        first, *rest = parts_of(message)
        hides = self.hides(message)
        if self._waiting is None:
            await self._say_at_once(first, hides, self._replaces(message, hides))
        elif self._waiting is _NOTED:
            await self._say_after_press(first, hides, self._replaces(message, hides))
        elif hides and not self._manner.personal:
            await self._wire.withdraw()
            await self._follow(first, hides)
        else:
            await self._wire.edit(render_part(first), first.file)
        for part in rest:
            await self._follow(part, hides)

    def hides(self, message: Message) -> bool:
        """Whether only the asker may see it."""
        return not self._manner.private and (message.personal or message.refusal)

    def _replaces(self, message: Message, hides: bool) -> bool:
        """Whether it takes the place of the message that bears the button.

        What others read stays as it is for a refusal, and for what concerns only the asker; and
        what concerns others, too, is not said where only the asker reads.
        """
        manner = self._manner
        return manner.replaces and not message.refusal and manner.hidden == hides

    async def _say_at_once(self, part: Part, hides: bool, replaces: bool) -> None:
        if replaces:
            try:
                await self._wire.respond(_CHANGED, render_part(part), part.file)
            except HTTPException as error:
                _LOG.info("a message cannot be changed and is answered anew: %s", error)
            else:
                return
        try:
            await self._wire.respond(_NEW, _new(part, hides), part.file)
        except HTTPException as error:
            _LOG.error("Discord does not take an answer: %s", error)
            (sorry,) = parts_of(refuse(_("Discord does not let me show the answer here.")))
            await self._wire.respond(_NEW, _new(sorry, not self._manner.private))

    async def _say_after_press(self, part: Part, hides: bool, replaces: bool) -> None:
        if replaces:
            try:
                await self._wire.edit(render_part(part), part.file)
            except HTTPException as error:
                _LOG.info("a message cannot be changed and is answered anew: %s", error)
            else:
                return
        await self._follow(part, hides)

    async def _follow(self, part: Part, hides: bool) -> None:
        await self._wire.follow(_new(part, hides), part.file)


def _new(part: Part, hides: bool) -> dict[str, Any]:
    return render_part(part) | ({"flags": _EPHEMERAL} if hides else {})
