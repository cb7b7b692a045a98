"""How somebody is made something, in a group or to the whole bot, and who learns of it."""

from functools import partial

from msgspec.structs import replace
from sqlite_utils import Database

from bot.commands.command import Call, UsageError
from bot.commands.values import SHOWN
from bot.desk import Desk
from bot.language import _, speaking_to
from bot.wording.role_words import role_word
from bot.wording.words import bold, clean, code, filled, place, refuse, say
from storage.chats import private_chats_of
from storage.codes import redeem_code_here
from storage.members import Member, change_role, is_local, name_member
from storage.model import RANK, Button, Message, Priority, Role
from storage.outbox import enqueue_notice


async def change(call: Call, desk: Desk, member: Member, role: Role) -> tuple[str, Member]:
    """Make somebody something: the verdict, and how they stand now; raises `UsageError`."""
    if member.person == call.person.id:
        raise UsageError(_("That is you: somebody else has to change what you are."))
    name = clean(member.name, SHOWN) or _("Somebody")
    if call.chat.kind == "private":
        return await _in_the_bot(call, desk, member, role, name)
    return await _in_the_place(call, desk, member, role, name)


async def join(call: Call, desk: Desk, given: str) -> Message:
    """Somebody wants to be what an admin offered: any admin here decides."""
    role = await desk.write(redeem_code_here, given.strip(), call.chat, call.person, call.now)
    if role is None:
        return refuse(_("That code does not work here: it is mistyped, used or too old."))
    name, who = clean(call.person.name, SHOWN) or _("Somebody"), call.person.id
    said = role_word(role)
    yes = Button(_("Yes, {role}").format(role=said), f"/members {role} {who}", replaces=True)
    no = Button(_("No"), f"/members show {who}", replaces=True)
    title = _("✋ {name} asks to be {role} here.").format(name=name, role=said)
    return Message(say(bold(title)), (say(_("An admin decides:")),), ((yes, no),))


async def _in_the_place(
    call: Call, desk: Desk, member: Member, role: Role, name: str
) -> tuple[str, Member]:
    here, chat = place(call.chat), call.chat
    if role is Role.OWNER:
        raise UsageError(_("An owner has the whole bot: make one in private."))
    if member.role in {Role.OWNER, Role.ADMIN, Role.REMOVED} and RANK[role] <= RANK[Role.ADMIN]:
        above = _("{name} is {role} of the whole bot: an owner changes that.")
        raise UsageError(above.format(name=name, role=role_word(member.role)))
    said = await desk.is_admin(chat.platform, chat.address, member.address)
    if (member.admin if said is None else said) and role is not Role.ADMIN:
        itself = _("{name} is an admin of this {place} itself: change it in its settings.")
        raise UsageError(itself.format(name=name, place=here))
    if role is not member.named:
        await desk.write(name_member, chat.id, member.person, role)
    verdict = _("✅ {name} is {role} here.")
    if role is Role.REMOVED:
        verdict = _("🚪 {name} gets no answer here any more.")
    return verdict.format(name=name, role=role_word(role)), replace(member, named=role)


async def _in_the_bot(
    call: Call, desk: Desk, member: Member, role: Role, name: str
) -> tuple[str, Member]:
    if role is Role.MEMBER:
        raise UsageError(_("Members are of a group: ask me there."))
    if await desk.read(is_local, member.person):
        raise UsageError(_("{name} sits where this bot runs, and owns it.").format(name=name))
    if role is not member.role:
        change = partial(_changed, returned=member.role is Role.REMOVED)
        await desk.change_who_is_told(change, member.person, role, call.now)
        desk.wake()
    verdict = _("✅ {name} is {role} of this bot.")
    if role is Role.REMOVED:
        verdict = _("🚪 {name} has no access any more.")
    return verdict.format(name=name, role=role_word(role)), replace(member, role=role)


def _changed(db: Database, person: int, role: Role, now: int, *, returned: bool) -> None:
    """Change it, and let somebody know whose alerts end, or may begin again."""
    change_role(db, person, role, now)
    if role is not Role.REMOVED and not returned:
        return
    for chat in private_chats_of(db, person):
        with speaking_to(chat):
            notice = _ended() if role is Role.REMOVED else _back()
        enqueue_notice(db, chat.id, f"access:{role}:{now}", notice, Priority.PERSONAL, now)


def _ended() -> Message:
    return Message(
        say(bold(_("🚪 Your access to this bot has ended."))),
        (
            say(_("What you asked me to tell you is kept, and not told from now on.")),
            filled(
                _("With a new invitation you are back: send me {command}."),
                command=code("/start CODE"),
            ),
        ),
    )


def _back() -> Message:
    return Message(
        say(bold(_("You are in again."))),
        (say(_("What you had asked for is kept. I tell it again when you wish:")),),
        ((Button(_("🔔 Tell this chat"), "/alerts here"),),),
    )
