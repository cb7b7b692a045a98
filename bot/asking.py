"""Questions to a source outside, which tell it what somebody is interested in.

Only a button or its command asks them, and both say whom they tell.
"""

from collections.abc import Callable
from typing import TypeVar

from bot.desk import Desk
from bot.language import _, unsealed
from bot.wording.words import clean
from storage.model import Button
from watchers.feed import FeedError
from watchers.http import SourceError
from watchers.lookup import FoundAddress, FoundTransaction, LookUps
from watchers.model import Chain
from watchers.registry import SOURCES
from watchers.watcher import Watcher

T = TypeVar("T")

LOOK_UP = "lookup"
"""The word after a command that asks outside."""


class LookUpError(Exception):
    """Nothing was found outside: the message says why, for the reader."""


def source_for(desk: Desk, chain: Chain) -> Watcher | None:
    """The first source of a chain, which is the one that is asked."""
    return next((watcher for watcher in desk.sources if watcher.feed.chain == chain.name), None)


def look_up_button(desk: Desk, chain: Chain, command: str, what: str) -> tuple[Button, ...]:
    """The labelled way to ask outside, none where there is nobody to ask."""
    watcher = source_for(desk, chain)
    if watcher is None:
        return ()
    label = _("Look it up at {source} (tells it the id)")
    if what == "address":
        label = _("Look it up at {source} (tells it the address)")
    return (Button(label.format(source=watcher.feed.source), f"{command} {LOOK_UP}"),)


async def look_up_transaction(desk: Desk, chain: Chain, hash_: str) -> FoundTransaction:
    """What the source knows of a transaction; raises `LookUpError`."""
    watcher, asked = _source(desk, chain)
    return await _answer(watcher, asked.transaction_path, asked.parse_transaction, hash_)


async def look_up_address(desk: Desk, chain: Chain, address: str) -> FoundAddress:
    """What the source knows of an address; raises `LookUpError`."""
    watcher, asked = _source(desk, chain)
    return await _answer(watcher, asked.address_path, asked.parse_address, address)


async def _answer(
    watcher: Watcher, path: Callable[[str], str], parse: Callable[[bytes, str], T], what: str
) -> T:
    try:
        return parse(await watcher.look_up(path(what)), what)
    except (SourceError, FeedError) as error:
        raise _failed(watcher, error) from error


def _source(desk: Desk, chain: Chain) -> tuple[Watcher, LookUps]:
    """Who is asked, and how."""
    watcher = source_for(desk, chain)
    if watcher is None:
        raise LookUpError(_("There is no source of {chain} to ask.").format(chain=chain.title))
    return watcher, SOURCES[chain.name, watcher.feed.source].look_ups


def _failed(watcher: Watcher, error: SourceError | FeedError) -> LookUpError:
    name = watcher.feed.source
    if isinstance(error, SourceError):
        failed = _("{source} did not help: {reason}.")
        return LookUpError(failed.format(source=name, reason=clean(unsealed(str(error)), 200)))
    return LookUpError(_("{source} answered something I cannot read.").format(source=name))
