"""What is typed as text, as the form that means the same."""

from bot.commands.command import UsageError
from bot.commands.parse import Form, parse_arguments, parse_named, parse_typed
from bot.commands.registry import COMMANDS
from watchers.registry import CHAINS

COMMAND_BY_NAME = {command.name: command for command in COMMANDS}


def as_form(text):
    """What is typed, as the form that means the same: found by trying every division of it."""
    typed = parse_typed(text, COMMAND_BY_NAME)
    assert typed is not None, text
    command = COMMAND_BY_NAME[typed.name]
    wanted = parse_arguments(command, typed.rest, CHAINS)
    named = {p.name for p in command.parameters if p.named}
    words = [word for word in typed.rest.split() if word not in named]
    for options in divisions([p.name for p in command.parameters], words):
        try:
            if parse_named(command, options, CHAINS) == wanted:
                return Form(command.name, options)
        except UsageError:
            continue
    raise AssertionError(f"no form says {text!r}")


def divisions(names, words):
    """Every way to hand out words, in order, to some of the names."""
    if not names:
        if not words:
            yield {}
        return
    for count in range(len(words), -1, -1):
        for rest in divisions(names[1:], words[count:]):
            yield ({names[0]: " ".join(words[:count])} if count else {}) | rest
