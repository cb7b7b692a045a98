"""Who the owners are, and whether they can be told of trouble before they wrote a word."""

import logging
from collections.abc import Iterable

from sqlite_utils import Database

from bot.access import claim_code
from bot.language import _
from bot.platforms.registry import OPENS_CHATS
from bot.store import Store
from bot.wording.words import platform_name
from storage.chats import Defaults, find_chat, revive_chats, save_chat
from storage.persons import Account, person_of, unreached_owners

_log = logging.getLogger(__name__)


async def settle_owners(
    store: Store, owners: Iterable[tuple[str, str]], defaults: Defaults, now: int
) -> str | None:
    """Make `owners` the owners, and begin chats with them where a platform lets us.

    The log names those who must write first. A claim code where there is no owner.
    """
    code = await claim_code(store, owners, now)
    for owner in await store.write(_reach, defaults, now):
        _log.warning("%s: id=%s", waiting_for(owner.platform), owner.address)
    return code


def waiting_for(platform: str) -> str:
    """What is said of an owner there whom nothing can be told."""
    out_of_reach = _("An owner is out of reach on {platform} until they write to me")
    return out_of_reach.format(platform=platform_name(platform))


def _reach(db: Database, defaults: Defaults, now: int) -> list[Account]:
    """Whoever could not be reached the last time is tried once more; those who are left."""
    for owner in unreached_owners(db):
        if owner.platform in OPENS_CHATS:
            _begin(db, owner, defaults, now)
    return unreached_owners(db)


def _begin(db: Database, owner: Account, defaults: Defaults, now: int) -> None:
    if find_chat(db, owner.platform, owner.address, ""):
        revive_chats(db, owner.platform, [owner.address])
        return
    person = person_of(db, owner.platform, owner.address).id
    save_chat(
        db, owner.platform, owner.address, "", "private", owner.name, defaults, now, person=person
    )
