"""Answers what people do on Discord."""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import discord
from discord import Client, Interaction
from discord.app_commands import Choice
from msgspec.structs import replace

from bot.commands.command import Command, Parameter
from bot.commands.completion import Completion, Offer
from bot.commands.parse import is_taken
from bot.language import _, offered, speaking
from bot.outlet.pacer import Pacer
from bot.platforms.discord_buttons import replaces
from bot.platforms.discord_commands import format_offers
from bot.platforms.discord_incoming import NAME, attached, parse_direct, parse_interaction
from bot.platforms.discord_reply import Manner, Reply
from bot.platforms.discord_wire import FAILURES, TooLateError, Wire
from bot.platforms.discord_writer import Place, Writer
from bot.platforms.lanes import Lanes
from bot.platforms.platform import Dispatch, Incoming, Keeper
from bot.progress import following
from bot.wording.words import refuse
from storage.model import Gone, Message, Moved, Priority, Rejected, Retry, Sent

_LOG = logging.getLogger(__name__)
PATIENCE_SECONDS = 1.5
"""How long an answer may take before Discord is asked for patience: it has three."""
_WORDS_SECONDS = 4.0
_ANSWER_SECONDS = 120.0


class Answers:
    """The `Asked` of the slash commands, and who hears buttons and direct messages."""

    def __init__(
        self,
        dispatch: Dispatch,
        complete: Completion,
        writer: Writer,
        pacer: Pacer,
        keeper: Keeper,
        lanes: Lanes,
    ) -> None:
        self._dispatch = dispatch
        self._complete = complete
        self._writer = writer
        self._pacer = pacer
        self._keeper = keeper
        self._lanes = lanes
        self._under_way: set[asyncio.Task[object]] = set()

    async def give(
        self,
        interaction: "Interaction[Client]",
        command: Command,
        options: Mapping[str, str],
        file: discord.Attachment | None = None,
    ) -> None:
        """Answer a slash command."""
        asker = parse_interaction(interaction)
        sent = attached(file) if file else None
        incoming = replace(asker, command=command.name, options=options, file=sent)
        private = incoming.kind == "private"
        await self._answer(interaction, incoming, Manner(private, personal=command.personal))

    async def press(self, interaction: "Interaction[Client]", token: str) -> None:
        """Answer a button."""
        incoming = replace(parse_interaction(interaction), pressed=token)
        bearer = interaction.message
        manner = Manner(
            incoming.kind == "private",
            pressed=True,
            replaces=replaces(token),
            hidden=bearer is not None and bearer.flags.ephemeral,
        )
        await self._answer(interaction, incoming, manner)

    async def complete(
        self, interaction: "Interaction[Client]", parameter: Parameter, typed: str
    ) -> list[Choice[str]]:
        """What may be meant by what is typed so far, itself where nothing else is.

        Where nothing is offered Discord says that nothing fits, and it looks refused.
        """
        place = (NAME, parse_interaction(interaction).chat, "")
        given = {name: str(value) for name, value in interaction.namespace}
        offers = self._complete(place, parameter, typed, given)
        if not offers and is_taken(parameter, typed, self._complete.chains):
            offers = [Offer(typed.strip())]
        return format_offers(offers)

    async def hear(self, said: discord.Message) -> None:
        """Answer what was written to the bot alone, one person's messages in their order."""
        incoming = parse_direct(said)
        if incoming is not None:
            await self._lanes.add(incoming.chat, partial(self._reply_to, incoming, said.id))

    async def _reply_to(self, incoming: Incoming, message_id: int) -> None:
        try:
            message = await self._dispatch(incoming)
            if message:
                place = Place(incoming.chat, private=True, reply_to=message_id)
                await self._write(place, message, key=str(message_id))
        except Exception:  # noqa: BLE001 - boundary: one message must not end the talk with all
            _LOG.exception("a message in chat %s could not be answered", incoming.chat)

    async def finish(self, seconds: float) -> None:
        """Wait for the answers under way."""
        await self._lanes.finish(seconds)
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)

    async def _answer(
        self, interaction: "Interaction[Client]", incoming: Incoming, manner: Manner
    ) -> None:
        with self._busy(), speaking(offered(incoming.language)):
            reply = Reply(Wire(interaction), manner)
            try:
                message = await self._ask(incoming, reply)
                if interaction.is_expired():
                    await self._say_late(incoming, reply, message)
                else:
                    await reply.say(message)
            except TooLateError as error:
                _LOG.warning("an interaction in chat %s was not answered: %s", incoming.chat, error)
            except FAILURES as error:
                _LOG.warning("an answer to chat %s was refused: %s", incoming.chat, error)

    async def _ask(self, incoming: Incoming, reply: Reply) -> Message:
        """The answer, waited for with Discord's leave; meanwhile it says how far that is."""
        with following() as progress:
            async with asyncio.TaskGroup() as group:
                answer = group.create_task(_dispatched(self._dispatch, incoming))
                done, _waiting = await asyncio.wait([answer], timeout=PATIENCE_SECONDS)
                late = None if done else await _too_late(reply)
                while not (late or (await asyncio.wait([answer], timeout=_WORDS_SECONDS))[0]):
                    await reply.say_meanwhile(progress.words)
        if late:
            raise late
        return answer.result() or refuse(_("There is nothing to say to that."))

    async def _say_late(self, incoming: Incoming, reply: Reply, message: Message) -> None:
        """Say what took longer than the interaction lives: its message can still be changed."""
        if reply.hides(message):
            _LOG.warning("an answer to chat %s took too long", incoming.chat)
            return
        place = Place(incoming.chat, incoming.kind == "private")
        await self._write(place, message, str(reply.message or ""))

    async def _write(self, place: Place, message: Message, edits: str = "", key: str = "") -> None:
        """Say it in the chat; what is refused for now is tried again for two minutes.

        What arrived with the same `key` all the same is not said again.
        """
        now = asyncio.get_running_loop().time
        deadline = now() + _ANSWER_SECONDS
        while now() < deadline:
            await self._pacer.turn(place.address, True, Priority.ANSWER)
            match await self._writer.write(place, message, edits, Priority.ANSWER, key):
                case Sent() | Moved():
                    return
                case Retry(after_seconds=seconds, reference=reference):
                    edits = reference
                    await asyncio.sleep(seconds)
                case Gone():
                    edits = ""
                case Rejected(reason=reason, parks=parks):
                    _LOG.warning("an answer to chat %s was refused: %s", place.address, reason)
                    if parks:
                        await self._keeper.on_parked(place.address, reason)
                    return
        _LOG.warning("an answer to chat %s could not be said in time", place.address)

    @contextmanager
    def _busy(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in one
        self._under_way.add(task)
        try:
            yield
        finally:
            self._under_way.discard(task)


async def _dispatched(dispatch: Dispatch, incoming: Incoming) -> Message | None:
    return await dispatch(incoming)


async def _too_late(reply: Reply) -> TooLateError | None:
    """Ask for patience; the error where it was too late, which must not end the work."""
    try:
        await reply.wait()
    except TooLateError as error:
        return error
    except TimeoutError:
        _LOG.info("nobody knows whether Discord was asked for patience")
    return None
