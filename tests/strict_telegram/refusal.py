"""The answers that say no, in the words of the Bot API."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - an answer, not a fault of the server
    """A call that is answered with an error.

    `wrong` marks a call that could never have been right, whatever the state of the chats: it is
    kept among the server's violations. `parameters` are the ResponseParameters of the answer.
    """

    status: int
    description: str
    wrong: bool = False
    parameters: dict[str, int] = field(default_factory=dict)

    def answer(self) -> dict[str, object]:
        """The body of the HTTP answer."""
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(reason: str, *, wrong: bool = False) -> Refusal:
    """A 400; `wrong` as in `Refusal`."""
    return Refusal(400, f"Bad Request: {reason}", wrong)


def conflict() -> Refusal:
    """A 409: two programs ask for the same updates."""
    reason = "terminated by other getUpdates request"
    advice = "make sure that only one bot instance is running"
    return Refusal(409, f"Conflict: {reason}; {advice}")


def too_many_requests(retry_after: int) -> Refusal:
    """A 429 that says how many seconds to wait."""
    description = f"Too Many Requests: retry after {retry_after}"
    return Refusal(429, description, parameters={"retry_after": retry_after})
