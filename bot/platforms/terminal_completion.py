"""Completion at the prompt: commands, choices, and what the chat knows of its own."""

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from itertools import takewhile
from typing import TypeAlias

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from bot.commands.command import Command, Parameter
from bot.commands.completion import Offer
from bot.language import _
from bot.platforms.terminal_text import clean

Complete: TypeAlias = Callable[[Parameter, str], Sequence[Offer]]
"""Candidates for a parameter and what is typed of it: its choices, one's own addresses …"""

QUIT = "/quit"


class CommandCompleter(Completer):
    """Offers what may stand where the cursor is, with its summary beside it."""

    def __init__(self, commands: Sequence[Command], complete: Complete | None) -> None:
        self._commands = {f"/{command.name}": command for command in commands}
        self._complete = complete

    def get_completions(
        self,
        document: Document,  # noqa: ARG002 - the library's
        complete_event: CompleteEvent,  # noqa: ARG002 - the library's
    ) -> Iterable[Completion]:
        """Nothing: the candidates are asked for in the loop, below."""
        return ()

    async def get_completions_async(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 - the library's
    ) -> AsyncGenerator[Completion, None]:
        """The names of commands for the first word, then candidates for each parameter."""
        words = document.text_before_cursor.split(" ")
        typed = words[-1]
        if len(words) == 1:
            offers = self._names(typed)
        else:
            offers = self._values(words[0], [word for word in words[1:-1] if word], typed)
        for text, meta in offers:
            yield Completion(clean(text), start_position=-len(typed), display_meta=clean(meta))

    def _names(self, typed: str) -> list[tuple[str, str]]:
        names = [(name, _(command.summary)) for name, command in self._commands.items()]
        wanted = f"/{typed.removeprefix('/')}".lower()
        return [
            offer for offer in [*names, (QUIT, _("Leave"))] if typed and offer[0].startswith(wanted)
        ]

    def _values(self, name: str, before: Sequence[str], typed: str) -> list[tuple[str, str]]:
        command = self._commands.get(f"/{name.removeprefix('/')}")
        offers: dict[str, str] = {}
        for parameter in expected(command.parameters if command else (), before):
            for offer in self._complete(parameter, typed) if self._complete else ():
                offers.setdefault(offer.text, offer.meaning or _(parameter.summary))
        for parameter in command.parameters if command else ():
            left = parameter.named and parameter.name not in before
            if left and parameter.name.startswith(typed.lower()):
                offers.setdefault(parameter.name, _(parameter.summary))
        return list(offers.items())


def expected(parameters: Sequence[Parameter], before: Sequence[str]) -> list[Parameter]:
    """What a word may be after others: optional ones can be left out."""
    named = {parameter.name: parameter for parameter in parameters if parameter.named}
    if before and before[-1] in named:
        return [named[before[-1]]]
    position = sum(word not in named for word in before)
    rest = [parameter for parameter in parameters if not parameter.named][position:]
    optional = list(takewhile(lambda parameter: not parameter.required, rest))
    return [*optional, *rest[len(optional) : len(optional) + 1]]
