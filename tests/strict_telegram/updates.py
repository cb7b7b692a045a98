"""The queue that getUpdates reads."""

from typing import Any

from tests.bell import Bell
from tests.strict_telegram.refusal import conflict

# These come only when asked for by name.
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


class Updates:
    """What happened and is not confirmed yet, each with an update_id that never comes back.

    `polling` is how many polls are waiting now.
    """

    def __init__(self, bell: Bell) -> None:
        self.pending: list[dict[str, Any]] = []
        self.polling = 0
        self.closing = False
        self._bell = bell
        self._next_id = 700_000_001
        self._allowed: set[str] = set()
        self._poll = 0

    def push(self, kind: str, told: dict[str, Any]) -> None:
        """Queue an update, unless the bot did not ask for its kind."""
        wanted = kind in self._allowed if self._allowed else kind not in ON_REQUEST
        if wanted:
            self.pending.append({"update_id": self._next_id, kind: told})
            self._next_id += 1
            self._bell.ring()

    def close(self) -> None:
        """Answer every poll at once."""
        self.closing = True
        self._bell.ring()

    def usurp(self) -> None:
        """Another program polls: whoever waits now meets the conflict."""
        self._poll += 1
        self._bell.ring()

    async def poll(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        """Answer getUpdates. Raises the conflict in the poll that a newer one ends."""
        self._poll += 1
        mine = self._poll
        self._confirm(given.get("offset", 0))
        if "allowed_updates" in given:
            self._allowed = set(given["allowed_updates"])
        await self._wait(mine, given.get("timeout", 0))
        if self._poll != mine:
            raise conflict()
        return self.pending[: given.get("limit", 100)]

    async def _wait(self, mine: int, timeout_seconds: float) -> None:
        self.polling += 1
        self._bell.ring()
        try:
            await self._bell.wait_until(
                lambda: self.pending or self.closing or self._poll != mine, timeout_seconds
            )
        finally:
            self.polling -= 1
            self._bell.ring()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        self.pending = [update for update in self.pending if update["update_id"] >= offset]
