"""`/members [what] [who]`: who is what here, and the way to change it."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from bot.commands.changing_members import change, join
from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.values import SHOWN, parse_number
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.role_words import role_word
from bot.wording.words import bold, clean, code, in_rows, many, say
from storage.members import Member, members_of, people_of
from storage.model import RANK, Button, Line, Message, Role

SHOW, REMOVE, JOIN, TURN = "show", "remove", "join", "page"
PAGE = 16
"""As many as are listed; each has a button, and Discord shows 25."""
_A_ROW = 4
_SIGNS = {Role.OWNER: "👑", Role.ADMIN: "🛠", Role.MEMBER: "👤", Role.GUEST: "💬"}
_MAY = {
    Role.OWNER: marked("Owner of this bot: may do everything."),
    Role.ADMIN: marked("Admin: changes what is told here."),
    Role.MEMBER: marked("Member: asks and acknowledges."),
    Role.GUEST: marked("Guest: asks."),
    Role.STRANGER: marked("Nobody let them in."),
    Role.REMOVED: marked("Removed: gets no answer."),
}
_MAY_IN_PRIVATE = _MAY | {
    Role.ADMIN: marked("Admin of this bot: invites guests, changes what their groups are told."),
    Role.GUEST: marked("Guest: has this bot in private."),
}
_OFFERS = {
    Role.OWNER: marked("Make owner"),
    Role.ADMIN: marked("Make admin"),
    Role.MEMBER: marked("Make member"),
    Role.GUEST: marked("Make guest"),
    Role.REMOVED: marked("🚪 Remove"),
}


class Members:
    """In a group who was met there, in private everybody whom the bot knows, for its owners."""

    name = "members"
    summary = marked("Who is what here; admins change it")
    parameters = (
        Parameter(
            "what",
            Type.CHOICE,
            marked("Show somebody, what to make them, or join with a code"),
            required=False,
            choices=(SHOW, Role.OWNER, Role.ADMIN, Role.MEMBER, Role.GUEST, REMOVE, JOIN, TURN),
        ),
        Parameter(
            "who",
            Type.TEXT,
            marked("Their name, or number from the list; a code to join"),
            required=False,
            alone=True,
        ),
    )
    examples = ("/members", "/members admin Ada")
    changes = True
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        private = call.chat.kind == "private"
        given, who = call.arguments.get("what"), call.arguments.get("who")
        if given == JOIN and who:
            return await join(call, desk, who)
        if private and call.person.role is not Role.OWNER:
            return _oneself(call)
        if given and given not in {SHOW, TURN}:
            return await _changed(call, desk, given, who)
        people = await _people(call, desk)
        if given == TURN:
            return replace(await _list(call, desk, people, who), personal=True)
        shown = _one(call, desk, find_member(people, who), "") if who else _list(call, desk, people)
        return replace(await shown, personal=True)


async def _people(call: Call, desk: Desk) -> Sequence[Member]:
    here = call.chat.kind != "private"
    people: Sequence[Member] = await (
        desk.read(members_of, call.chat) if here else desk.read(people_of)
    )
    return people


async def _changed(call: Call, desk: Desk, given: str, who: str | None) -> Message:
    """What the group sees: somebody is something else now."""
    if not who:
        asks = _("With which code?") if given == JOIN else _("Whom? Name them as the list does.")
        raise UsageError(asks)
    role = Role.REMOVED if given == REMOVE else Role(given)
    member = find_member(await _people(call, desk), who, whole=True)
    verdict, changed = await change(call, desk, member, role)
    return await _one(call, desk, changed, verdict)


def find_member(people: Iterable[Member], who: str, *, whole: bool = False) -> Member:
    """The one with a number or name, or whose name begins so; raises `UsageError`.

    `whole`: the beginning of a name is not enough, since somebody else may be meant by it.
    """
    wanted = who.strip().removeprefix("@").casefold()
    people = list(people)
    for fits in (
        lambda m: str(m.person) == wanted.removeprefix("#"),
        lambda m: m.name.casefold() == wanted,
    ):
        found = [member for member in people if fits(member)]
        if len(found) == 1:
            return found[0]
        if found:
            several = _("There is more than one: name them by number, {numbers}.")
            raise UsageError(several.format(numbers=_numbers(found)))
    begun = [member for member in people if member.name.casefold().startswith(wanted)]
    if len(begun) == 1 and not whole:
        return begun[0]
    if begun:
        meant = _("Nobody here is called just that. You may mean, by number: {numbers}.")
        raise UsageError(meant.format(numbers=_numbers(begun)))
    unknown = _("I have met no “{name}” here. They write to me first.")
    raise UsageError(unknown.format(name=clean(who, SHOWN)))


def _numbers(found: Iterable[Member]) -> str:
    return ", ".join(f"{m.person} ({clean(m.name, SHOWN)})" for m in list(found)[:5])


async def role_of_member(call: Call, desk: Desk, member: Member) -> Role:
    """What somebody is here, asking the platform where it says."""
    if call.chat.kind == "private" or member.role in {Role.OWNER, Role.REMOVED}:
        return member.role
    said = await desk.is_admin(call.chat.platform, call.chat.address, member.address)
    if (member.admin if said is None else said) or member.role is Role.ADMIN:
        return Role.ADMIN
    return member.named or Role.MEMBER


async def _list(
    call: Call, desk: Desk, people: Sequence[Member], asked: str | None = None
) -> Message:
    """A page of them, or the nearest that there is; raises `UsageError`."""
    pages = -(-len(people) // PAGE)
    page = min(max(parse_number(asked or "1"), 1), pages)
    ranked = sorted(people, key=lambda member: -RANK[member.role])
    shown = ranked[(page - 1) * PAGE : page * PAGE]
    roles = [(await role_of_member(call, desk, member), member) for member in shown]
    roles.sort(key=lambda each: -RANK[each[0]])
    lines = [_line(role, member) for role, member in roles]
    if call.chat.kind == "private":
        title = many(len(people), "👥 {n} person of this bot", "👥 {n} persons of this bot")
    else:
        title = many(len(people), "👥 {n} person met here", "👥 {n} persons met here")
        lines.append(say(_("Whoever else is here may ask and acknowledge, too.")))
    which = _("(page {page} of {pages})").format(page=page, pages=pages)
    buttons = [
        Button(clean(member.name, 16) or str(member.person), f"/members {SHOW} {member.person}")
        for _role, member in roles
    ]
    turned = say(bold(title), f" {which}" if pages > 1 else "")
    return Message(turned, tuple(lines), (*in_rows(buttons, _A_ROW), *_turns(page, pages)))


def _turns(page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    turns = tuple(
        Button(label, f"/members page {other}", replaces=True)
        for label, other in ((_("Earlier"), page - 1), (_("Later"), page + 1))
        if 1 <= other <= pages
    )
    return (turns,) if turns else ()


def _line(role: Role, member: Member) -> Line:
    name = clean(member.name, SHOWN) or _("somebody")
    said = f"{_SIGNS.get(role, '🚪')} {name} · {role_word(role)} · "
    return say(said, code(str(member.person)))


async def _one(call: Call, desk: Desk, member: Member, verdict: str) -> Message:
    """Somebody, what they may, and what they can be made."""
    private = call.chat.kind == "private"
    role = await role_of_member(call, desk, member)
    may = (_MAY_IN_PRIVATE if private else _MAY)[role]
    name = clean(member.name, SHOWN) or _("Somebody")
    offered = (Role.OWNER if private else Role.MEMBER, Role.ADMIN, Role.GUEST, Role.REMOVED)
    offers = tuple(
        Button(_(_OFFERS[other]), f"/members {_word(other)} {member.person}", replaces=True)
        for other in sorted(offered, key=lambda other: -RANK[other])
        if other is not role
    )
    back = Button(_("All"), "/members", replaces=True)
    title = verdict or f"{_SIGNS.get(role, '🚪')} {name}"
    fixed = member.person == call.person.id or (role is Role.OWNER and not private)
    rows = ((back,),) if fixed else (offers[:2], (*offers[2:], back))
    return Message(say(bold(title)), (say(_(may)),), rows)


def _word(role: Role) -> str:
    return REMOVE if role is Role.REMOVED else role.value


def _oneself(call: Call) -> Message:
    """Nobody is called a stranger to their face: it only says that they need no invitation."""
    known = call.person.role is not Role.STRANGER
    role = _("To this bot you are: {role}.").format(role=role_word(call.person.role))
    lines = (*([say(role)] if known else []), say(_("In a group I tell who is what there.")))
    return Message(say(bold(_("👥 You are alone here: this chat is yours."))), lines)
