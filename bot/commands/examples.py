"""Which example of a command helps whoever mistyped it: pure."""

from collections.abc import Sequence

from bot.commands.command import Command

_NUMBER = "#"
_LONGEST = 9


def example_of(command: Command) -> str:
    """The example that shows most: the first one with arguments."""
    return next((e for e in command.examples if " " in e), command.examples[0])


def nearest_example(command: Command, typed: str) -> str:
    """The first example that shares most words with `typed`, about the number that leads it."""
    given = typed.lower().split()
    shared = {example: _shared(example.split()[1:], given) for example in command.examples}
    best = max(command.examples, key=shared.__getitem__)
    if not shared[best]:
        return example_of(command)
    name, *words = best.split()
    return " ".join([name, *given[:1], *words[1:]]) if _leads(words) and _leads(given) else best


def _shared(example: Sequence[str], given: Sequence[str]) -> int:
    """How many words of an example were typed; none where all were, since it shows nothing new.

    A number counts where it comes first.
    """
    return 0 if set(example) <= set(given) else len(_words(example) & _words(given))


def _words(words: Sequence[str]) -> set[str]:
    first = {_NUMBER} if _leads(words) else set()
    return first | {word for word in words if not word.isdigit()}


def _leads(words: Sequence[str]) -> bool:
    """Whether a number of a list comes first."""
    return bool(words) and words[0].isdigit() and len(words[0]) <= _LONGEST
