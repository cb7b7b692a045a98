"""Pictures of messages, drawn when they leave."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection

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
        self._drawn: dict[Drawing, Picture | None] = {}

    def is_drawn(self, drawing: Drawing) -> bool:
        """Whether nothing waits for it any more: it was drawn, or cannot be. Of any thread."""
        return drawing in self._drawn

    async def picture(self, drawing: Drawing) -> Picture | None:
        """The picture of a drawing; None where that could not be drawn, which is not tried again.

        One that is no longer kept is drawn anew.
        """
        if drawing not in self._drawn:
            return await self._draw_new(drawing)
        picture = self._drawn[drawing] = self._drawn.pop(drawing)  # used last
        return picture

    async def _draw_new(self, drawing: Drawing) -> Picture | None:
        async with self._one:
            picture = self._drawn.get(drawing) or await self._picture(drawing)
            self._drawn[drawing] = picture
        for oldest in list(self._drawn)[:-_KEPT]:
            del self._drawn[oldest]
        return picture

    async def with_picture(self, message: Message) -> Message:
        """The message with its picture; as it is where it has none, or that cannot be drawn."""
        if message.drawing is None:
            return message
        return replace(message, drawing=None, picture=await self.picture(message.drawing))

    async def _picture(self, drawing: Drawing) -> Picture | None:
        try:
            series = msgspec.json.decode(drawing.series, type=Series)
            png = await self._draw(drawing.chart, series, DARK.name)
        except Exception:  # noqa: BLE001 - the boundary between a picture and its words
            _LOG.exception("a picture could not be drawn chart=%s", drawing.chart)
            return None
        return Picture(png, drawing.description)


class Ahead:
    """Draws before deliveries leave, so that none holds up another while it waits for a picture.

    It does so in `tasks`. `done` is told which deliveries waited for one that is drawn now, or
    cannot be.
    """

    def __init__(
        self,
        drawings: Drawings,
        tasks: asyncio.TaskGroup,
        done: Callable[[Collection[int]], Awaitable[object]],
    ) -> None:
        self._drawings = drawings
        self._group = tasks
        self._done = done
        self._waiting: dict[Drawing, set[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def draw(self, drawing: Drawing, delivery: int) -> None:
        """Begin to draw, unless that is under way."""
        if drawing not in self._waiting:
            task = self._group.create_task(self._draw(drawing))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._waiting.setdefault(drawing, set()).add(delivery)

    async def _draw(self, drawing: Drawing) -> None:
        await self._drawings.picture(drawing)
        await self._done(self._waiting.pop(drawing))

    def stop(self) -> None:
        """Leave it: what waits is due again by itself, and is drawn then."""
        for task in self._tasks:
            task.cancel()
