import asyncio
import re

import pytest
from msgspec.structs import replace

from bot.platforms import terminal
from bot.platforms.platform import Incoming
from bot.platforms.terminal import Terminal, person
from bot.platforms.terminal_text import Look
from storage.model import Button, Chat, Message, Picture, Retry, Sent, Text
from tests.bot.platforms.test_terminal_completion import COMMANDS

CHAT = Chat(1, "terminal", "local", "", "private", "", "en", "Asia/Tokyo", "USD")
NOON = 1_767_268_800.0  # 2026-01-01 12:00:00 UTC


class Typing:
    """A screen whose person has typed `lines`; afterwards it waits, unless it `finishes`."""

    def __init__(self, *lines: str, look: Look | None = None, finishes: bool = True) -> None:
        self.typed = lines
        self.finishes = finishes
        self.shown: list[str] = []
        self.working = asyncio.Event()
        self._look = look or Look()

    def look(self):
        return self._look

    async def lines(self):
        for line in self.typed:
            yield line

    async def show(self, text):
        self.shown.append(text)
        if text == "Working…\n":
            self.working.set()


class Closed(Typing):
    """A screen that nobody looks at any more."""

    async def lines(self):
        yield "hello"
        await asyncio.Event().wait()

    async def show(self, text):
        raise BrokenPipeError(32, "nobody reads")


class Echo:
    """Answers with what it was told, and remembers it."""

    def __init__(self, *buttons: Button) -> None:
        self.heard: list[Incoming] = []
        self.buttons = buttons

    async def __call__(self, incoming):
        self.heard.append(incoming)
        return Message((Text(incoming.text or f"pressed {incoming.pressed}"),))


def alert(*buttons: Button) -> Message:
    return Message((Text("8 BTC moved"),), buttons=(buttons,))


@pytest.fixture
def chat(tmp_path):
    def open_chat(screen: Typing) -> Terminal:
        return Terminal(COMMANDS, None, tmp_path / "charts", screen=screen, now=lambda: NOON)

    return open_chat


async def test_it_greets_in_the_language_of_who_sits_there(tmp_path):
    async def german():
        return "de"

    screen = Typing("hello")
    terminal = Terminal(COMMANDS, None, tmp_path, german, screen=screen, now=lambda: NOON)
    await terminal.run(Echo())
    assert screen.shown[0].startswith("Spyhop beobachtet Blockchains")


async def finished(running):
    await asyncio.wait_for(running, 30)


async def test_the_greeting_says_what_to_try_and_how_to_leave(chat):
    screen = Typing()
    await finished(chat(screen).run(Echo()))
    assert screen.shown[0].startswith("Spyhop watches blockchains")
    assert "/example 24h  What happened lately\n" in screen.shown[0]
    assert "/quit" in screen.shown[0]


async def test_what_is_typed_is_answered_in_order(chat):
    screen, echo = Typing("/stats", " free text ", "", "  "), Echo()
    await finished(chat(screen).run(echo))
    assert screen.shown[1:] == ["/stats\n\n", "free text\n\n"]
    who = person()
    assert echo.heard[0] == Incoming("terminal", "local", who, who, text="/stats")
    assert echo.heard[0].kind == "private"


async def test_an_answer_may_be_nothing(chat):
    async def silence(_):
        return None

    screen = Typing("hello")
    await finished(chat(screen).run(silence))
    assert len(screen.shown) == 1


async def test_quit_ends_the_chat_without_being_dispatched(chat):
    screen, echo = Typing("one", "/quit", "two"), Echo()
    await finished(chat(screen).run(echo))
    assert [incoming.text for incoming in echo.heard] == ["one"]


async def test_a_person_who_leaves_does_not_wait_for_a_slow_answer(chat):
    ended = asyncio.Event()

    async def forever(_):
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    class Leaving(Typing):
        async def lines(self):
            yield "slow"
            await self.working.wait()

    await finished(chat(Leaving(finishes=False)).run(forever))
    assert ended.is_set()


async def test_a_slow_answer_is_announced(chat, monkeypatch):
    monkeypatch.setattr(terminal, "PATIENCE_SECONDS", 0.01)
    screen = Typing("slow")

    async def slowly(_):
        await screen.working.wait()
        return Message((Text("Done"),))

    await finished(chat(screen).run(slowly))
    assert screen.shown[1:] == ["Working…\n", "Done\n\n"]


async def test_an_alert_is_printed_with_the_time_in_the_zone_of_its_chat(chat):
    screen = Typing()
    assert await chat(screen).send(CHAT, alert()) == Sent("1")
    assert screen.shown == ["21:00 8 BTC moved\n\n"]


async def test_each_message_gets_a_reference_of_its_own(chat):
    console = chat(Typing())
    assert [await console.send(CHAT, alert()) for _ in range(2)] == [Sent("1"), Sent("2")]


async def test_an_edit_is_a_new_short_line_under_the_old_reference(chat):
    screen = Typing()
    console = chat(screen)
    await console.send(CHAT, alert())
    confirmed = replace(alert(Button("Mute…", token="m")), news=(Text("Confirmed"),))
    assert await console.send(CHAT, confirmed, edits="1") == Sent("1")
    assert screen.shown[1] == "21:00 ↻ 8 BTC moved · Confirmed\n\n"


async def test_an_edit_without_news_and_one_that_was_told_are_not_printed(chat):
    screen = Typing()
    console = chat(screen)
    await console.send(CHAT, alert())
    news = replace(alert(), news=(Text("Confirmed"),))
    for edit in (alert(), news, alert(), news):
        assert await console.send(CHAT, edit, edits="1") == Sent("1")
    assert len(screen.shown) == 2


async def test_numbers_run_on_and_old_buttons_still_work(chat):
    screen, echo = Typing("#1", "2", "3"), Echo()
    console = chat(screen)
    await console.send(CHAT, alert(Button("Mute…", token="m"), Button("Watch", token="w")))
    await console.send(CHAT, alert(Button("Mute…", token="later")))
    assert "#1 Mute…  #2 Watch" in screen.shown[0]
    assert "#3 Mute…" in screen.shown[1]
    await finished(console.run(echo))
    assert [incoming.pressed for incoming in echo.heard] == ["m", "w", "later"]
    assert [incoming.text for incoming in echo.heard] == ["", "", ""]


async def test_the_buttons_of_an_answer_can_be_pressed_too(chat):
    async def answer(incoming):
        buttons = ((Button("Yes", command="/watch x"),),) if incoming.text == "x" else ()
        return Message((Text(incoming.text),), buttons=buttons)

    screen = Typing("x", "#1")
    await finished(chat(screen).run(answer))
    assert screen.shown[1:] == ["x\n#1 Yes\n\n", "/watch x\n\n"]


async def test_a_button_that_is_not_there_is_refused_but_a_bare_number_is_text(chat):
    screen, echo = Typing("#9", "840000"), Echo()
    await finished(chat(screen).run(echo))
    assert screen.shown[1] == "There is no button #9 any more.\n\n"
    assert [incoming.text for incoming in echo.heard] == ["840000"]


async def test_a_link_button_shows_its_address_and_a_copy_button_its_text(chat):
    screen, echo = Typing("#1", "#2"), Echo()
    console = chat(screen)
    link, copy = Button("Explorer", url="https://x.org/tx"), Button("Copy id", copy="ab" * 32)
    await console.send(CHAT, alert(link, copy))
    await finished(console.run(echo))
    assert screen.shown[2:] == ["https://x.org/tx\n\n", "ab" * 32 + "\n\n"]
    assert echo.heard == []


async def test_only_the_latest_buttons_are_kept(chat, monkeypatch):
    monkeypatch.setattr(terminal, "BUTTONS_KEPT", 2)
    screen, echo = Typing("#1", "#2", "#3"), Echo()
    console = chat(screen)
    await console.send(CHAT, alert(*(Button("B", token=token) for token in "abc")))
    await finished(console.run(echo))
    assert [incoming.pressed for incoming in echo.heard] == ["b", "c"]


async def test_a_picture_is_saved_and_its_path_printed(chat, tmp_path):
    screen = Typing()
    await chat(screen).send(CHAT, Message((Text("Fees"),), picture=Picture(b"png", "Fees")))
    path = tmp_path / "charts" / "fees-20260101T120000Z.png"
    assert path.read_bytes() == b"png"
    assert screen.shown == [f"21:00 Fees\nChart: {path}\n\n"]


async def test_a_picture_is_shown_inline_where_the_terminal_can(chat):
    screen = Typing(look=Look(columns=60, styles=True, links=True, pictures="iterm2"))
    await chat(screen).send(CHAT, Message((Text("Fees"),), picture=Picture(b"png", "Fees")))
    (shown,) = screen.shown
    assert "\x1b]1337;File=inline=1;size=3;width=60;preserveAspectRatio=1:cG5n\a\n" in shown
    assert re.search(r"\x1b\]8;id=[0-9-]+;file:///.*/fees-20260101T120000Z\.png\x1b\\", shown)


async def test_a_picture_that_cannot_be_saved_is_said(chat, tmp_path):
    (tmp_path / "charts").write_text("in the way")
    screen = Typing()
    sent = await chat(screen).send(CHAT, Message((Text("F"),), picture=Picture(b"png", "F")))
    assert sent == Sent("1")
    assert "The chart could not be saved: " in screen.shown[0]


async def test_a_terminal_that_is_gone_ends_the_chat_and_keeps_alerts_due(chat):
    console = chat(Closed())
    verdict = await console.send(CHAT, alert())
    assert isinstance(verdict, Retry)
    assert "nobody reads" in verdict.reason
    await finished(console.run(Echo()))


async def test_a_person_without_a_name_is_local(monkeypatch):
    def nobody():
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert person() == "local"
