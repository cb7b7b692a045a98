"""Writes messages into Discord's channels, part by part, and says what became of them."""

import asyncio
import logging

from discord import HTTPException, RateLimited
from msgspec import Struct

from bot.outlet.pacer import Pacer
from bot.platforms.discord_part import Part, parts_of, render_new_part, render_part, says
from bot.platforms.discord_rest import Rest
from bot.platforms.discord_verdicts import FAILURES, NO_HISTORY, concerns_all, parse_verdict
from storage.model import Gone, Message, Priority, Retry, Sent, Verdict

_LOG = logging.getLogger(__name__)
_REFUSED_SECONDS = 60.0


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
        self._held: dict[str, float] = {}

    async def write(
        self, place: Place, message: Message, edits: str, priority: Priority, key: str = ""
    ) -> Verdict:
        """Say `message` once, or change what `edits` refers to into it.

        What was said with the same `key` a few minutes ago is changed, not said again.
        """
        held = self._held.get(place.address, 0.0) - _now()
        if held > 0:
            return Retry(held, "Discord asked for a pause in this channel")
        ids = [int(number) for number in edits.split(",") if number]
        try:
            channel = await self._channel(place)
            return await self._write_parts(channel, place, parts_of(message), ids, priority, key)
        except FAILURES as error:
            if ids and isinstance(error, RateLimited):
                return Gone("Discord does not let this message be changed for now")
            self._obey(place, error)
            return parse_verdict(error)

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
        written: list[int] = []
        reply_to = place.reply_to
        for index, part in enumerate(parts):
            if index:
                await self._pacer.turn(place.address, True, priority)
            if index < len(ids):
                await self._rest.edit(channel, ids[index], render_part(part), part.picture)
                written.append(ids[index])
            else:
                nonce = f"{key}.{index}" if key else ""
                written.append(await self._post(channel, part, nonce, reply_to))
            reply_to = written[0]
        for surplus in ids[len(parts) :]:
            await self._delete(channel, place, surplus, priority)
        return Sent(",".join(map(str, written)))

    async def _post(self, channel: int, part: Part, nonce: str, reply_to: int | None) -> int:
        """Post a new message, without pointing at another where that is not allowed; its id."""
        body = render_new_part(part, nonce, reply_to)
        try:
            sent = await self._rest.post(channel, body, part.picture)
        except HTTPException as error:
            if reply_to is None or error.code != NO_HISTORY:
                raise
            return await self._post(channel, part, nonce, None)
        message_id = int(sent["id"])
        if nonce and not says(sent, part):  # said before, and things have changed since
            await self._rest.edit(channel, message_id, render_part(part), part.picture)
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

    def _obey(self, place: Place, error: Exception) -> None:
        """Ask for nothing where, or while, Discord would refuse it."""
        if isinstance(error, RateLimited):
            self._held = {address: at for address, at in self._held.items() if at > _now()}
            self._held[place.address] = _now() + error.retry_after
        elif concerns_all(error):
            self._pacer.halt(_REFUSED_SECONDS)


def _now() -> float:
    return asyncio.get_running_loop().time()
