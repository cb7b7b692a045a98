"""Has what people do on Telegram dispatched, and says the answers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from msgspec.structs import replace
from telegram import Bot, CallbackQuery, ChatMemberUpdated, Update
from telegram import Message as TelegramMessage
from telegram.constants import ChatAction, ChatType
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.language import marked
from bot.outlet.pacer import Pacer
from bot.platforms.lanes import Lanes
from bot.platforms.platform import Dispatch, Incoming, Keeper
from bot.platforms.telegram_html import plain_text, render_html
from bot.platforms.telegram_part import Place
from bot.platforms.telegram_poller import backoff_seconds
from bot.platforms.telegram_updates import is_absent, parse_message, parse_press, parse_return
from bot.platforms.telegram_verdicts import NONSENSE
from bot.platforms.telegram_writer import Writer
from bot.progress import following
from bot.wording.words import say
from storage.model import Gone, Message, Moved, Priority, Rejected, Retry, Sent

_LOG = logging.getLogger(__name__)
_AT_ONCE = 16
_SLOW_SECONDS = 1.0
_TYPING_SECONDS = 4.5  # Telegram shows it for five
_ANSWER_SECONDS = 120.0
_TOAST = 200
_TOAST_TRIES = 3
_BLOCKED = marked("the bot was blocked")
_SILENCED = marked("the bot may not write there")
_IN_PLACE = "r"
"""How the token of a button begins whose answer replaces the message that bears it."""


class Answers:
    """Takes updates one by one; those of one chat are answered in order."""

    def __init__(
        self,
        bot: Bot,
        pacer: Pacer,
        writer: Writer,
        keeper: Keeper,
        dispatch: Dispatch,
        forget_admin: Callable[[str, str], None],
    ) -> None:
        self._bot = bot
        self._pacer = pacer
        self._writer = writer
        self._keeper = keeper
        self._dispatch = dispatch
        self._forget_admin = forget_admin
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def take(self, update: Update, lanes: Lanes) -> None:
        """Have the update handled when its chat's lane is free."""
        if change := update.chat_member:
            self._forget_admin(str(change.chat.id), str(change.new_chat_member.user.id))
            return
        chat = update.effective_chat
        lane = str(chat.id) if chat else ""
        query = update.callback_query
        waits = lanes.is_busy(lane)
        if query and waits:  # its answer may come too late for the button to stop waiting
            await lanes.add(f"button {query.id}", partial(self._toast, query.id, None))
        await lanes.add(lane, partial(self._handle, update, waits))

    async def _handle(self, update: Update, toasted: bool) -> None:
        try:
            message = update.message or update.channel_post
            if message:
                await self._hear(message)
            elif update.callback_query:
                await self._press(update.callback_query, toasted)
            elif update.my_chat_member:
                await self._change_membership(update.my_chat_member)
        except Exception:  # noqa: BLE001 - boundary: one update must not end the talk with all
            _LOG.exception("update %s could not be handled", update.update_id)

    async def _hear(self, message: TelegramMessage) -> None:
        here = str(message.chat.id)
        if message.migrate_to_chat_id:
            await self._keeper.on_moved(here, str(message.migrate_to_chat_id))
        elif message.migrate_from_chat_id:
            await self._keeper.on_moved(str(message.migrate_from_chat_id), here)
        elif incoming := parse_message(message, self._bot.bot):
            await self._reply(incoming, message.message_id)

    async def _change_membership(self, change: ChatMemberUpdated) -> None:
        if is_absent(change.new_chat_member):
            private = change.chat.type == ChatType.PRIVATE
            reason = _BLOCKED if private else _SILENCED
            await self._keeper.on_parked(str(change.chat.id), reason)
        elif incoming := parse_return(change):
            await self._reply(incoming, None)
            # Telegram says it once: it must not be lost where nothing can be written just now.
            await self._keeper.on_returned([incoming.chat])

    async def _reply(self, incoming: Incoming, message_id: int | None) -> None:
        place = _place(incoming)
        answered = replace(place, reply_to=message_id if place.group else None)
        interim = ""

        async def hint(words: str) -> None:
            nonlocal interim
            if words:
                interim = await self._say_meanwhile(answered, words, interim)
            else:
                await self._type(place)

        message = await self._ask(incoming, hint)
        if message:
            await self._say(answered, message, interim)

    async def _press(self, query: CallbackQuery, toasted: bool) -> None:
        """Answer a button: a toast always, and what it asked for in place or as a message."""
        incoming = parse_press(query)
        if incoming is None or query.message is None:
            await self._toast(query.id, None)
            return
        place = _place(incoming)

        async def hint(words: str) -> None:
            nonlocal toasted
            del words
            if toasted:
                await self._type(place)
            else:
                toasted = True
                await self._toast(query.id, None)

        message = await self._ask(incoming, hint)
        if not toasted:
            await self._toast(query.id, message)
        if message and not message.brief and (toasted or not message.refusal):
            pressed = query.message.message_id
            in_place = incoming.pressed.startswith(_IN_PLACE) and not message.refusal
            edits = str(pressed) if in_place else ""
            await self._say(replace(place, reply_to=pressed), message, edits)

    async def _ask(
        self, incoming: Incoming, hint: Callable[[str], Awaitable[None]]
    ) -> Message | None:
        """The answer; `hint` is told again and again how far it is while it takes long."""
        with following() as progress:
            async with asyncio.TaskGroup() as group:
                answer = group.create_task(self._dispatched(incoming))
                if not (await asyncio.wait([answer], timeout=_SLOW_SECONDS))[0]:
                    await hint("")
                while not (await asyncio.wait([answer], timeout=_TYPING_SECONDS))[0]:
                    await hint(progress.words)
        return answer.result()

    async def _dispatched(self, incoming: Incoming) -> Message | None:
        async with self._free:
            return await self._dispatch(incoming)

    async def _say(self, place: Place, message: Message, edits: str = "") -> None:
        """Say an answer; what is refused for now is tried again within two minutes."""
        now = asyncio.get_running_loop().time
        deadline = now() + _ANSWER_SECONDS
        while now() < deadline:
            await self._pacer.turn(place.chat, place.group, Priority.ANSWER)
            match await self._writer.write(place, message, edits, Priority.ANSWER):
                case Sent():
                    return
                case Retry(after_seconds=seconds, reference=reference):
                    edits = reference
                    if now() + seconds >= deadline:
                        break
                    await asyncio.sleep(seconds)
                case Gone():
                    edits = ""
                case Moved(address=address):
                    await self._keeper.on_moved(place.chat, address)
                    place = replace(place, chat=address, reply_to=None)
                    edits = ""
                case Rejected(reason=reason, parks=parks):
                    _LOG.warning("an answer to chat %s was refused: %s", place.chat, reason)
                    if parks:
                        await self._keeper.on_parked(place.chat, reason)
                    return
        _LOG.warning("an answer to chat %s could not be said in time", place.chat)

    async def _say_meanwhile(self, place: Place, words: str, edits: str) -> str:
        """Say how far an answer is, in the message that it will be; the reference of that."""
        await self._pacer.turn(place.chat, place.group, Priority.ANSWER)
        said = Message(say(f"⏳ {words}"))
        verdict = await self._writer.write(place, said, edits, Priority.ANSWER)
        return verdict.reference if isinstance(verdict, Sent) else edits

    async def _type(self, place: Place) -> None:
        """Show that an answer is being written."""
        await self._pacer.turn("", False, Priority.ANSWER)
        thread = int(place.thread) if place.thread else None
        try:
            await self._bot.send_chat_action(int(place.chat), ChatAction.TYPING, thread)
        except (TelegramError, *NONSENSE) as error:
            _LOG.debug("typing could not be shown: %s", error)

    async def _toast(self, query_id: str, message: Message | None) -> None:
        """Stop the button's waiting, with the verdict of the answer where there is one."""
        for attempt in range(_TOAST_TRIES):
            await self._pacer.turn("", False, Priority.ANSWER)
            try:
                await self._bot.answer_callback_query(
                    query_id, _toast_text(message), bool(message and message.refusal)
                )
            except BadRequest as error:
                _LOG.info("a button could not be answered: %s", error)
            except RetryAfter:
                continue
            except (TelegramError, *NONSENSE) as error:
                _LOG.info("a button could not be answered: %s", error)
                await asyncio.sleep(backoff_seconds(attempt))
                continue
            return


def _place(incoming: Incoming) -> Place:
    return Place(incoming.chat, incoming.thread, incoming.kind != "private")


def _toast_text(message: Message | None) -> str | None:
    """The title; all of a refusal, which is said nowhere else."""
    if message is None:
        return None
    said = message if message.refusal else Message(message.title)
    return plain_text(render_html(said)[0])[:_TOAST]
