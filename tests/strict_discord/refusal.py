"""The answers that say no, with the codes of Discord.

Source: docs.discord.com/developers/topics/opcodes-and-status-codes#json.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - an answer, not a fault of the server
    """A call that is answered with an error.

    `wrong` marks a call that could never have been right, whatever the state of the world: it is
    kept among the server's violations. `more` is added to the body.
    """

    status: int
    code: int
    message: str
    wrong: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        return {"message": self.message, "code": self.code, **self.more}


def unauthorized() -> Refusal:
    """A token that is not the bot's."""
    return Refusal(401, 0, "401: Unauthorized")


def no_route() -> Refusal:
    """An address that Discord does not have."""
    return Refusal(404, 0, "404: Not Found", wrong=True)


def invalid_form(problems: list[str]) -> Refusal:
    """A body, query or path that breaks the description or a limit."""
    errors = {"_errors": [{"code": "INVALID", "message": problem} for problem in problems]}
    message = f"Invalid Form Body: {'; '.join(problems)}"
    return Refusal(400, 50035, message, wrong=True, more={"errors": errors})


def empty_message() -> Refusal:
    """Neither text nor embed nor file."""
    return Refusal(400, 50006, "Cannot send an empty message", wrong=True)


def unknown(what: str) -> Refusal:
    """Something that does not exist, or no longer."""
    return Refusal(404, UNKNOWN[what], f"Unknown {what}")


def missing_access() -> Refusal:
    """A place that the bot cannot see."""
    return Refusal(403, 50001, "Missing Access")


def missing_permissions() -> Refusal:
    """Something that the bot may not do there."""
    return Refusal(403, 50013, "Missing Permissions")


def closed_to_bots() -> Refusal:
    """A direct message that the person does not take."""
    return Refusal(403, 50007, "Cannot send messages to this user")


def acknowledged(*, wrong: bool) -> Refusal:
    """The second answer to an interaction."""
    return Refusal(400, 40060, "Interaction has already been acknowledged.", wrong)


UNKNOWN = {
    "Application": 10002,
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "User": 10013,
    "Webhook": 10015,
    "Interaction": 10062,
    "Application Command": 10063,
}
