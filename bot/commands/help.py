"""`/help [command]`: what can be asked, and how one thing is asked."""

from collections.abc import Iterator, Mapping

from bot.commands.command import Call, Command, Parameter, Type
from bot.commands.nearest import nearest
from bot.commands.parse import usage_of
from bot.commands.values import SHOWN
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.words import bold, clean, code, refuse, say
from storage.model import Button, Line, Message


class Help:
    """All commands with a line each, or one with its parameters and examples."""

    name = "help"
    summary = marked("What I can do, and how to ask for it")
    examples = ("/help", "/help watch")
    changes = False
    personal = True

    def __init__(self, groups: Mapping[str, tuple[Command, ...]]) -> None:
        self._groups = groups
        explained = marked("The one to explain")
        self.parameters = (
            Parameter("command", Type.TEXT, explained, required=False, offers=self._names),
        )

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        del desk
        asked = call.arguments.get("command")
        return self._one(asked) if asked else self._all()

    def _names(self, typed: str, given: Mapping[str, str]) -> Iterator[str]:
        del typed, given
        yield from (command.name for group in self._groups.values() for command in group)

    def _all(self) -> Message:
        pasted = _("You can also just paste an address, a transaction id or a block height.")
        lines: list[Line] = [say(pasted)]
        for title, commands in self._groups.items():
            lines.append(say())
            lines.append(say(bold(_(title))))
            lines += [say(code(f"/{c.name}"), f"  {_(c.summary)}") for c in commands]
        known = {c.name for commands in self._groups.values() for c in commands}
        offers = (
            (_("Watch list"), "watchlist"),
            (_("Whale alerts"), "threshold"),
            (_("Status"), "status"),
        )
        buttons = tuple(Button(label, f"/{name}") for label, name in offers if name in known)
        return Message(say(_("What I can do")), tuple(lines), (buttons,) if buttons else ())

    def _one(self, asked: str) -> Message:
        name = asked.split(maxsplit=1)[0].removeprefix("/").partition("@")[0].lower()
        commands: dict[str, Command] = {c.name: c for c in self._commands()}
        if name not in commands:
            return _unknown(name, nearest(name, commands))
        command = commands[name]
        lines = [say(_(command.summary))]
        lines += [_explained(parameter) for parameter in command.parameters]
        lines.append(say(_("For example:")))
        lines += [say(code(example)) for example in command.examples]
        return Message(
            say(code(usage_of(command))), tuple(lines), ((Button(_("All commands"), "/help"),),)
        )

    def _commands(self) -> Iterator[Command]:
        for commands in self._groups.values():
            yield from commands
        yield self


def _unknown(name: str, guess: str) -> Message:
    shown = clean(name, SHOWN)
    everything = Button(_("All commands"), "/help")
    if not guess:
        reason = _("There is no command “{name}”.").format(name=shown)
        return refuse(reason, buttons=((everything,),))
    offer = Button(_("Explain /{name}").format(name=guess), f"/help {guess}")
    meant = _("There is no command “{name}”. Did you mean /{guess}?")
    return refuse(meant.format(name=shown, guess=guess), buttons=((offer, everything),))


def _explained(parameter: Parameter) -> Line:
    summary = _(parameter.summary)
    said = summary if parameter.required else _("{what} (may be left out)").format(what=summary)
    return say("· ", code(parameter.name), f": {said}")
