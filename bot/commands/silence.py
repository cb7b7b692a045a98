"""What several commands know of the mutes of a chat."""

from bot.commands.command import Call, UsageError
from bot.commands.watches import meant_address
from bot.desk import Desk
from bot.language import _
from bot.wording.silence_words import Names, subject_words, until_words
from bot.wording.words import bold, many, say
from storage.kept import kept_back
from storage.model import Button, Line, Message
from storage.mutes import ALL, Subject
from storage.persons import accounts_of
from storage.ruling import Mute, Scope
from storage.subscriptions import subscriptions_heard_in


async def names_of(call: Call, desk: Desk) -> Names:
    """What the chat calls things."""
    rules = await desk.read(subscriptions_heard_in, call.chat.id)
    labels = {rule.address: rule.label for rule in rules if rule.label}
    return Names(labels, {str(rule.id): rule for rule in rules}, desk.chains)


async def subject_of(call: Call, desk: Desk, names: Names) -> Subject | Message:
    """What is to be muted; a question where labels are alike. Raises `UsageError`."""
    named = [scope for scope in Scope if scope in call.arguments]
    if len(named) > 1:
        raise UsageError(_("Name one thing to mute at a time."))
    match named:
        case []:
            return ALL
        case [Scope.RULE]:
            return _rule(call.chat.id, call.arguments[Scope.RULE], names)
        case [Scope.ASSET]:
            chain = call.arguments[Scope.ASSET]
            return Subject(Scope.ASSET, chain.name, chain.asset.symbol)
    meant = await meant_address(call.arguments[named[0]], call, desk, f"mute {named[0]}")
    if isinstance(meant, Message):
        return meant
    return Subject(named[0], meant.chain.name, meant.address)


def _rule(chat: int, number: int, names: Names) -> Subject:
    for id_, rule in names.rules.items():
        if (rule.chat, rule.number) == (chat, number):
            return Subject(Scope.RULE, "", id_)
    raise UsageError(_("There is no rule {n} here.").format(n=number))


def argument_of(about: Subject, names: Names) -> str:
    """What is typed to mean a subject: ` address bc1q…`, "" for everything."""
    match about.scope:
        case Scope.EVERYTHING:
            return ""
        case Scope.RULE:
            return f" {about.scope} {names.rules[about.subject].number}"
        case _:
            return f" {about.scope} {about.subject}"


def muted_line(call: Call, until: int) -> Line:
    """`Muted until 18:40.`"""
    when = until_words(until, call.now, call.chat.timezone)
    return say(bold(_("🔕 Muted {until}.").format(until=when)))


async def everywhere(call: Call, desk: Desk) -> tuple[Line, ...]:
    """That it holds in all private chats, where there are several."""
    if call.chat.person and len(await desk.read(accounts_of, call.person.id)) > 1:
        return (say(_("That is so in all your private chats.")),)
    return ()


async def end_words(desk: Desk, ended: Mute) -> tuple[Line, Button | None]:
    """What a mute that ended kept back, and how to see it."""
    kept = await desk.read(kept_back, ended)
    if not kept:
        return say(_("Kept back meanwhile: nothing.")), None
    see = Button(_("See the newest"), f"/mutes {ended.id}", replaces=True)
    meanwhile = many(kept, "Kept back meanwhile: {n} alert.", "Kept back meanwhile: {n} alerts.")
    return say(meanwhile), see


def on_again(about: Mute, names: Names) -> Line:
    """`Alerts about Cold wallet are on again.`"""
    if about.scope is Scope.EVERYTHING:
        return say(bold(_("🔔 Alerts are on again.")))
    return say(bold(_("🔔 {what} are on again.").format(what=subject_words(about, names))))
