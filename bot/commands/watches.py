"""The watched addresses of a chat, as several commands name, find and count them."""

from collections.abc import Iterable, Sequence

from bot.commands.command import Call, UsageError
from bot.commands.values import SHOWN, AddressOn, Chains, SecretError, parse_address
from bot.desk import Desk
from bot.kinds.watch import limits
from bot.language import _
from bot.wording.words import clean, code, many, say, short
from detectors.model import Kind, Subscription
from storage.activity import last_seen
from storage.model import Button, Line, Message
from storage.subscriptions import subscriptions_of

_CHOICES = 8
_LONGEST = 200


async def watches_of(call: Call, desk: Desk) -> list[Subscription]:
    """What the chat watches, oldest first: the order of its numbers."""
    return await desk.read(subscriptions_of, call.chat.id, Kind.WATCH)


async def last_seen_of(desk: Desk, watches: Iterable[Subscription]) -> dict[str, int]:
    """When each address was last in a transaction that is kept; others are absent."""
    by_chain: dict[str, list[str]] = {}
    for watch in watches:
        by_chain.setdefault(watch.chain, []).append(watch.address)
    seen: dict[str, int] = {}
    for chain, addresses in by_chain.items():
        seen |= await desk.read(last_seen, chain, addresses)
    return seen


def name_of(watch: Subscription) -> str:
    """The label, or the address cut short."""
    return watch.label or short(watch.address)


def find_watches(
    watches: Sequence[Subscription], which: str, chains: Chains
) -> Sequence[Subscription]:
    """The watches that a label, a number of the list or an address means.

    More than one where labels are alike; raises `UsageError` where there is none.
    """
    which = clean(which, _LONGEST)
    wanted = which.casefold()
    labelled = [watch for watch in watches if watch.label.casefold() == wanted]
    if labelled:
        return labelled
    if number := _number_in(which):
        return _numbered(watches, int(number))
    begun = [watch for watch in watches if watch.label.casefold().startswith(wanted)]
    return begun or _addressed(watches, which, chains)


async def meant_address(typed: str, call: Call, desk: Desk, command: str) -> AddressOn | Message:
    """The address that a text is or that the chat calls so; a question where labels are alike.

    Each answer to the question gives `command` the address. Raises `UsageError`.
    """
    try:
        return parse_address(typed, desk.chains)
    except SecretError:
        raise
    except UsageError:
        found = find_watches(await watches_of(call, desk), typed, desk.chains)
    if len(found) > 1:
        return which_one(found, command, desk.chains)
    return AddressOn(desk.chains[found[0].chain], found[0].address)


def which_one(found: Sequence[Subscription], command: str, chains: Chains) -> Message:
    """A question where labels are alike: each button gives a command the address."""
    lines = tuple(_named(watch, limits(watch, chains[watch.chain])) for watch in found)
    buttons = tuple(
        (Button(f"{name_of(w)} · {w.address[-4:]}", f"/{command} {w.address}", replaces=True),)
        for w in found[:_CHOICES]
    )
    which = many(len(found), "Which one? {n} is called so.", "Which one? {n} are called so.")
    return Message(say(which), lines, buttons)


def _named(watch: Subscription, only: str) -> Line:
    return say(f"{name_of(watch)}  ", code(watch.address), f", {only}" if only else "")


def _number_in(text: str) -> str:
    """The digits of `3` or `#3`, "" for what is no number of a list."""
    digits = text.strip().removeprefix("#")
    return digits if digits.isascii() and digits.isdigit() and len(digits) < 10 else ""


def _numbered(watches: Sequence[Subscription], number: int) -> Sequence[Subscription]:
    if not 1 <= number <= len(watches):
        lacking = many(
            len(watches),
            "There is no number {number}: {n} address on the list.",
            "There is no number {number}: {n} addresses on the list.",
            number=number,
        )
        raise UsageError(lacking)
    return [watches[number - 1]]


def _addressed(
    watches: Sequence[Subscription], which: str, chains: Chains
) -> Sequence[Subscription]:
    if not any(chain.looks_like_address(which) for chain in chains.values()):
        raise UsageError(_("Nothing here is called “{name}”.").format(name=clean(which, SHOWN)))
    meant = parse_address(which, chains)
    found = [w for w in watches if (w.chain, w.address) == (meant.chain.name, meant.address)]
    if not found:
        unwatched = _("{address} is not watched here.")
        raise UsageError(unwatched.format(address=short(meant.address)))
    return found
