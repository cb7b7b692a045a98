"""What platforms learn about chats, kept."""

from collections.abc import Callable, Sequence

from sqlite_utils import Database

from bot.persistence import write_persistently
from bot.store import Store
from bot.wording.words import platform_name
from detectors.interests import Interests
from detectors.model import Subscription
from storage.chats import language_at, park_chat, revive_chats
from storage.moves import move_chat
from storage.subscriptions import all_subscriptions
from watchers.model import Incident


class ChatKeeper:
    """The `Keeper` of one platform; trouble goes the way of every incident.

    What it is told waits for a database that cannot be written just now.
    """

    def __init__(
        self,
        platform: str,
        store: Store,
        mention: Callable[[Incident], None],
        clock: Callable[[], float],
        interests: Interests,
        wake: Callable[[], None],
    ) -> None:
        self._platform = platform
        self._store = store
        self._mention = mention
        self._clock = clock
        self._interests = interests
        self._wake = wake

    async def language(self, address: str) -> str:
        """In which language a chat is spoken to, "" where it is not known yet."""
        spoken: str = await self._store.read(language_at, self._platform, address)
        return spoken

    async def on_parked(self, address: str, reason: str) -> bool:
        """Deliver nothing more there; what the chat asked for stays.

        What waits for the person may go to another chat of theirs.
        """
        parked = await write_persistently(self._store, park_chat, self._platform, address, reason)
        if parked:
            self._wake()
        return parked

    async def on_returned(self, addresses: Sequence[str]) -> None:
        """Deliver again where that was not possible, what is still due first."""
        if await write_persistently(self._store, revive_chats, self._platform, addresses):
            self._wake()

    async def on_moved(self, old: str, new: str) -> None:
        """Follow the chat, and know from then on that it asks at the new address."""
        now = int(self._clock())
        await write_persistently(
            self._store, _move, self._platform, old, new, now, then=self._interests.renew
        )
        self._wake()

    async def on_trouble(self, what: str, why: str) -> None:
        """Tell the owners, on whichever platform still reaches them.

        It does not wait: who listens to people must not, for a database that is full.
        """
        now = int(self._clock())
        self._mention(Incident(platform_name(self._platform), what, why, now, urgent=True))


def _move(db: Database, platform: str, old: str, new: str, now: int) -> list[Subscription]:
    move_chat(db, platform, old, new, now)
    return all_subscriptions(db)
