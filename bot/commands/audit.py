"""`/audit [page]`: who changed what, and when."""

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.values import SHOWN
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.words import at, bold, clean, code, quiet, say
from storage.audit import Entry, audit_page
from storage.model import Button, Line, Message, Role


class Audit:
    """What was changed in this chat; an owner, asking in private, sees all chats."""

    name = "audit"
    summary = marked("Who changed what, and when")
    parameters = (
        Parameter("page", Type.TEXT, marked("Which page of a long list"), required=False),
    )
    examples = ("/audit", "/audit 2")
    changes = False
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        asked = call.arguments.get("page", "1").lower().removeprefix("page ").strip()
        if not (asked.isascii() and asked.isdigit() and 0 < len(asked) < 7):
            raise UsageError(_("“{word}” is no page.").format(word=clean(asked, SHOWN)))
        everywhere = call.chat.kind == "private" and call.person.role is Role.OWNER
        chat = None if everywhere else call.chat.id
        page = max(int(asked), 1)
        entries, pages = await desk.read(audit_page, chat, page)
        if not entries:
            return Message(
                say(bold(_("Nothing was changed so far."))),
                (say(_("What anybody changes is kept here for a year, with who it was.")),),
            )
        return _format(call, entries, min(page, pages), pages, everywhere=everywhere)


def _format(
    call: Call, entries: list[Entry], page: int, pages: int, *, everywhere: bool
) -> Message:
    lines = [_line(entry, call.chat.timezone, everywhere=everywhere) for entry in entries]
    which = _("(page {page} of {pages})").format(page=page, pages=pages)
    turns = []
    if page > 1:
        turns.append(Button(_("Later"), f"/audit {page - 1}", replaces=True))
    if page < pages:
        turns.append(Button(_("Earlier"), f"/audit {page + 1}", replaces=True))
    what = _("📒 What was changed anywhere") if everywhere else _("📒 What was changed here")
    title = say(bold(what), f" {which}" if pages > 1 else "")
    return Message(title, tuple(lines), (tuple(turns),) if turns else ())


def _line(entry: Entry, timezone: str, *, everywhere: bool) -> Line:
    name = clean(entry.name, SHOWN) or _("somebody")
    chat = _("in private")
    if not entry.private:
        chat = _("in {chat}").format(chat=clean(entry.title, SHOWN))
    way = f" {_('by a button')}" if entry.via == "button" else ""
    where = f" · {chat}" if everywhere else ""
    return say(f"{at(entry.at, timezone)} · {name} · ", code(entry.command), quiet(way + where))
