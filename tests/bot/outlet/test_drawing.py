"""Pictures that are drawn when their messages leave."""

import asyncio

import msgspec

from bot.outlet.drawing import Drawings
from charts.model import Measure, Series, Track
from detectors.model import Kind, Subscription
from storage.model import Drawing, Message, Priority, Text
from storage.outbox import enqueue_notice
from tests.bot.outlet.test_delivery import BTC, opened
from tests.make import NOW, transaction
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
    for _ in range(2):
        assert await drawings.with_picture(plain) == message(None)
    assert len(draw.asked) == 1, "a thousand chats do not wait for the same failure"


async def test_a_series_that_nobody_can_read_keeps_no_words_back():
    broken = message(Drawing("summary", "{", "broken"))
    assert await Drawings(Draw()).with_picture(broken) == message(None)


async def summaries_due(office, count):
    """So many chats are to be told something with a picture of their own."""
    for number in range(count):
        chat = await office.chat(f"fan{number}", 2 * BTC)
        told = message(drawn_by(f"Fan {number}"))
        await office.store.write(enqueue_notice, chat.id, "s", told, Priority.DIGEST, NOW)
    office.delivery.wake()


async def test_what_waits_for_its_picture_holds_up_nobody_and_nothing_else_in_its_chat(tmp_path):
    drawing, drawn = asyncio.Event(), asyncio.Event()

    async def slowly(kind, series, theme):
        drawing.set()
        await drawn.wait()
        return draw_png(2, 2)

    async with opened(tmp_path, draw=slowly) as office:
        await summaries_due(office, 40)
        ada = await office.chat("ada")
        office.interests.add(Subscription(0, ada.id, Kind.WATCH, "bitcoin", address="mine"))
        await drawing.wait()
        await office.take(transaction(5, recipient="mine"))
        await office.take(transaction(3 * BTC))
        await office.until_sent_only(41)
        assert [m.picture for _, _, m in office.platform.sent] == [None] * 41
        drawn.set()
        await office.until_sent(81)
        assert all(m.picture for _, _, m in office.platform.sent[41:])
        tried = await office.rows("SELECT DISTINCT attempts FROM deliveries")
        assert tried == [(1,)]


async def test_what_cannot_be_drawn_leaves_without_its_picture(tmp_path):
    draw = Draw()
    draw.fails = True
    async with opened(tmp_path, draw=draw) as office:
        await summaries_due(office, 3)
        await office.until_sent(3)
        assert [m.picture for _, _, m in office.platform.sent] == [None] * 3
        assert all(m.drawing is None for _, _, m in office.platform.sent)


async def test_the_end_waits_for_no_picture(tmp_path):
    async def never(kind, series, theme):
        await asyncio.Event().wait()

    async with asyncio.timeout(20), opened(tmp_path, draw=never) as office:
        await summaries_due(office, 1)
        await office.until(lambda: put_back(office))
    async with opened(tmp_path, draw=Draw()) as office:
        await office.later(61)
        await office.until_sent(1)
        assert office.platform.sent[0][2].picture


async def put_back(office):
    return await office.rows(f"SELECT 1 FROM deliveries WHERE state = 'due' AND due_at > {NOW}")
