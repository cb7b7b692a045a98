"""`/audit [page]`: who changed what, and when."""

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.values import SHOWN
from bot.desk import Desk
from bot.language import marked
from bot.wording.words import at, bold, clean, code, quiet, say
from storage.audit import Entry, audit_page
from storage.model import Button, Line, Message, Role

_WAYS = {"button": " by a button", "form": "", "typed": ""}


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
        asked = call.arguments.get("page", "1")
        if not (asked.isascii() and asked.isdigit() and 0 < len(asked) < 7):
            raise UsageError(f"“{clean(asked, SHOWN)}” is no page.")
        everywhere = call.chat.kind == "private" and call.person.role is Role.OWNER
        chat = None if everywhere else call.chat.id
        page = max(int(asked), 1)
        entries, pages = await desk.read(audit_page, chat, page)
        if not entries:
            return Message(
                say(bold("Nothing was changed so far.")),
                (say("What anybody changes is kept here for a year, with who it was."),),
            )
        return _format(call, entries, min(page, pages), pages, everywhere=everywhere)


def _format(
    call: Call, entries: list[Entry], page: int, pages: int, *, everywhere: bool
) -> Message:
    where = "anywhere" if everywhere else "here"
    lines = [_line(entry, call.chat.timezone, everywhere=everywhere) for entry in entries]
    which = f" (page {page} of {pages})" if pages > 1 else ""
    turns = []
    if page > 1:
        turns.append(Button("Later", f"/audit {page - 1}", replaces=True))
    if page < pages:
        turns.append(Button("Earlier", f"/audit {page + 1}", replaces=True))
    title = say(bold(f"📒 What was changed {where}"), which)
    return Message(title, tuple(lines), (tuple(turns),) if turns else ())


def _line(entry: Entry, timezone: str, *, everywhere: bool) -> Line:
    name = clean(entry.name, SHOWN) or "somebody"
    chat = "in private" if entry.private else f"in {clean(entry.title, SHOWN)}"
    where = f" · {chat}" if everywhere else ""
    return say(
        f"{at(entry.at, timezone)} · {name} · ", code(entry.command),
        quiet(f"{_WAYS[entry.via]}{where}"),
    )  # fmt: skip
