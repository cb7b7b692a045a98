"""Telegram: messages go out, and what people do comes in by long polling."""

import asyncio
import contextlib
import logging
import math
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.commands.command import Command
from bot.language import marked
from bot.outlet.pacer import Gate, Pacer
from bot.platforms.lanes import Lanes
from bot.platforms.platform import Dispatch, Keeper, PlatformRefusedError
from bot.platforms.telegram_admins import Admins
from bot.platforms.telegram_answers import Answers
from bot.platforms.telegram_http import Carrier
from bot.platforms.telegram_menu import set_menu
from bot.platforms.telegram_part import Place
from bot.platforms.telegram_poller import Poller, backoff_seconds
from bot.platforms.telegram_verdicts import NONSENSE, asked_seconds
from bot.platforms.telegram_writer import Writer
from storage.model import LEFT_BEHIND, Chat, Message, Priority, Verdict
from watchers.model import unsealed

_LOG = logging.getLogger(__name__)
_LOG_SECONDS = 60.0
_KEEPER_SECONDS = 3600.0
_FAREWELL_SECONDS = 2.0
_UNREACHED = marked("Telegram cannot be reached, trying on")


class Telegram:
    """One bot.

    `api` is the address of the Bot API; calls go to `{api}/bot{token}/{method}`.
    `poll_seconds` is how long the server may hold a call for updates back.
    """

    name = "telegram"

    def __init__(
        self,
        token: str,
        api: str,
        commands: Sequence[Command],
        keeper: Keeper,
        *,
        pacer: Pacer | None = None,
        poll_seconds: int = 30,
    ) -> None:
        self._commands = commands
        self._keeper = keeper
        self._pacer = pacer or Pacer()
        self._poll_seconds = poll_seconds
        # A pool of its own: where sending is stuck, listening goes on, and the reverse.
        self._listening = Carrier(connections=8)
        self._bot = Bot(
            token,
            base_url=f"{api.rstrip('/')}/bot",
            base_file_url=f"{api.rstrip('/')}/file/bot",
            request=_Sending(self._pacer),
            get_updates_request=self._listening,
        )
        self._writer = Writer(self._bot, self._pacer)
        self._admins = Admins(self._bot, self._pacer)
        self._reported: dict[str, float] = {}

    @property
    def plain_resends(self) -> int:
        """How often Telegram could not read our markup, so that plain text went out."""
        return self._writer.plain_resends

    async def turn(self, chat: Chat, priority: Priority) -> None:
        """Wait until Telegram's limits let a message leave for the chat."""
        await self._pacer.turn(chat.address, chat.kind != "private", priority)

    async def send(
        self, chat: Chat, message: Message, edits: str = "", answers: str = "", key: str = ""
    ) -> Verdict:
        """Deliver once, after a `turn`. A reference is the ids of the message's parts.

        Telegram cannot tell a repeat by a `key`.
        """
        del key
        stands = answers not in {"", LEFT_BEHIND}
        spoken_of = int(answers.split(",", maxsplit=1)[0]) if stands else None
        place = Place(chat.address, chat.thread, chat.kind != "private", spoken_of)
        priority = Priority.EDIT if edits else Priority.PERSONAL
        return await self._writer.write(place, message, edits, priority)

    def invitation_url(self, code: str) -> str:
        """A deep link, once Telegram has told the bot its name.

        https://core.telegram.org/bots/features#deep-linking
        """
        try:
            return f"https://t.me/{self._bot.username}?start={code}"
        except RuntimeError:  # the library's word for: not yet introduced
            return ""

    async def is_admin(self, chat: str, person: str) -> bool | None:
        """What Telegram says, remembered for a few minutes."""
        return await self._admins.is_admin(chat, person)

    async def run(self, dispatch: Dispatch) -> None:
        """Listen and answer until cancelled. Raises `PlatformRefusedError` at the start."""
        try:
            await self._begin()
            answers = Answers(
                self._bot, self._pacer, self._writer, self._keeper, dispatch, self._admins.forget
            )
            async with asyncio.TaskGroup() as group:
                await self._listen(answers, Lanes(group))
        finally:
            await self._bot.shutdown()

    async def _begin(self) -> None:
        """Introduce ourselves, trying for ever where the server cannot be reached."""
        failures = 0
        while True:
            try:
                await self._bot.initialize()
                await self._bot.delete_webhook()
            except InvalidToken:
                # Without its cause, for that one spells the token out.
                raise PlatformRefusedError(
                    "Telegram refuses TELEGRAM_TOKEN: copy it anew from @BotFather, and check "
                    "TELEGRAM_API if you set it."
                ) from None
            except (TelegramError, *NONSENSE) as error:
                failures += 1
                await self._report(_UNREACHED, str(error))
                await asyncio.sleep(backoff_seconds(failures))
            else:
                return

    async def _listen(self, answers: Answers, lanes: Lanes) -> None:
        poller = Poller(self._bot, self._listening, self._poll_seconds, self._report)
        await lanes.add("menu", self._show_menu)
        try:
            async with contextlib.aclosing(poller.updates()) as updates:
                async for update in updates:
                    await answers.take(update, lanes)
        except asyncio.CancelledError:
            await lanes.finish(_FAREWELL_SECONDS)
            raise

    async def _show_menu(self) -> None:
        try:
            await set_menu(self._bot, self._commands)
        except (TelegramError, *NONSENSE) as error:
            _LOG.warning("the commands menu could not be set: %s", error)

    async def _report(self, what: str, why: str) -> None:
        """Say the same thing at most once a minute in the log, once an hour to the keeper."""
        if self._is_due(f"log {what}", _LOG_SECONDS):
            _LOG.error("%s: %s", what, unsealed(why))
        if self._is_due(f"keeper {what}", _KEEPER_SECONDS):
            await self._keeper.on_trouble(what, why)

    def _is_due(self, what: str, seconds: float) -> bool:
        now = asyncio.get_running_loop().time()
        if now - self._reported.get(what, float("-inf")) < seconds:
            return False
        self._reported[what] = now
        return True


class _Sending(Carrier):
    """Keeps Telegram's limit over all as Telegram counts it: by when calls arrive.

    A pause that Telegram asks for in any of its answers holds back what has its turn already,
    too; in a long one a call is refused as Telegram would.
    """

    def __init__(self, pacer: Pacer) -> None:
        super().__init__(connections=64)
        self._pacer = pacer
        self._gate = Gate()

    async def do_request(self, *given: Any, **more: Any) -> tuple[int, bytes]:
        async with self._gate.passage():
            if self._pacer.is_halted_long:
                raise RetryAfter(math.ceil(self._pacer.halted_seconds))
            await self._pacer.end_of_halt()
            status, body = await super().do_request(*given, **more)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            self._pacer.halt(asked_seconds(body))
        return status, body
