"""Pictures of messages, drawn when they leave."""

import asyncio
import logging

import msgspec
from msgspec.structs import replace

from bot.desk import Draw
from charts.model import Series
from charts.theme import DARK
from storage.model import Drawing, Message, Picture

_LOG = logging.getLogger(__name__)
_KEPT = 32


class Drawings:
    """Draws what messages are to show, one after the other: who asks for a chart cuts in.

    What many chats are told at the same hour is drawn once.
    """

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._one = asyncio.Lock()
        self._drawn: dict[Drawing, Picture] = {}

    async def with_picture(self, message: Message) -> Message:
        """The message with its picture; as it is where it has none, or that cannot be drawn."""
        drawing = message.drawing
        if drawing is None:
            return message
        async with self._one:
            picture = self._drawn.get(drawing) or await self._picture(drawing)
        if picture:
            self._drawn[drawing] = picture
            for oldest in list(self._drawn)[:-_KEPT]:
                del self._drawn[oldest]
        return replace(message, drawing=None, picture=picture)

    async def _picture(self, drawing: Drawing) -> Picture | None:
        try:
            series = msgspec.json.decode(drawing.series, type=Series)
            png = await self._draw(drawing.chart, series, DARK.name)
        except Exception:  # noqa: BLE001 - the boundary between a picture and its words
            _LOG.exception("a picture could not be drawn chart=%s", drawing.chart)
            return None
        return Picture(png, drawing.description)
