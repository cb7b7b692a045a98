"""What is said to somebody who may not do a thing: who may, and how to come by it. Pure."""

from collections.abc import Sequence

from bot.access import Denied
from bot.commands.values import SHOWN
from bot.wording.refusals import HELP
from bot.wording.words import clean, code, place, refuse, say
from storage.model import Chat, Message


def format_denied(reason: Denied, owners: Sequence[str], chat: Chat) -> Message:
    """Why somebody may not do what they asked for."""
    said = {
        Denied.OUTSIDE: format_stranger(owners),
        Denied.REMOVED: format_removed(owners, chat),
        Denied.GUEST: format_guest(chat),
        Denied.MEMBER: format_member(owners, chat),
        Denied.NO_OWNER: format_not_owner(owners),
        Denied.UNKNOWN: format_unknown_rights(),
        Denied.ANONYMOUS: format_anonymous(),
    }
    return said[reason]


def format_stranger(owners: Sequence[str]) -> Message:
    """Whose bot it is, and how to get in."""
    way_in = say("Ask for an invitation, then send me ", code("/start CODE"), " in private.")
    if not owners:
        return refuse(
            "This bot is private, and nobody has claimed it yet.",
            say(
                "Is it yours? It printed a code when it started: send me ", code("/start CODE"), "."
            ),
        )
    return refuse(f"This bot is private: it belongs to {_named(owners)}.", way_in)


def format_member(owners: Sequence[str], chat: Chat) -> Message:
    """Who may change what a place is told where others read it, too."""
    whoever = f", or {_named(owners)}, who has this bot" if owners else ""
    return refuse(
        f"Only an admin of this {place(chat)} changes what it is told{whoever}.",
        say("You may ask me anything here. In private I tell you what you like."),
        buttons=((HELP,),),
    )


def format_anonymous() -> Message:
    """A code was given by somebody who speaks as a chat."""
    return refuse("I cannot see who you are here: send me that in private.")


def format_unknown_rights() -> Message:
    """The platform did not say whether somebody is an admin."""
    return refuse(
        "I could not find out whether you are an admin here, so nothing was changed.",
        say("Try again in a minute. If it stays so, make me an admin, too: then I can see it."),
    )


def format_removed(owners: Sequence[str], chat: Chat) -> Message:
    """Somebody's access was taken back: what is kept, and how to return."""
    if chat.kind != "private":
        return refuse("You cannot ask me here any more: an admin or owner can change that.")
    asked = f" from {_named(owners)}" if owners else ""
    return refuse(
        "Your access to this bot has ended.",
        say("What you asked me to tell you is kept, and not told."),
        say(f"With a new invitation{asked} you are back: send me ", code("/start CODE"), " here."),
    )


def format_guest(chat: Chat) -> Message:
    """Somebody may ask and no more."""
    return refuse(
        f"You may ask me anything in this {place(chat)}, and no more.",
        say("Its admins can make you a member: ", code("/members")),
        buttons=((HELP,),),
    )


def format_not_owner(owners: Sequence[str]) -> Message:
    """What takes a role in the whole bot."""
    whose = f", {_named(owners)}," if owners else ""
    return refuse(f"Only the owner of this bot{whose} does that.", buttons=((HELP,),))


def format_too_often(what: str, seconds: int) -> Message:
    """Something dear was asked for too often."""
    return refuse(
        f"You can ask for the next {what} in {seconds} s.",
        say("That keeps me quick for everybody. All else is answered at once."),
    )


def _named(owners: Sequence[str]) -> str:
    return " and ".join(clean(name, SHOWN) for name in owners[:2])
