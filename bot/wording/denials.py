"""What is said to somebody who may not do a thing: who may, and how to come by it. Pure."""

from collections.abc import Sequence

from bot.access import Denied
from bot.commands.values import SHOWN
from bot.language import _
from bot.wording.refusals import help_button
from bot.wording.words import clean, code, filled, listed_and, place, refuse, say
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
    start = code("/start CODE")
    way_in = filled(_("Ask for an invitation, then send me {start} in private."), start=start)
    if not owners:
        return refuse(
            _("This bot is private, and nobody has claimed it yet."),
            filled(
                _("Is it yours? It printed a code when it started: send me {start}."), start=start
            ),
        )
    whose = _("This bot is private: it belongs to {owners}.").format(owners=_named(owners))
    return refuse(whose, way_in)


def format_member(owners: Sequence[str], chat: Chat) -> Message:
    """Who may change what a place is told where others read it, too."""
    reason = _("Only an admin of this {place} changes what it is told.")
    if owners:
        reason = _(
            "Only an admin of this {place} changes what it is told, or {owners}, who has this bot."
        )
    return refuse(
        reason.format(place=place(chat), owners=_named(owners)),
        say(_("You may ask me anything here. In private I tell you what you like.")),
        buttons=((help_button(),),),
    )


def format_anonymous() -> Message:
    """A code was given by somebody who speaks as a chat."""
    return refuse(_("I cannot see who you are here: send me that in private."))


def format_unknown_rights() -> Message:
    """The platform did not say whether somebody is an admin."""
    return refuse(
        _("I could not see whether you are an admin here. Nothing was changed."),
        say(_("Try again in a minute. If it stays so, make me an admin, too: then I can see it.")),
    )


def format_removed(owners: Sequence[str], chat: Chat) -> Message:
    """Somebody's access was taken back: what is kept, and how to return."""
    if chat.kind != "private":
        return refuse(_("You cannot ask me here any more: an admin or owner can change that."))
    back = _("With a new invitation you are back: send me {start} here.")
    if owners:
        back = _("With a new invitation from {owners} you are back: send me {start} here.")
    return refuse(
        _("Your access to this bot has ended."),
        say(_("What you asked me to tell you is kept, and not told.")),
        filled(back, owners=_named(owners), start=code("/start CODE")),
    )


def format_guest(chat: Chat) -> Message:
    """Somebody may ask and no more."""
    return refuse(
        _("You may ask me anything in this {place}, and no more.").format(place=place(chat)),
        filled(_("Its admins can make you a member: {command}"), command=code("/members")),
        buttons=((help_button(),),),
    )


def format_not_owner(owners: Sequence[str]) -> Message:
    """What takes a role in the whole bot."""
    reason = _("Only the owner of this bot does that.")
    if owners:
        reason = _("Only the owner of this bot, {owners}, does that.")
        reason = reason.format(owners=_named(owners))
    return refuse(reason, buttons=((help_button(),),))


def format_too_often(what: str, seconds: int) -> Message:
    """Something dear was asked for too often."""
    return refuse(
        _("You can ask for the next {what} in {n} s.").format(what=what, n=seconds),
        say(_("That keeps me quick for everybody. All else is answered at once.")),
    )


def _named(owners: Sequence[str]) -> str:
    names = [clean(name, SHOWN) for name in owners[:2]]
    return listed_and(names)
