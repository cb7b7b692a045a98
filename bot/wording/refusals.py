"""What is said where nothing was done: what was wrong, and what to do instead. Pure."""

from collections.abc import Mapping

from bot.acts import LET_IN
from bot.commands.command import Command, MissingError, Parameter, Type, UsageError
from bot.commands.examples import example_of, nearest_example
from bot.commands.nearest import MEANT, nearest
from bot.commands.parse import Typed, parse_arguments, usage_of
from bot.commands.values import SHOWN, Chains
from bot.language import _
from bot.wording.words import bold, clean, code, filled, place, refuse, say
from storage.model import Button, Chat, Line, Message

_LONGEST_OFFER = 200
_LONGEST_USAGE = 80
"""What is longer fills a phone and tells nothing: the example and the help do."""
_LABEL = 28
_SAMPLES = {
    Type.ADDRESS: "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
    Type.AMOUNT: "0.5 BTC",
    Type.CHAIN: "BTC",
    Type.NUMBER: "12",
    Type.WATCH: "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
}
_PASTED = {Type.ADDRESS, Type.HEIGHT, Type.TRANSACTION, Type.WATCH}


def help_button() -> Button:
    """The way to everything there is."""
    return Button(_("Help"), "/help")


def format_usage(command: Command, error: UsageError, typed: str) -> Message:
    """What was wrong, the usage where it is short enough to be read, and an example.

    `typed` is what was given to the command.
    """
    example = error.example or nearest_example(command, typed)
    lines = (*_usage_of(command), filled(_("Example: {example}"), example=code(example)))
    return Message(say(str(error)), lines, ((_help_for(command),),), refusal=True)


def format_missing(command: Command, missing: MissingError, *, private: bool) -> Message:
    """A question for what was left out: a button for each choice, or what to type next.

    `private`: somebody listens to what is no command, so that it can be pasted.
    """
    parameter, begun = missing.parameter, f"/{command.name} {missing.given}".strip()
    choices = tuple(
        Button(label, f"{begun} {choice}", replaces=True)
        for choice, label in zip(parameter.choices, _labels_of(parameter), strict=True)
    )
    lines: tuple[Line, ...] = ()
    if parameter.type is not Type.CHOICE:
        how = _("Type it after {command}, like this:")
        if private and parameter.type in _PASTED and not parameter.named:
            how = _("Just paste it here, or type it after {command}, like this:")
        lines = (
            filled(how, command=code(begun)),
            say(code(_example(command, missing, begun))),
            *_usage_of(command),
        )
    rows = (choices, (_help_for(command),)) if choices else ((_help_for(command),),)
    return Message(say(bold(str(missing))), lines, rows)


def _labels_of(parameter: Parameter) -> list[str]:
    """What the choices are called in the language that is spoken."""
    if parameter.labels:
        return [_(label) for label in parameter.labels]
    return [choice.capitalize() for choice in parameter.choices]


def _usage_of(command: Command) -> tuple[Line, ...]:
    usage = usage_of(command)
    if len(usage) > _LONGEST_USAGE:
        return ()
    return (filled(_("Usage: {usage}"), usage=code(usage)),)


def _help_for(command: Command) -> Button:
    return Button(_("Help"), f"/help {command.name}")


def _example(command: Command, missing: MissingError, begun: str) -> str:
    """What to type: behind a name an example of its own, as no other shows it."""
    sample = _SAMPLES.get(missing.parameter.type)
    if missing.parameter.named and sample:
        return f"{begun} {sample}"
    return example_of(command)


def format_unknown(typed: Typed, commands: Mapping[str, Command], chains: Chains) -> Message:
    """The nearest command, with what was typed after it where it takes that and it is no code."""
    shown = clean(typed.name, SHOWN)
    guess = MEANT.get(typed.name) or nearest(typed.name, commands)
    if not guess:
        return refuse(_("I do not know /{name}.").format(name=shown), buttons=((help_button(),),))
    offer = Button(f"/{guess}", f"/{guess}")
    may_be_code = guess in LET_IN or nearest(typed.name, LET_IN)  # a button keeps what it gives
    if typed.rest and len(typed.rest) <= _LONGEST_OFFER and not may_be_code:
        whole = Button(clean(f"/{guess} {typed.rest}", _LABEL), f"/{guess} {typed.rest}")
        offer = whole if _is_good(f"{guess} {typed.rest}", commands, chains) else offer
    row = (offer,) if guess == "help" else (offer, help_button())
    meant = _("I do not know /{name}. Did you mean /{guess}?").format(name=shown, guess=guess)
    return refuse(meant, buttons=(row,))


def _is_good(typed: str, commands: Mapping[str, Command], chains: Chains) -> bool:
    name, _space, rest = typed.partition(" ")
    try:
        parse_arguments(commands[name], rest, chains)
    except UsageError:
        return False
    return True


def format_unbound(chat: Chat) -> Message:
    """Somebody asks for alerts where none are told."""
    here, button = place(chat), help_button()
    return refuse(
        _("I tell nothing in this {place} yet.").format(place=here),
        say(_("Let me tell it first, then ask again.")),
        buttons=((Button(_("Tell this {place}").format(place=here), "/alerts here"), button),),
    )


def format_secret(warning: str) -> Message:
    """A private key was shown: said as loudly as can be, and without it."""
    return Message(
        say(bold("⚠️ " + warning)),
        (say(_("I have not kept it. No one who asks for a private key means well.")),),
    )


def format_too_old() -> Message:
    """A button whose meaning is forgotten."""
    return refuse(
        _("This button is too old. /help shows what I can do."), buttons=((help_button(),),)
    )


def format_broken(*, changes: bool) -> Message:
    """A fault of ours: what it means for what was asked."""
    if changes:
        return refuse(
            _("Something went wrong here, and it is noted."),
            say(_("/watchlist and /threshold show what is in force.")),
        )
    return refuse(_("Something went wrong here, and it is noted. Nothing was changed."))


def format_unwritable(reason: str) -> Message:
    """The database is at fault, and will be well again: nobody has to do anything here."""
    return refuse(
        _("I cannot write to my database just now: {reason}.").format(reason=clean(reason, SHOWN)),
        say(_("Nothing was changed. Try again in a minute; /status says how things stand.")),
    )
