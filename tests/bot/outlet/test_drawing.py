"""Pictures that are drawn when their messages leave."""

import asyncio

import msgspec

from bot.outlet.drawing import Drawings
from charts.model import Measure, Series, Track
from storage.model import Drawing, Message, Text
from tests.png import draw_png


def drawn_by(title):
    series = Series(title, "", Measure("BTC"), (0, 1), (Track("moved", (1,)),))
    return Drawing("summary", msgspec.json.encode(series).decode(), title)


def message(drawing):
    return Message((Text("A quiet day"),), drawing=drawing)


class Draw:
    """Draws a picture of nothing, and notes what it is asked for."""

    def __init__(self):
        self.asked = []
        self.at_once = 0
        self.fails = False

    async def __call__(self, kind, series, theme):
        self.at_once += 1
        assert self.at_once == 1
        await asyncio.sleep(0)
        self.at_once -= 1
        self.asked.append((kind, series.title))
        if self.fails:
            raise LookupError("no such chart")
        return draw_png(2, 2)


async def test_what_many_chats_are_told_is_drawn_once_and_one_after_the_other():
    draw = Draw()
    drawings = Drawings(draw)
    titles = ["Lagos", "Berlin"] * 5
    shown = await asyncio.gather(
        *(drawings.with_picture(message(drawn_by(title))) for title in titles)
    )
    assert sorted(draw.asked) == [("summary", "Berlin"), ("summary", "Lagos")]
    assert [one.picture and one.picture.description for one in shown] == titles
    assert all(one.drawing is None for one in shown)


async def test_words_leave_without_a_picture_that_cannot_be_drawn():
    draw = Draw()
    draw.fails = True
    drawings = Drawings(draw)
    plain = message(drawn_by("Lagos"))
    assert await drawings.with_picture(plain) == message(None)
    draw.fails = False
    assert (await drawings.with_picture(plain)).picture


async def test_a_series_that_nobody_can_read_keeps_no_words_back():
    broken = message(Drawing("summary", "{", "broken"))
    assert await Drawings(Draw()).with_picture(broken) == message(None)
