"""`/help [command]`: what can be asked, and how one thing is asked."""

from collections.abc import Iterator, Mapping

from bot.commands.command import Call, Command, Parameter, Type
from bot.commands.nearest import nearest
from bot.commands.parse import usage_of
from bot.commands.values import SHOWN
from bot.desk import Desk
from bot.wording.words import bold, clean, code, refuse, say
from storage.model import Button, Line, Message


class Help:
    """All commands with a line each, or one with its parameters and examples."""

    name = "help"
    summary = "What I can do, and how to ask for it"
    parameters = (Parameter("command", Type.TEXT, "The one to explain", required=False),)
    examples = ("/help", "/help watch")
    changes = False
    personal = True

    def __init__(self, groups: Mapping[str, tuple[Command, ...]]) -> None:
        self._groups = groups

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        del desk
        asked = call.arguments.get("command")
        return self._one(asked) if asked else self._all()

    def _all(self) -> Message:
        lines: list[Line] = [
            say("You can also just paste an address, a transaction id or a block height.")
        ]
        for title, commands in self._groups.items():
            lines.append(say())
            lines.append(say(bold(title)))
            lines += [say(code(f"/{c.name}"), f"  {c.summary}") for c in commands]
        known = {c.name for commands in self._groups.values() for c in commands}
        offers = (("Watch list", "watchlist"), ("Whale alerts", "threshold"), ("Status", "status"))
        buttons = tuple(Button(label, f"/{name}") for label, name in offers if name in known)
        return Message(say("What I can do"), tuple(lines), (buttons,) if buttons else ())

    def _one(self, asked: str) -> Message:
        name = asked.split(maxsplit=1)[0].removeprefix("/").partition("@")[0].lower()
        commands: dict[str, Command] = {c.name: c for c in self._commands()}
        if name not in commands:
            return _unknown(name, nearest(name, commands))
        command = commands[name]
        lines = [say(command.summary)]
        lines += [_explained(parameter) for parameter in command.parameters]
        lines.append(say("For example:"))
        lines += [say(code(example)) for example in command.examples]
        return Message(
            say(code(usage_of(command))), tuple(lines), ((Button("All commands", "/help"),),)
        )

    def _commands(self) -> Iterator[Command]:
        for commands in self._groups.values():
            yield from commands
        yield self


def _unknown(name: str, guess: str) -> Message:
    reason = f"There is no command “{clean(name, SHOWN)}”."
    everything = Button("All commands", "/help")
    if not guess:
        return refuse(reason, buttons=((everything,),))
    offer = Button(f"Explain /{guess}", f"/help {guess}")
    return refuse(f"{reason} Did you mean /{guess}?", buttons=((offer, everything),))


def _explained(parameter: Parameter) -> Line:
    optional = "" if parameter.required else " (may be left out)"
    return say("· ", bold(parameter.name), f": {parameter.summary}{optional}")
