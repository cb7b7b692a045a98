"""One interaction from the press of a key to its answer."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.strict_discord.messages import Json, Message

if TYPE_CHECKING:
    from tests.strict_discord.channels import Channel
    from tests.strict_discord.people import Person

# Types of options, of interactions and of answers to them.
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = 3, 4, 5, 6, 7, 8, 9, 10
ATTACHMENT = 11
COMMAND, PRESS, COMPLETION, MODAL = 2, 3, 4, 5
SAYS, SAYS_LATER, CHANGES_LATER, CHANGES, OFFERS, ASKS = 4, 5, 6, 7, 8, 9
MAY_ANSWER = {
    COMMAND: {SAYS, SAYS_LATER, ASKS},
    PRESS: {SAYS, SAYS_LATER, CHANGES_LATER, CHANGES, ASKS},
    COMPLETION: {OFFERS},
    MODAL: {SAYS, SAYS_LATER, CHANGES_LATER, CHANGES},
}


@dataclass(frozen=True, eq=False)
class Answer:
    """What a person got: the message that is new or was changed, and how it came.

    `deferred`: "thinking" was shown first; `changed`: the message of the pressed button became
    the answer; `seconds` until the first sign, `whole_seconds` until the message. `more` are the
    follow-ups so far. `modal` is the form that was opened instead of a message.
    """

    message: Message | None
    ephemeral: bool
    deferred: bool
    changed: bool
    seconds: float
    whole_seconds: float
    more: tuple[Message, ...] = ()
    modal: Json | None = None
    interaction: "Interaction | None" = None

    @property
    def text(self) -> str:
        """The message as text, "" where there is none."""
        return "" if self.message is None else self.message.text


@dataclass(eq=False)
class Interaction:
    """What a person did and what the bot made of it. Times are of the server's clock.

    `source` is the message whose button was pressed, and `changed` whether the answer changed
    it; `wants` is the type of the option that is being typed; nobody minds when one that is
    `excused` is answered late or not at all. `lost`: the client was not told that its answer
    arrived, and may repeat it.
    """

    id: int
    token: str
    kind: int
    what: str
    person: "Person"
    channel: "Channel"
    asked_at: float
    source: Message | None = None
    answered_at: float | None = None
    whole_at: float | None = None
    callback: int | None = None
    ephemeral: bool = False
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    choices: list[Json] = field(default_factory=list)
    modal: Json | None = None
    wants: int = STRING
    changed: bool = False
    excused: bool = False
    lost: bool = False

    @property
    def is_thinking(self) -> bool:
        """Whether the person still waits for what was promised."""
        return self.callback == SAYS_LATER and self.original is None

    @property
    def is_whole(self) -> bool:
        """Whether everything that can be waited for is there."""
        return self.whole_at is not None

    def metadata(self) -> Json:
        """What a message tells of the interaction that it answers."""
        kind = {COMPLETION: COMMAND}.get(self.kind, self.kind)
        told: Json = {"id": str(self.id), "type": kind, "user": self.person.user}
        owners = {"authorizing_integration_owners": self.owners()}
        if self.source is not None:
            told["interacted_message_id"] = str(self.source.id)
        return told | owners

    def owners(self) -> dict[str, str]:
        """Who has let the bot in: a guild (0) or the person (1); among guild members, nobody."""
        guild = self.channel.guild
        if guild is not None:
            return {"0": str(guild.id)}
        return {"0": "0"} if self.person.shares_guild else {"1": str(self.person.id)}

    def answer(self) -> Answer:
        """What has come of it so far."""
        was_left = self.callback == CHANGES_LATER and not self.changed
        messages = ([] if was_left or not self.original else [self.original]) + self.follow_ups
        message = messages[0] if messages else None
        more = [each for each in self.follow_ups if each is not message]
        return Answer(
            message,
            bool(message and message.ephemeral),
            self.callback in {SAYS_LATER, CHANGES_LATER},
            self.changed,
            (self.answered_at or self.asked_at) - self.asked_at,
            (self.whole_at or self.asked_at) - self.asked_at,
            tuple(more),
            self.modal,
            self,
        )
