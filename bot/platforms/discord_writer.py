"""Writes messages into Discord's channels, part by part, and says what became of them."""

import asyncio
import logging

from discord import HTTPException
from msgspec import Struct
from msgspec.structs import replace

from bot.language import marked
from bot.outlet.pacer import Pacer
from bot.platforms.discord_holds import Holds
from bot.platforms.discord_part import Part, parts_of, render_new_part, render_part, says
from bot.platforms.discord_rest import Rest
from bot.platforms.discord_verdicts import FAILURES, NO_HISTORY, NOT_ALLOWED, parse_verdict
from storage.model import Message, Priority, Retry, Sent, Verdict

_LOG = logging.getLogger(__name__)


class Place(Struct, frozen=True):
    """Where a message goes: a channel or thread, or where `private` to a person.

    `reply_to` is the message that it answers.
    """

    address: str
    private: bool = False
    reply_to: int | None = None


class Writer:
    """Turns a message into calls, each after a turn of its own but the first."""

    def __init__(self, rest: Rest, pacer: Pacer) -> None:
        self._rest = rest
        self._pacer = pacer
        self._holds = Holds(lambda: asyncio.get_running_loop().time())

    async def write(
        self, place: Place, message: Message, edits: str, priority: Priority, key: str = ""
    ) -> Verdict:
        """Say `message` once, or change what `edits` refers to into it.

        What was said with the same `key` a few minutes ago is changed, not said again.
        """
        if paused := self._holds.seconds(place.address):
            return Retry(paused, marked("Discord refused or was out of reach a moment ago"), edits)
        ids = [int(number) for number in edits.split(",") if number]
        try:
            channel = await self._channel(place)
            verdict = await self._write_parts(channel, place, parts_of(message), ids, priority, key)
        except FAILURES as error:
            self._holds.failed(place.address, error)
            verdict = parse_verdict(error)
            if isinstance(verdict, Retry):  # the next try goes on with the parts that arrived
                return replace(verdict, reference=_reference(ids))
            return verdict
        self._holds.worked()
        return verdict

    async def _channel(self, place: Place) -> int:
        return (
            await self._rest.private_channel(place.address) if place.private else int(place.address)
        )

    async def _write_parts(
        self,
        channel: int,
        place: Place,
        parts: list[Part],
        ids: list[int],
        priority: Priority,
        key: str,
    ) -> Verdict:
        """Write part by part over `ids`, which then names what stands in the channel."""
        for index, part in enumerate(parts):
            if index:
                await self._pacer.turn(place.address, True, priority)
            if index < len(ids):
                await self._rest.edit(channel, ids[index], render_part(part), part.file)
            else:
                nonce = f"{key}.{index}" if key else ""
                ids.append(
                    await self._post(channel, part, nonce, ids[0] if ids else place.reply_to)
                )
        while len(ids) > len(parts):
            await self._delete(channel, place, ids.pop(), priority)
        return Sent(_reference(ids))

    async def _post(self, channel: int, part: Part, nonce: str, reply_to: int | None) -> int:
        """Post a new message, without what is not allowed there: to point at another, a chart.

        Its id.
        """
        body = render_new_part(part, nonce, reply_to)
        try:
            sent = await self._rest.post(channel, body, part.file)
        except HTTPException as error:
            if part.file and error.code == NOT_ALLOWED:
                return await self._post(channel, replace(part, file=None), nonce, reply_to)
            if reply_to is None or error.code != NO_HISTORY:
                raise
            return await self._post(channel, part, nonce, None)
        message_id = int(sent["id"])
        if nonce and not says(sent, part):  # said before, and things have changed since
            await self._rest.edit(channel, message_id, render_part(part), part.file)
        return message_id

    async def _delete(
        self, channel: int, place: Place, message_id: int, priority: Priority
    ) -> None:
        """Take away a part that the new text does not need; one that stays is no harm."""
        await self._pacer.turn(place.address, True, priority)
        try:
            await self._rest.delete(channel, message_id)
        except FAILURES as error:
            _LOG.info("a superfluous part could not be deleted: %s", error)


def _reference(ids: list[int]) -> str:
    return ",".join(map(str, ids))
