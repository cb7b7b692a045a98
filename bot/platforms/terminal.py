"""Chat in the terminal in which the program runs; the person is who is logged in there."""

import asyncio
import getpass
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.commands.command import Command
from bot.language import ENGLISH, _, speaking
from bot.platforms.platform import Dispatch, Incoming
from bot.platforms.terminal_completion import QUIT, CommandCompleter, Complete
from bot.platforms.terminal_files import attached_by
from bot.platforms.terminal_pictures import render_inline, save_document, save_picture
from bot.platforms.terminal_screen import Screen, open_screen
from bot.platforms.terminal_text import (
    format_greeting,
    render_change,
    render_message,
    render_note,
)
from storage.model import (
    Button,
    Chat,
    Document,
    Line,
    Message,
    Picture,
    Priority,
    Retry,
    Sent,
    Text,
    Verdict,
)

ADDRESS = "local"
BUTTONS_KEPT = 10_000
PATIENCE_SECONDS = 1.0
RETRY_SECONDS = 5.0


class Terminal:
    """A `Platform` over the standard streams.

    With a person at both ends there is a prompt, and messages appear above the line being
    typed; `run` returns at Ctrl-D, `/quit`, or Ctrl-C on an empty line. In a pipe lines are
    answered as plain text, and `run` returns when the input has ended and all is answered.
    Every button gets a number of its own for the session: `#12`, or `12` alone, presses it.
    `complete` gives candidates for a parameter's type and prefix; `pictures` is the folder
    where charts are saved; `language` says which one is spoken here. The message's `silent` has
    no meaning here: nothing rings.
    """

    name = "terminal"

    def __init__(
        self,
        commands: Sequence[Command],
        complete: Complete | None,
        pictures: Path,
        language: Callable[[], Awaitable[str]] | None = None,
        *,
        screen: Screen | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._commands = commands
        self._pictures = pictures
        self._language = language
        self._screen = screen or open_screen(CommandCompleter(commands, complete))
        self._now = now
        self._references = count(1)
        self._numbers = count(1)
        self._buttons: dict[int, Button] = {}
        self._told: tuple[str, Line, Line] | None = None

    async def turn(self, chat: Chat, priority: Priority) -> None:
        """A terminal has no limits."""

    async def send(
        self,
        chat: Chat,
        message: Message,
        edits: str = "",
        answers: str = "",  # noqa: ARG002 - what it speaks of may have scrolled away
        key: str = "",  # noqa: ARG002 - nothing tells a repeat here
    ) -> Verdict:
        """Print with the time of day; what edits an earlier message becomes a line of its own."""
        at = f"{datetime.fromtimestamp(self._now(), ZoneInfo(chat.timezone)):%H:%M}"
        try:
            if edits:
                await self._tell_change(edits, message, at)
            else:
                await self._say(message, at)
        except OSError as error:
            return Retry(RETRY_SECONDS, f"the terminal cannot be written to: {error}")
        return Sent(edits or str(next(self._references)))

    async def _tell_change(self, reference: str, message: Message, at: str) -> None:
        """A line where there is news, and not twice the same one."""
        change = reference, message.title, message.news
        if message.news and change != self._told:
            await self._screen.show(render_change(message, self._screen.look(), at) + "\n")
            self._told = change

    def invitation_url(self, code: str) -> str:
        """None: who sits here is in already."""
        del code
        return ""

    async def is_admin(self, chat: str, person: str) -> bool | None:
        """Who sits here runs the program."""
        del chat, person
        return True

    async def run(self, dispatch: Dispatch) -> None:
        """Greet, then answer what is typed, in order, while the person types on."""
        typed: asyncio.Queue[str] = asyncio.Queue()
        try:
            async with asyncio.TaskGroup() as tasks:
                with speaking(await self._spoken()):
                    await self._say(format_greeting(self._commands))
                answering = tasks.create_task(self._answer_each(typed, dispatch))
                await self._read(typed)
                if self._screen.finishes:
                    await typed.join()
                answering.cancel()
        except* OSError:
            pass  # the terminal is gone: nobody is there to be answered

    async def _read(self, typed: asyncio.Queue[str]) -> None:
        async with aclosing(self._screen.lines()) as lines:
            async for line in lines:
                if line.strip() == QUIT:
                    return
                if line.strip():
                    typed.put_nowait(line.strip())

    async def _answer_each(self, typed: asyncio.Queue[str], dispatch: Dispatch) -> None:
        while True:
            line = await typed.get()
            with speaking(await self._spoken()):
                answer = await self._answer(line, dispatch)
            with speaking(await self._spoken()):  # by now it may be another one
                if answer:
                    await self._say(answer)
            typed.task_done()

    async def _spoken(self) -> str:
        return await self._language() if self._language else ENGLISH

    async def _answer(self, line: str, dispatch: Dispatch) -> Message | None:
        press = re.fullmatch(r"(#?)([0-9]{1,9})", line)
        button = self._buttons.get(int(press[2])) if press else None
        if button is None:
            if press and press[1]:
                gone = _("There is no button {button} any more.").format(button=line)
                return Message((Text(gone),), refusal=True)
            return await self._dispatch(dispatch, text=line)
        if shown := button.url or button.copy:
            return Message((Text(shown, "pre", url=button.url),))
        if button.token:
            return await self._dispatch(dispatch, pressed=button.token)
        return await self._dispatch(dispatch, text=button.command)

    async def _dispatch(
        self, dispatch: Dispatch, text: str = "", pressed: str = ""
    ) -> Message | None:
        who, file = person(), attached_by(text)
        incoming = Incoming(self.name, ADDRESS, who, who, text=text, pressed=pressed, file=file)
        async with asyncio.TaskGroup() as tasks:
            excuse = tasks.create_task(self._ask_for_patience())
            answer = await dispatch(incoming)
            excuse.cancel()
        return answer

    async def _ask_for_patience(self) -> None:
        await asyncio.sleep(PATIENCE_SECONDS)
        await self._screen.show(render_note(_("Working…"), self._screen.look()))

    async def _say(self, message: Message, at: str = "") -> None:
        look = self._screen.look()
        numbered = [(self._number(button), button) for row in message.buttons for button in row]
        text = render_message(message, numbered, look, at)
        if message.picture:
            text += await asyncio.to_thread(self._picture, message.picture)
        if message.document:
            text += await asyncio.to_thread(self._document, message.document)
        await self._screen.show(text + "\n")

    def _number(self, button: Button) -> int:
        number = next(self._numbers)
        self._buttons[number] = button
        self._buttons.pop(number - BUTTONS_KEPT, None)
        return number

    def _picture(self, picture: Picture) -> str:
        look = self._screen.look()
        try:
            path = save_picture(picture, self._pictures, self._now())
        except OSError as error:
            lost = _("The chart could not be saved: {error}").format(error=error)
            return render_note(lost, look)
        inline = render_inline(picture.png, look.pictures, look.columns) if look.pictures else ""
        saved = _("Chart: {path}").format(path=path)
        return inline + render_note(saved, look, path.absolute().as_uri())

    def _document(self, document: Document) -> str:
        look = self._screen.look()
        try:
            path = save_document(document, self._pictures)
        except OSError as error:
            lost = _("The document could not be saved: {error}").format(error=error)
            return render_note(lost, look)
        saved = _("Document: {path}").format(path=path)
        return render_note(saved, look, path.absolute().as_uri())


def person() -> str:
    """The name of who runs the program; in a container there may be none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ADDRESS
