"""Reads a bot's updates by long polling, and starts afresh when nothing comes back."""

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.language import marked
from bot.platforms.telegram_verdicts import NONSENSE, retry_seconds
from watchers.model import sealed

_LOG = logging.getLogger(__name__)
_KINDS = '["message","channel_post","callback_query","my_chat_member","chat_member"]'
_SLOWEST_SECONDS = 30.0
_CLOSE_SECONDS = 5.0
_SHARED = marked("Another program polls this bot, and both miss updates")
_REFUSED = marked("Telegram refuses TELEGRAM_TOKEN")
_SILENT = marked("Telegram does not answer, trying on")


class Poller:
    """Asks for updates for ever; no failure ends it.

    It asks by itself, not through the library's `Updater`, because that one goes on
    polling a dead connection, and reads a whole batch or nothing.
    """

    def __init__(
        self,
        bot: Bot,
        request: BaseRequest,
        poll_seconds: int,
        report: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self._bot = bot
        self._request = request
        self._poll_seconds = poll_seconds
        self._patience_seconds = 3.0 * poll_seconds
        self._report = report
        self._offset = 0
        self._failures = 0
        self._answered_at = 0.0

    async def updates(self) -> AsyncGenerator[Update, None]:
        """Every update once, in order; one is confirmed when the next batch is asked for."""
        self._answered_at = _now()
        while True:
            for number, raw in await self._poll():
                self._offset = number + 1
                update = _read(raw, self._bot)
                if update:
                    yield update

    async def _poll(self) -> list[tuple[int, dict[str, Any]]]:
        """One batch with its update ids; empty after a failure, which is waited out."""
        try:
            async with asyncio.timeout(self._patience_seconds):
                batch = [(int(raw["update_id"]), raw) for raw in await self._ask()]
        except (TelegramError, *NONSENSE, TimeoutError) as error:
            self._failures += 1
            await self._recover(error)
            return []
        self._failures = 0
        self._answered_at = _now()
        return batch

    async def _ask(self) -> Any:
        given = {"timeout": self._poll_seconds, "allowed_updates": _KINDS, "offset": self._offset}
        return await self._request.post(
            f"{self._bot.base_url}/getUpdates?{urlencode(given)}",
            read_timeout=self._poll_seconds + max(2.0, self._poll_seconds / 3),
        )

    async def _recover(self, error: Exception) -> None:
        """Say what is wrong, take a fresh connection when the old one seems dead, and wait."""
        _LOG.info("getUpdates failed: %s", error)
        silent_seconds = _now() - self._answered_at
        if isinstance(error, Conflict):
            await self._report(_SHARED, marked("stop it"))
        elif isinstance(error, InvalidToken):
            await self._report(_REFUSED, marked("ask @BotFather for a new one"))
        elif isinstance(error, TimeoutError) or silent_seconds > self._patience_seconds:
            await self._report(_SILENT, _silence(silent_seconds, error))
            await self._renew()
        await asyncio.sleep(self._pause_seconds(error))

    async def _renew(self) -> None:
        """Throw the connections away: one that is dead but open would be used for ever."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._request.shutdown()
        await self._request.initialize()

    def _pause_seconds(self, error: Exception) -> float:
        if isinstance(error, RetryAfter):
            return retry_seconds(error)
        return backoff_seconds(self._failures)


def backoff_seconds(failures: int) -> float:
    """How long to wait after so many failures in a row, with jitter."""
    return min(_SLOWEST_SECONDS, 0.25 * 2.0 ** min(failures, 10)) * random.uniform(0.5, 1.0)


def _read(raw: dict[str, Any], bot: Bot) -> Update | None:
    """The update; None for one that the library cannot read, which must not stop the rest."""
    try:
        return Update.de_json(raw, bot)
    except Exception:  # noqa: BLE001 - boundary: a new kind of update may break the library
        _LOG.exception("update %s cannot be read and is left out", raw.get("update_id"))
        return None


def _silence(seconds: float, error: Exception) -> str:
    return sealed("for {seconds} s: {cause}", seconds=round(seconds), cause=str(error))


def _now() -> float:
    return asyncio.get_running_loop().time()
