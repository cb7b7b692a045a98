"""Questions to a source outside, which tell it what somebody is interested in.

Only a button or its command asks them, and both say whom they tell.
"""

from bot.desk import Desk
from bot.wording.words import clean
from storage.model import Button
from watchers.feed import FeedError
from watchers.http import SourceError
from watchers.lookup import FoundAddress, FoundTransaction
from watchers.model import Chain
from watchers.registry import SOURCES
from watchers.watcher import Watcher

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
    label = f"Look it up at {watcher.feed.source} (tells it the {what})"
    return (Button(label, f"{command} {LOOK_UP}"),)


async def look_up_transaction(desk: Desk, chain: Chain, hash_: str) -> FoundTransaction:
    """What the source knows of a transaction; raises `LookUpError`."""
    watcher = _source(desk, chain)
    questions = SOURCES[chain.name, watcher.feed.source].look_ups
    try:
        body = await watcher.look_up(questions.transaction_path(hash_))
        return questions.parse_transaction(body, hash_)
    except (SourceError, FeedError) as error:
        raise _failed(watcher, error) from error


async def look_up_address(desk: Desk, chain: Chain, address: str) -> FoundAddress:
    """What the source knows of an address; raises `LookUpError`."""
    watcher = _source(desk, chain)
    questions = SOURCES[chain.name, watcher.feed.source].look_ups
    try:
        body = await watcher.look_up(questions.address_path(address))
        return questions.parse_address(body, address)
    except (SourceError, FeedError) as error:
        raise _failed(watcher, error) from error


def _source(desk: Desk, chain: Chain) -> Watcher:
    watcher = source_for(desk, chain)
    if watcher is None:
        raise LookUpError(f"There is no source of {chain.title} to ask.")
    return watcher


def _failed(watcher: Watcher, error: SourceError | FeedError) -> LookUpError:
    name = watcher.feed.source
    if isinstance(error, SourceError):
        return LookUpError(f"{name} did not help: {clean(str(error), 200)}.")
    return LookUpError(f"{name} answered something I cannot read.")
