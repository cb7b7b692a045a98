"""Who is an admin in a Telegram chat, asked when it matters and remembered for minutes."""

import asyncio
import logging

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, TelegramError

from bot.outlet.pacer import Pacer
from bot.platforms.telegram_verdicts import NONSENSE
from storage.model import Priority

REMEMBERED_SECONDS = 300.0
_ADMINS = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}
_LOG = logging.getLogger(__name__)


class Admins:
    """Answers whether somebody is an admin.

    Telegram tells of a change in `chat_member` updates (`forget`) only where the bot is an
    admin itself; elsewhere an answer may be five minutes old.
    https://core.telegram.org/bots/api#getchatmember
    """

    def __init__(self, bot: Bot, pacer: Pacer) -> None:
        self._bot = bot
        self._pacer = pacer
        self._known: dict[tuple[str, str], tuple[bool, float]] = {}

    async def is_admin(self, chat: str, person: str) -> bool | None:
        """Whether a user is an admin of a chat; None where Telegram does not say."""
        now = asyncio.get_running_loop().time()
        answer, until = self._known.get((chat, person), (False, 0.0))
        if now < until:
            return answer
        found = await self._ask(chat, person)
        if found is not None:
            self._drop_old(now)
            self._known[chat, person] = (found, now + REMEMBERED_SECONDS)
        return found

    def forget(self, chat: str, person: str) -> None:
        """Ask anew next time: something changed."""
        self._known.pop((chat, person), None)

    def _drop_old(self, now: float) -> None:
        self._known = {key: kept for key, kept in self._known.items() if now < kept[1]}

    async def _ask(self, chat: str, person: str) -> bool | None:
        await self._pacer.turn("", False, Priority.ANSWER)
        try:
            member = await self._bot.get_chat_member(int(chat), int(person))
        except BadRequest as error:
            _LOG.info("chat %s does not tell who is an admin: %s", chat, error)
        except (TelegramError, *NONSENSE) as error:
            _LOG.info("it could not be asked who is an admin in chat %s: %s", chat, error)
        else:
            return member.status in _ADMINS
        return None
