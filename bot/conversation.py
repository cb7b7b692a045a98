"""What people do, answered: whoever comes in, whatever they typed or pressed."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from bot.access import Denied, Right, denied, denied_a_code, may_ask, needed, outside
from bot.acts import LET_IN, act_of, takes_code
from bot.allowance import Allowances, allowance_of
from bot.arrival import Access, Arrival, arrive, is_trusted, recognise
from bot.commands.command import Call, Command, MissingError, UsageError
from bot.commands.parse import Form, Typed, parse_given, parse_typed
from bot.commands.paste import answer_text
from bot.commands.registry import COMMANDS
from bot.commands.values import warn_of_secret
from bot.desk import Desk
from bot.language import _, marked, offered, speaking, speaking_to
from bot.platforms.platform import Attached, Incoming
from bot.wording.denials import format_denied, format_too_often
from bot.wording.refusals import (
    format_broken,
    format_missing,
    format_secret,
    format_too_old,
    format_unbound,
    format_unknown,
    format_unwritable,
    format_usage,
)
from storage._sqlite import DatabaseError, is_trouble
from storage.buttons import command_of, known_buttons, save_buttons, without_commands
from storage.chats import Defaults
from storage.ledger import save_incident
from storage.model import Message, Role
from storage.persons import owner_names
from storage.subscriptions import UnboundError
from watchers.model import Incident

LONGEST = 4096
"""As much of a text as is read: what Telegram allows in one message."""
_DETAIL = 300
_BUTTONS_SECONDS = 3.0
"""So long an answer waits for the tokens of its buttons: a slow disk costs those, no more."""

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
        self._allowances = Allowances()

    async def __call__(self, incoming: Incoming) -> Message | None:
        """The answer with tokens for its buttons; None where nothing is to be said."""
        said = _legible(incoming)
        with speaking(self._first_language(said)):
            try:
                answer = await self._answer(said)
                return answer and await self._with_tokens(answer)
            except Exception as error:  # noqa: BLE001 - the boundary between people and commands
                return await self._give_up(error, said)

    def _first_language(self, incoming: Incoming) -> str:
        """In which language somebody is spoken to before it is known who they are."""
        told = offered(incoming.language) if incoming.kind == "private" else ""
        return told or self._defaults.language

    async def _with_tokens(self, answer: Message) -> Message:
        """The answer with tokens for its buttons; without them while they cannot be kept."""
        if not any(button.command for row in answer.buttons for button in row):
            return answer
        now = self._now()
        try:
            async with asyncio.timeout(_BUTTONS_SECONDS):
                known: Message | None = await self._desk.read(known_buttons, answer, now)
                if known is not None:
                    return known
                saved: Message = await self._desk.write(save_buttons, answer, now)
                return saved
        except (DatabaseError, TimeoutError) as error:
            _log.warning("an answer goes without its buttons: %s", error)
            return without_commands(answer)

    async def _arrival(self, incoming: Incoming) -> Arrival:
        """Who it is, and where: most are known, and need no write."""
        known: Arrival | None = await self._desk.read(recognise, incoming, self._access)
        if known is not None:
            return known
        arrival: Arrival = await self._desk.write(
            arrive, incoming, self._access, self._defaults, self._now()
        )
        return arrival

    async def _answer(self, incoming: Incoming) -> Message | None:
        sent = incoming.file is not None and not incoming.command
        text = "/import" if sent else incoming.text
        if warning := warn_of_secret(
            " ".join((incoming.text, *incoming.options.values())), self._desk.chains
        ):
            return format_secret(warning)
        meant = incoming.kind == "private" or text.startswith("/")
        if not (meant or incoming.pressed or incoming.command or incoming.returned):
            return None
        arrival = await self._arrival(incoming)
        if may_ask(arrival, self._access):
            self._desk.met(arrival.chat)
        if arrival.revived:
            self._desk.wake()
        with speaking_to(arrival.chat):
            if incoming.pressed:
                pressed = await self._desk.read(command_of, incoming.pressed)
                if pressed is None:
                    return format_too_old()
                text = pressed
            return await self._reply_to(arrival, incoming, text)

    async def _reply_to(self, arrival: Arrival, incoming: Incoming, text: str) -> Message | None:
        button, file = incoming.pressed != "", incoming.file
        if incoming.command:
            form = Form(incoming.command, incoming.options)
            return await self._give(arrival, form, button=button, file=file)
        if not text.strip():
            return None
        typed = parse_typed(text, self._commands)
        if typed is None:
            return await self._hear(arrival, text)
        return await self._give(arrival, typed, button=button, file=file)

    async def _give(
        self, arrival: Arrival, given: Typed | Form, *, button: bool, file: Attached | None
    ) -> Message | None:
        """Answer a command."""
        command = self._commands.get(given.name)
        if command is not None:
            return await self._run(arrival, command, given, button=button, file=file)
        typed = given if isinstance(given, Typed) else Typed(given.name, "", slash=True)
        if arrival.chat.kind != "private" and given is typed:
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

    async def _run(
        self,
        arrival: Arrival,
        command: Command,
        given: Typed | Form,
        *,
        button: bool,
        file: Attached | None,
    ) -> Message:
        right = needed(command, given, arrival.chat)
        if reason := await self._denied(arrival, right, given):
            return await self._turn_away(arrival, reason)
        try:
            arguments = parse_given(command, given, self._desk.chains)
            if refusal := self._too_often(arrival, command, arguments):
                return refusal
            desk = self._desk
            if right is not Right.ASK or takes_code(given):
                desk = desk.noting(act_of(arrival, given, self._now(), pressed=button))
            call = replace(self._call(arrival, arguments), file=file)
            answer = await command.reply(call, desk)
        except MissingError as missing:
            private = arrival.chat.kind == "private"
            return replace(format_missing(command, missing, private=private), personal=True)
        except UsageError as error:
            return format_usage(command, error, given.rest)
        except UnboundError:
            return format_unbound(arrival.chat)
        return replace(answer, personal=answer.personal or command.personal)

    async def _denied(self, arrival: Arrival, right: Right, given: Typed | Form) -> Denied | None:
        """Why a command is refused."""
        if takes_code(given):
            reason = denied_a_code(arrival, given.name)
            if reason or given.name in LET_IN:
                return reason
        return await denied(arrival, self._access, self._desk.is_admin, right)

    def _too_often(
        self, arrival: Arrival, command: Command, arguments: Mapping[str, object]
    ) -> Message | None:
        """A refusal of what is dear and was asked for too often; owners ask as they like."""
        allowance = allowance_of(command, arguments)
        if allowance is None or arrival.person.role is Role.OWNER:
            return None
        person, now = arrival.person.id, self._desk.clock()
        wait = self._allowances.wait_seconds(person, allowance, now)
        return format_too_often(_(allowance.what), wait) if wait else None

    def _call(self, arrival: Arrival, arguments: dict[str, object]) -> Call:
        return Call(arrival.chat, arrival.person, arguments, self._now(), arrival.cannot)

    async def _turn_away(self, arrival: Arrival, reason: Denied | None = None) -> Message:
        owners = await self._desk.read(owner_names)
        return format_denied(reason or outside(arrival.person), owners, arrival.chat)

    async def _give_up(self, error: Exception, incoming: Incoming) -> Message:
        """Note what went wrong, where the owner sees it; what was typed is not repeated."""
        typed = parse_typed(incoming.text, self._commands)
        name = incoming.command or (typed.name if typed else "")
        name = name if name in self._commands else ""
        what = f"/{name}" if name else marked("an answer")
        if is_trouble(error):
            _log.error("the database kept from an answer command=%s: %s", what, error)
            return format_unwritable(str(error))
        _log.error("command failed command=%s", what, exc_info=error)
        detail = f"{type(error).__name__}: {error}"[:_DETAIL]
        incident = Incident(marked("commands"), what, detail, self._now())
        try:
            await asyncio.shield(self._desk.write(save_incident, incident))
        except Exception as second:  # noqa: BLE001 - the same boundary: the database may be at fault
            _log.error("incident not saved command=%s", what, exc_info=second)
        command = self._commands.get(name)
        return format_broken(changes=command.changes if command else incoming.pressed != "")

    def _now(self) -> int:
        return int(self._desk.clock())


def _legible(incoming: Incoming) -> Incoming:
    """What was said, without what no text may hold, and no longer than is read."""
    options = {name: _legible_text(text) for name, text in incoming.options.items()}
    return replace(incoming, text=_legible_text(incoming.text), options=options)


def _legible_text(text: str) -> str:
    return text[:LONGEST].encode(errors="replace").decode().replace("\0", "")
