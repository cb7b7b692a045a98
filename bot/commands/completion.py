"""What a person may mean by the first letters of an argument."""

from collections.abc import Sequence

from bot.commands.command import Type
from bot.desk import Desk
from storage.subscriptions import watched_at


class Completion:
    """Candidates for a parameter: the addresses that the chat at `address` watches."""

    def __init__(self, desk: Desk, platform: str, address: str) -> None:
        self._desk = desk
        self._platform = platform
        self._address = address

    async def __call__(self, type_: str, prefix: str) -> Sequence[str]:
        """What begins with `prefix`, or bears a label that does."""
        if type_ != Type.ADDRESS:
            return ()
        watched = await self._desk.read(watched_at, self._platform, self._address)
        wanted = prefix.lower()
        return [
            address
            for address, label in watched.items()
            if address.lower().startswith(wanted) or label.lower().startswith(wanted)
        ]
