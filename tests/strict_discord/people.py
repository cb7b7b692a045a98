"""People as actors: they give commands, complete them and press buttons."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.strict_discord.messages import File, Json, Message

if TYPE_CHECKING:
    from tests.strict_discord.channels import Channel
    from tests.strict_discord.interaction import Answer
    from tests.strict_discord.world import World


@dataclass(eq=False)
class Person:
    """A user; one without a guild has added the bot to their own account.

    `takes_dms`: the bot may write to them.
    """

    world: "World"
    user: Json
    locale: str = "en-US"
    takes_dms: bool = True

    @property
    def id(self) -> int:
        """The user's id."""
        return int(self.user["id"])

    @property
    def dm(self) -> "Channel":
        """The direct messages with the bot."""
        return self.world.dm_of(self.world.people[self.id])

    @property
    def shares_guild(self) -> bool:
        """Whether a guild knows the person, so that the bot is there by the guild's leave."""
        return any(self.id in guild.members for guild in self.world.guilds.values())

    def close_dms(self) -> None:
        """Take no direct messages any more."""
        self.world.people[self.id].takes_dms = False

    def open_dms(self) -> None:
        """Take direct messages again."""
        self.world.people[self.id].takes_dms = True

    def says(self, text: str, *files: File) -> Message:
        """Write to the bot alone, which hears of it whatever its intents are but for one."""
        message = Message(self.world.new_id(self.world.now()), self.dm, self.user, self.world.now())
        message.content = text
        message.files = list(files)
        self.dm.history[message.id] = message
        self.world.tell("MESSAGE_CREATE", message.as_json())
        return message

    async def command(
        self,
        channel: "Channel",
        name: str,
        /,
        *,
        timeout: float = 10,  # noqa: ASYNC109 - a test names its patience
        **options: Any,
    ) -> "Answer":
        """Give a slash command, subcommands after a space; the answer once it is whole.

        Raises AssertionError when Discord would not let it through (no such command, an option
        that is missing or of another type, not shown to this person) or no answer comes.
        """
        from tests.strict_discord.acting import give_command

        return await give_command(self, channel, name, options, timeout)

    async def complete(
        self,
        channel: "Channel",
        name: str,
        /,
        *,
        focused: str,
        timeout: float = 10,  # noqa: ASYNC109 - as above
        **options: Any,
    ) -> list[str]:
        """What is offered while the option `focused` is being typed.

        The text so far is the option's value; `value=` is the same where that reads better.
        """
        from tests.strict_discord.acting import complete

        return await complete(self, channel, name, focused, options, timeout)

    async def press(self, message: Message, label: str, *, timeout: float = 10) -> "Answer":  # noqa: ASYNC109 - as above
        """Press the button with this label or beginning; the answer once it is whole."""
        from tests.strict_discord.acting import press

        return await press(self, message, label, timeout)
