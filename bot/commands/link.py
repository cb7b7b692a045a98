"""`/link [code]`: one person on two platforms."""

from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.values import SHOWN
from bot.desk import Desk
from bot.language import _, marked, speaking_to
from bot.wording.words import (
    bold,
    clean,
    code,
    filled,
    listed_and,
    many,
    platform_name,
    refuse,
    say,
)
from storage.chats import private_chats_of
from storage.links import (
    VALID_SECONDS,
    Entered,
    Outcome,
    confirm_link,
    enter_link_code,
    new_link_code,
    unlink,
)
from storage.model import Button, Line, Message, Person, Priority
from storage.outbox import enqueue_notice
from storage.persons import Account, accounts_of, person_of, prefer

PREFER, UNLINK, YES = "prefer", "unlink", "yes"
_DIGITS = 18
"""No number of a person has more, and the integers of SQLite have these."""
_REFUSALS = {
    Outcome.UNKNOWN: marked(
        "That code does not work: it is mistyped, used, or replaced by a newer one."
    ),
    Outcome.STALE: marked("That code is used or too old."),
    Outcome.OWN: marked(
        "That is your own code. Enter it in the other app; if you did, you are linked already."
    ),
    Outcome.SAME_PLATFORM: marked(
        "You both have an account on the same platform, and one person can have only one."
    ),
    Outcome.TOO_MANY: marked("Those were too many wrong codes. Try again in ten minutes."),
}


class Link:
    """Shows who is linked with a code for one more; links, prefers and unlinks."""

    name = "link"
    summary = marked("Be one person here and on another platform")
    parameters = (
        Parameter(
            "code",
            Type.TEXT,
            marked("The code from the other side"),
            required=False,
            choices=(PREFER, UNLINK, YES),
        ),
        Parameter(
            "platform", Type.TEXT, marked("Which one to prefer or to unlink"), required=False
        ),
    )
    examples = ("/link", "/link K7QM-3XFD")
    changes = False
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        given, platform = call.arguments.get("code", ""), call.arguments.get("platform", "")
        match given:
            case "" if platform:
                which = _("Prefer “{platform}”, or unlink it?")
                raise UsageError(which.format(platform=clean(platform, SHOWN)))
            case "":
                return await _invite(call, desk)
            case "prefer":
                return await _prefer(call, desk, platform.lower())
            case "unlink":
                return await _unlink(call, desk, platform.lower())
            case "yes":
                entered = await desk.write(_confirm, _whom(platform), call.person, call.now)
            case _:
                entered = await desk.write(_enter, given, call.person, call.now)
        desk.wake()
        return await _outcome(call, desk, entered)


async def _invite(call: Call, desk: Desk) -> Message:
    """What is linked, and a code for one more."""
    if call.chat.kind != "private":
        return refuse(_("Ask me in private: whoever reads the code here could use it."))
    new = await desk.write(new_link_code, call.person, call.now)
    accounts = await desk.read(accounts_of, call.person.id)
    lines = (
        *_linked(accounts, call.person.preferred),
        say(_("On the other side, send me:")),
        say(code(f"/link {new[:4]}-{new[4:]}")),
        say(
            many(
                VALID_SECONDS // 60,
                "Good once, for {n} minute. Whoever enters it is taken for you.",
                "Good once, for {n} minutes. Whoever enters it is taken for you.",
            )
        ),
    )
    verdict = _("🔗 Link another account.")
    if len(accounts) > 1:
        verdict = _("🔗 Link one more account.")
    return Message(say(bold(verdict)), lines, _buttons(accounts, call.person))


async def _outcome(call: Call, desk: Desk, entered: Entered) -> Message:
    if entered.outcome is Outcome.LINKED:
        return await _shown(call, desk, _("🔗 Linked: you are one person now."))
    if entered.outcome is Outcome.ASKED:
        return Message(
            say(bold(_("Is {accounts} you?").format(accounts=_named(entered.others)))),
            (say(_("Whoever has that account will be able to do here all that you can.")),),
            ((Button(_("Yes, link us"), f"/link {YES} {entered.other}", replaces=True),),),
        )
    again = _("Send me {command} on the other side for a new code.")
    return refuse(_(_REFUSALS[entered.outcome]), filled(again, command=code("/link")))


async def _prefer(call: Call, desk: Desk, platform: str) -> Message:
    _check(platform, await desk.read(accounts_of, call.person.id))
    await desk.write(prefer, call.person.id, platform)
    verdict = _("🔗 {platform} comes first now.").format(platform=platform_name(platform))
    return await _shown(call, desk, verdict)


async def _unlink(call: Call, desk: Desk, platform: str) -> Message:
    _check(platform, await desk.read(accounts_of, call.person.id))
    if platform == call.person.platform:
        raise UsageError(_("That is where you are: name the other one."))
    await desk.write(unlink, call.person.id, platform, call.now)
    verdict = _("No longer linked with {platform}.").format(platform=platform_name(platform))
    return await _shown(call, desk, verdict)


def _check(platform: str, accounts: Iterable[Account]) -> None:
    if platform not in {account.platform for account in accounts}:
        shown = clean(platform, SHOWN)
        if not shown:
            raise UsageError(_("Which platform?"))
        raise UsageError(_("You have no account on “{platform}” here.").format(platform=shown))


async def _shown(call: Call, desk: Desk, verdict: str) -> Message:
    """What is linked now, where nobody else reads it."""
    if call.chat.kind != "private":
        return Message(say(bold(verdict)))
    person, accounts = await desk.read(_present, call.person)
    lines = _linked(accounts, person.preferred)
    return Message(say(bold(verdict)), lines, _buttons(accounts, person))


def _linked(accounts: Sequence[Account], preferred: str) -> tuple[Line, ...]:
    """What a person shares, where they come by several accounts."""
    if len(accounts) < 2:
        return ()
    first = platform_name(preferred or accounts[0].platform)
    twice = _("Each alert comes once, on {platform}; elsewhere only if that fails.")
    return (
        say(_("You are {accounts}.").format(accounts=_named(accounts))),
        say(_("Your time zone and mutes hold in all your private chats.")),
        say(twice.format(platform=first)),
    )


def _buttons(accounts: Sequence[Account], person: Person) -> tuple[tuple[Button, ...], ...]:
    if len(accounts) < 2:
        return ()
    first = person.preferred or accounts[0].platform
    others = [a.platform for a in accounts if a.platform != first]
    away = [a.platform for a in accounts if a.platform != person.platform]
    prefer_, unlink_ = _("Prefer {platform}"), _("Unlink {platform}")
    return (
        tuple(_button(prefer_, PREFER, platform) for platform in others),
        tuple(_button(unlink_, UNLINK, platform) for platform in away),
    )


def _button(label: str, what: str, platform: str) -> Button:
    shown = label.format(platform=platform_name(platform))
    return Button(shown, f"/link {what} {platform}", replaces=True)


def _named(accounts: Iterable[Account]) -> str:
    """`Ada on Telegram and ada_l on Discord`."""
    each = _("{name} on {platform}")
    return listed_and(
        [
            each.format(name=a.name or _("somebody"), platform=platform_name(a.platform))
            for a in accounts
        ]
    )


def _enter(db: Database, given: str, person: Person, now: int) -> Entered:
    return _told(db, enter_link_code(db, given, person, now), person, now)


def _whom(number: str) -> int:
    """Of whom a question was; only its button knows, so that no other one is answered by it."""
    if not (number.isascii() and number.isdigit() and len(number) <= _DIGITS):
        raise UsageError(_("Press the button under my question, or enter the code again."))
    return int(number)


def _confirm(db: Database, other: int, person: Person, now: int) -> Entered:
    return _told(db, confirm_link(db, person, other, now), person, now)


def _told(db: Database, entered: Entered, person: Person, now: int) -> Entered:
    """Let the other side know, so that nobody is taken for somebody behind their back."""
    if entered.outcome is Outcome.LINKED:
        linked = person_of(db, person.platform, person.address)
        for chat in private_chats_of(db, linked.id):
            if chat.platform != person.platform:
                key = f"link:{person.platform}:{person.address}:{now}"
                with speaking_to(chat):
                    notice = _linked_notice(person)
                enqueue_notice(db, chat.id, key, notice, Priority.PERSONAL, now)
    return entered


def _linked_notice(person: Person) -> Message:
    name, there = clean(person.name, SHOWN) or _("somebody"), platform_name(person.platform)
    verdict = _("🔗 {name} on {platform} is you now.").format(name=name, platform=there)
    return Message(
        say(bold(verdict)),
        (say(_("They entered the code that you asked me for.")),),
        ((Button(_("That is not me"), f"/link {UNLINK} {person.platform}"),),),
    )


def _present(db: Database, person: Person) -> tuple[Person, list[Account]]:
    """The person as they are now."""
    present = person_of(db, person.platform, person.address)
    return present, accounts_of(db, present.id)
