"""What people do, answered: whoever comes in, whatever they typed or pressed."""

import asyncio
import logging
from collections.abc import Sequence

from bot.access import Access, Arrival, arrive, is_trusted, may_use
from bot.commands.command import Call, Command, UsageError
from bot.commands.parse import MissingError, Typed, parse_arguments, parse_typed
from bot.commands.paste import answer_text
from bot.commands.registry import COMMANDS
from bot.commands.values import warn_of_secret
from bot.desk import Desk
from bot.platforms.platform import Incoming
from bot.wording.refusals import (
    format_broken,
    format_missing,
    format_secret,
    format_stranger,
    format_too_old,
    format_unknown,
    format_usage,
)
from storage.buttons import command_of, save_buttons
from storage.ledger import save_incident
from storage.model import Message
from storage.people import Defaults, owner_names
from watchers.model import Incident

LONGEST = 4096
"""As much of a text as is read: what Telegram allows in one message."""
_DETAIL = 300

_log = logging.getLogger(__name__)


class Conversation:
    """The `Dispatch` that every platform is given: answers, and never raises."""

    def __init__(
        self,
        desk: Desk,
        access: Access,
        defaults: Defaults,
        commands: Sequence[Command] = COMMANDS,
    ) -> None:
        self._desk = desk
        self._access = access
        self._defaults = defaults
        self._commands = {command.name: command for command in commands}

    async def __call__(self, incoming: Incoming) -> Message | None:
        """The answer with tokens for its buttons; None where nothing is to be said."""
        text = incoming.text[:LONGEST].encode(errors="replace").decode().replace("\0", "")
        try:
            answer = await self._answer(incoming, text)
            return answer and await self._desk.write(save_buttons, answer, self._now())
        except Exception as error:  # noqa: BLE001 - the boundary between people and commands
            return await self._give_up(error, incoming, text)

    async def _answer(self, incoming: Incoming, text: str) -> Message | None:
        if warning := warn_of_secret(text, self._desk.chains):
            return format_secret(warning)
        private = incoming.kind == "private"
        if not (private or incoming.pressed or incoming.returned or text.startswith("/")):
            return None
        arrival: Arrival = await self._desk.write(
            arrive, incoming, self._access, self._defaults, self._now()
        )
        if arrival.revived:
            self._desk.wake()
        if incoming.pressed:
            pressed = await self._desk.read(command_of, incoming.pressed)
            if pressed is None:
                return format_too_old()
            text = pressed
        return await self._say(arrival, text) if text.strip() else None

    async def _say(self, arrival: Arrival, text: str) -> Message | None:
        typed = parse_typed(text, self._commands)
        if typed is None:
            return await self._hear(arrival, text)
        command = self._commands.get(typed.name)
        if command is not None:
            return await self._run(arrival, command, typed)
        if arrival.chat.kind != "private":
            return None  # it may be meant for another bot
        if not is_trusted(arrival.person, self._access):
            return await self._turn_away(arrival)
        return format_unknown(typed, self._commands, self._desk.chains)

    async def _hear(self, arrival: Arrival, text: str) -> Message | None:
        """Answer what is no command."""
        if arrival.chat.kind != "private":
            return None
        if not is_trusted(arrival.person, self._access):
            return await self._turn_away(arrival)
        return await answer_text(text, self._call(arrival, {}), self._desk)

    async def _run(self, arrival: Arrival, command: Command, typed: Typed) -> Message:
        has_code = command.name == "start" and typed.rest.strip() != ""
        if not (has_code or may_use(arrival, self._access, changes=command.changes)):
            return await self._turn_away(arrival)
        try:
            arguments = parse_arguments(command, typed.rest, self._desk.chains)
            return await command.reply(self._call(arrival, arguments), self._desk)
        except MissingError as missing:
            return format_missing(command, missing, private=arrival.chat.kind == "private")
        except UsageError as error:
            return format_usage(command, error)

    def _call(self, arrival: Arrival, arguments: dict[str, object]) -> Call:
        return Call(arrival.chat, arrival.person, arguments, self._now())

    async def _turn_away(self, arrival: Arrival) -> Message:
        owners = await self._desk.read(owner_names)
        return format_stranger(owners, arrival.chat.kind, admitted=arrival.admitted)

    async def _give_up(self, error: Exception, incoming: Incoming, text: str) -> Message:
        """Note what went wrong, where the owner sees it; what was typed is not repeated."""
        typed = parse_typed(text, self._commands)
        name = typed.name if typed and typed.name in self._commands else ""
        what = f"/{name}" if name else "an answer"
        _log.error("command failed command=%s", what, exc_info=error)
        detail = f"{type(error).__name__}: {error}"[:_DETAIL]
        incident = Incident("commands", what, detail, self._now())
        try:
            await asyncio.shield(self._desk.write(save_incident, incident))
        except Exception as second:  # noqa: BLE001 - the same boundary: the database may be at fault
            _log.error("incident not saved command=%s", what, exc_info=second)
        command = self._commands.get(name)
        return format_broken(changes=command.changes if command else incoming.pressed != "")

    def _now(self) -> int:
        return int(self._desk.clock())
