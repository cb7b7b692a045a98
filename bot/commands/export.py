"""`/export [csv | json]`: what the chat is told, as a file."""

from bot.commands.alert_list import asked_in
from bot.commands.command import Call, Parameter, Type
from bot.desk import Desk
from bot.language import _, marked
from bot.lists.file import write_csv, write_json
from bot.wording.words import bold, many, refuse, say
from storage.model import Button, Document, Message

_WRITERS = {"csv": write_csv, "json": write_json}


class Export:
    """Sends the list as a document that `/import` reads again."""

    name = "export"
    summary = marked("Your list as a file, for a spreadsheet or another chat")
    parameters = (
        Parameter(
            "form", Type.CHOICE, marked("For a spreadsheet, or a program"), required=False,
            choices=tuple(_WRITERS),
        ),
    )  # fmt: skip
    examples = ("/export", "/export json")
    changes = False
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        asked = await asked_in(call, desk)
        if not asked:
            return refuse(_("Nothing is asked for here yet, so there is nothing to export."))
        form = call.arguments.get("form", "csv")
        content = _WRITERS[form](asked, desk.chains)
        counted = many(len(asked), "{n} alert", "{n} alerts")
        lines = (say(_("Send the file to me in any chat to bring it there, or use /import.")),)
        other = Button(_("As CSV"), "/export")
        if form == "csv":
            other = Button(_("As JSON"), "/export json")
        caption = many(len(asked), "{n} alert of this chat", "{n} alerts of this chat")
        document = Document(content, f"spyhop.{form}", caption)
        return Message(say(bold(f"📄 {counted}")), lines, ((other,),), document=document)
