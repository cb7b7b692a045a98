"""Discord: messages go out over REST, and what people do comes in over the gateway.

A chat's address is the id of a channel or a thread (which for Discord is a channel of its
own), and of a person where the chat is private, as Telegram has it. It has no `thread`.
"""

import asyncio
import logging
import random
from collections.abc import Sequence
from functools import partial

import discord
from discord.http import Route

from bot.commands.command import Command
from bot.commands.completion import Completion
from bot.language import marked
from bot.outlet.pacer import Limits, Pacer
from bot.platforms.discord_answers import Answers
from bot.platforms.discord_buttons import button_item
from bot.platforms.discord_changes import Changes
from bot.platforms.discord_client import Client
from bot.platforms.discord_commands import SlashTree, slash_tree
from bot.platforms.discord_link import Link
from bot.platforms.discord_permissions import install_url
from bot.platforms.discord_rest import Rest
from bot.platforms.discord_writer import Place, Writer
from bot.platforms.lanes import Lanes
from bot.platforms.platform import Dispatch, Keeper, PlatformRefusedError
from storage.model import Chat, Message, Priority, Rejected, Verdict

_LOG = logging.getLogger(__name__)
_FAREWELL_SECONDS = 2.0
_TRIES = 8
_SERVER_ERROR = 500
_SLOWEST_SECONDS = 120.0
"""Discord allows a bot 1,000 new sessions a day."""
LIMITS = Limits(
    gap_seconds=1 / 49, lag_seconds=0.2, chat_gap_seconds=0.25, group_calls=4, group_seconds=5.1
)
"""Discord publishes 50 calls a second, and answers that a channel takes five in 5 s. At
the last of those the library would hold the answer back until the five seconds are over. What
catches up after a delay is held to the 50 by the gate that each request passes (`Rest.paced`)."""
_NOT_LET_IN = marked(
    "Discord refuses DISCORD_TOKEN: copy it anew from the Developer Portal (Bot, Reset Token), "
    "and check DISCORD_API if you set it."
)
_BAD_INTENTS = marked("Discord refuses what this program asks to hear of: install a newer Spyhop.")
_CLOSED_FOR_GOOD = {4004: _NOT_LET_IN, 4013: _BAD_INTENTS, 4014: _BAD_INTENTS}


class Discord:
    """One bot. `api` is the base address of the REST API."""

    name = "discord"

    def __init__(
        self,
        token: str,
        api: str,
        commands: Sequence[Command],
        complete: Completion,
        keeper: Keeper,
        *,
        pacer: Pacer | None = None,
        patience_seconds: float = 30.0,
    ) -> None:
        self._token = token
        self._commands = commands
        self._complete = complete
        self._keeper = keeper
        self._pacer = pacer or Pacer(LIMITS)
        self._link = Link(keeper, patience_seconds)
        self._changes = Changes(keeper)
        self._rest = Rest()
        self._writer = Writer(self._rest, self._pacer)
        Route.BASE = api.rstrip("/")

    async def turn(self, chat: Chat, priority: Priority) -> None:
        """Wait until Discord's limits let a message leave for the chat."""
        await self._pacer.turn(chat.address, True, priority)

    async def send(
        self, chat: Chat, message: Message, edits: str = "", answers: str = "", key: str = ""
    ) -> Verdict:
        """Deliver once, after a `turn`. A reference is the ids of the message's parts."""
        spoken_of = int(answers.split(",", maxsplit=1)[0]) if answers else None
        place = Place(chat.address, chat.kind == "private", spoken_of)
        priority = Priority.EDIT if edits else Priority.PERSONAL
        verdict = await self._writer.write(place, message, edits, priority, key)
        if isinstance(verdict, Rejected) and verdict.parks and not place.private:
            reason = await self._changes.refused(
                self._channel(chat.address), chat.address, verdict.reason
            )
            return Rejected(reason, parks=True)
        return verdict

    def invitation_url(self, code: str) -> str:
        """None: no address of Discord's brings a code along."""
        del code
        return ""

    async def is_admin(self, chat: str, person: str) -> bool | None:
        """Not known: Discord says it with each thing that a person does."""
        del chat, person
        return None

    async def run(self, dispatch: Dispatch) -> None:
        """Listen and answer until cancelled. Raises `PlatformRefusedError` at the start."""
        async with asyncio.TaskGroup() as group:
            answers = Answers(
                dispatch, self._complete, self._writer, self._pacer, self._keeper, Lanes(group)
            )
            self._rest.calls = group
            watching = group.create_task(self._link.watch())
            refusal = await self._stay_connected(answers)
            watching.cancel()
        raise PlatformRefusedError(refusal)

    async def _stay_connected(self, answers: Answers) -> str:
        """Log in and listen, and begin anew whatever ends that; why Discord will not have us."""
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            why, for_good = await self._connect(answers)
            if for_good and not self._link.was_up:
                return why  # later, others may still be talked to elsewhere
            lasted = asyncio.get_running_loop().time() - began
            failures = 0 if lasted > _SLOWEST_SECONDS else failures + 1
            self._link.down(None, why)
            _LOG.warning("Discord was left, beginning anew: %s", why)
            await asyncio.sleep(_backoff_seconds(failures))

    async def _connect(self, answers: Answers) -> tuple[str, bool]:
        """One login, until it ends: why it did, and whether trying again is of no use."""
        self._link.down(None, marked("it does not answer"))
        prepare = partial(self._prepare, answers)
        client = Client(self._link, self._changes, prepare, answers.hear, self._rest.paced)
        try:
            async with client:
                try:
                    await client.start(self._token)
                finally:
                    await answers.finish(_FAREWELL_SECONDS)
        except discord.LoginFailure:
            return _NOT_LET_IN, True
        except discord.PrivilegedIntentsRequired:
            return _BAD_INTENTS, True
        except discord.ConnectionClosed as closed:
            return _CLOSED_FOR_GOOD.get(closed.code, str(closed)), closed.code in _CLOSED_FOR_GOOD
        except Exception as error:  # noqa: BLE001 - boundary: the library has faults of its own
            return f"{type(error).__name__}: {error}", False
        finally:
            self._rest.client = None
        return marked("Discord closed the connection"), False

    async def _prepare(self, answers: Answers, client: Client) -> None:
        """Once logged in: messages can leave, and commands and buttons are known."""
        client.add_dynamic_items(button_item(answers.press))
        tree = slash_tree(client, self._commands, self._complete.chains, answers)
        if self._rest.calls:
            self._rest.calls.create_task(_show(tree))
        self._rest.client = client
        if client.application_id:
            _LOG.info("add the bot to a server: %s", install_url(client.application_id))

    def _channel(self, address: str) -> discord.abc.GuildChannel | discord.Thread | None:
        client = self._rest.client
        found = client and client.get_channel(int(address))
        return found if isinstance(found, discord.abc.GuildChannel | discord.Thread) else None


async def _show(tree: SlashTree) -> None:
    """Tell Discord of the commands; where it cannot be reached, those of last time are shown."""
    for failures in range(_TRIES):
        pause_seconds = _backoff_seconds(failures)
        try:
            if await tree.show():
                _LOG.info("Discord was told of the commands anew")
        except discord.HTTPException as error:
            _LOG.error("Discord does not take the commands: %s", error)
            if error.status < _SERVER_ERROR:
                return
        except discord.RateLimited as error:
            _LOG.warning("Discord takes the commands later: %s", error)
            pause_seconds = error.retry_after
        except Exception as error:  # noqa: BLE001 - boundary: this must not end the talk with all
            _LOG.warning("Discord could not be told of the commands: %s", error)
        else:
            return
        await asyncio.sleep(pause_seconds)
        if tree.client.is_closed():
            return  # the next one that logs in tells of them


def _backoff_seconds(failures: int) -> float:
    """How long to wait after so many failures in a row, with jitter."""
    return min(_SLOWEST_SECONDS, 0.5 * 2.0 ** min(failures, 10)) * random.uniform(0.5, 1.0)
