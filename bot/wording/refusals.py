"""What is said where nothing was done: what was wrong, and what to do instead. Pure."""

from collections.abc import Mapping

from bot.acts import LET_IN
from bot.commands.command import Command, Type, UsageError
from bot.commands.nearest import nearest
from bot.commands.parse import MissingError, Typed, parse_arguments, usage_of
from bot.commands.values import SHOWN, Chains
from bot.wording.words import bold, clean, code, place, refuse, say
from storage.model import Button, Chat, Line, Message

_LONGEST_OFFER = 200
_LABEL = 28
_PASTED = {Type.ADDRESS, Type.HEIGHT, Type.TRANSACTION}
HELP = Button("Help", "/help")


def format_usage(command: Command, error: UsageError) -> Message:
    """What was wrong, the usage and an example."""
    lines = (
        say("Usage: ", code(usage_of(command))),
        say("Example: ", code(example_of(command))),
    )
    return Message(say(str(error)), lines, ((_help_for(command),),), refusal=True)


def format_missing(command: Command, missing: MissingError, *, private: bool) -> Message:
    """A question for what was left out: a button for each choice, or what to type next.

    `private`: somebody listens to what is no command, so that it can be pasted.
    """
    parameter, begun = missing.parameter, f"/{command.name} {missing.given}".strip()
    choices = tuple(
        Button(choice.capitalize(), f"{begun} {choice}", replaces=True)
        for choice in parameter.choices
    )
    lines: tuple[Line, ...] = ()
    if parameter.type is not Type.CHOICE:
        paste = "Just paste it here, or type" if private and parameter.type in _PASTED else "Type"
        lines = (
            say(f"{paste} it after ", code(begun), ", like this:"),
            say(code(example_of(command))),
            say("Usage: ", code(usage_of(command))),
        )
    rows = (choices, (_help_for(command),)) if choices else ((_help_for(command),),)
    return Message(say(bold(str(missing))), lines, rows)


def _help_for(command: Command) -> Button:
    return Button("Help", f"/help {command.name}")


def example_of(command: Command) -> str:
    """The example that shows most: the first one with arguments."""
    return next((e for e in command.examples if " " in e), command.examples[0])


def format_unknown(typed: Typed, commands: Mapping[str, Command], chains: Chains) -> Message:
    """The nearest command, with what was typed after it where it takes that and it is no code."""
    shown = clean(typed.name, SHOWN)
    guess = nearest(typed.name, commands)
    if not guess:
        return refuse(f"I do not know /{shown}.", buttons=((HELP,),))
    offer = Button(f"/{guess}", f"/{guess}")
    may_be_code = nearest(typed.name, LET_IN)  # a button is kept with what it gives
    if typed.rest and len(typed.rest) <= _LONGEST_OFFER and not may_be_code:
        whole = Button(clean(f"/{guess} {typed.rest}", _LABEL), f"/{guess} {typed.rest}")
        offer = whole if _is_good(commands[guess], typed.rest, chains) else offer
    row = (offer,) if guess == "help" else (offer, HELP)
    return refuse(f"I do not know /{shown}. Did you mean /{guess}?", buttons=(row,))


def _is_good(command: Command, rest: str, chains: Chains) -> bool:
    try:
        parse_arguments(command, rest, chains)
    except UsageError:
        return False
    return True


def format_unbound(chat: Chat) -> Message:
    """Somebody asks for alerts where none are told."""
    here = place(chat)
    return refuse(
        f"I tell nothing in this {here} yet.",
        say("Let me tell it first, then ask again."),
        buttons=((Button(f"Tell this {here}", "/alerts here"), HELP),),
    )


def format_secret(warning: str) -> Message:
    """A private key was shown: said as loudly as can be, and without it."""
    return Message(
        say(bold("⚠️ " + warning)),
        (say("I have not kept it. No one who asks for a private key means well."),),
    )


def format_too_old() -> Message:
    """A button whose meaning is forgotten."""
    return refuse("This button is too old. /help shows what I can do.", buttons=((HELP,),))


def format_broken(*, changes: bool) -> Message:
    """A fault of ours: what it means for what was asked."""
    if changes:
        return refuse(
            "Something went wrong here, and it is noted.",
            say("/watchlist and /threshold show what is in force."),
        )
    return refuse("Something went wrong here, and it is noted. Nothing was changed.")


def format_unwritable(reason: str) -> Message:
    """The database is at fault, and will be well again: nobody has to do anything here."""
    return refuse(
        f"I cannot write to my database just now: {clean(reason, SHOWN)}.",
        say("Nothing was changed. Try again in a minute; /status says how things stand."),
    )
