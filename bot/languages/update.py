"""Brings the catalogues in step with the messages in the code: `make messages`.

A message is what stands as a text in a call of `_`, `marked`, `sealed`, `pgettext` or `many`, or in
an error that says why an address is none or an answer of no use. The code is read as a syntax
tree, which also finds calls within f-strings.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.language import CATALOGUES, ENGLISH, LANGUAGES

_ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = ("bot", "storage", "detectors", "watchers")
_MARKED = (ast.Name, ast.Attribute, ast.Subscript)
Id: TypeAlias = str | tuple[str, str]


class Found(NamedTuple):
    """A message, singular and plural where it counts something, and where it was met."""

    id: Id
    context: str | None
    file: str


def messages() -> Iterator[Found]:
    """Every message in the code. Raises `ValueError` for one that is no plain text."""
    paths = (path for folder in _FOLDERS for path in sorted((_ROOT / folder).rglob("*.py")))
    for path in paths:
        file = str(path.relative_to(_ROOT))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                yield from _message(call, call.func.id, file)


def _message(call: ast.Call, function: str, file: str) -> Iterator[Found]:
    match function:
        case "_" | "sealed" if call.args and isinstance(call.args[0], _MARKED):
            pass  # a constant, whose texts are marked where they stand
        case "_" | "marked" | "sealed" | "AddressError" | "PrivateKeyError" | "FeedError":
            yield Found(_text(call, 0, file), None, file)
        case "pgettext":
            yield Found(_text(call, 1, file), _text(call, 0, file), file)
        case "many":
            yield Found((_text(call, 1, file), _text(call, 2, file)), None, file)


def _text(call: ast.Call, position: int, file: str) -> str:
    argument = call.args[position] if position < len(call.args) else call
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    raise ValueError(f"{file}:{call.lineno}: a message must be a plain text")


def template() -> Catalog:
    """All messages, without a translation."""
    catalog = Catalog(project="Spyhop", charset="utf-8")
    for found in messages():
        catalog.add(found.id, locations=[(found.file, 0)], context=found.context)
    return catalog


def read_catalogue(language: str) -> Catalog:
    """A language's catalogue as it is kept; an empty one where there is none."""
    path = CATALOGUES / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language, project="Spyhop", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def is_translated(message: Message) -> bool:
    """Whether every form of a message is there."""
    forms = (message.string,) if isinstance(message.string, str) else message.string
    return all(forms) if forms else False


def update() -> None:
    """Give every catalogue the messages of the code, and no others."""
    wanted = template()
    for language in LANGUAGES:
        if language == ENGLISH:
            continue
        catalog = read_catalogue(language)
        catalog.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
        with (CATALOGUES / f"{language}.po").open("wb") as file:
            write_po(
                file, catalog, width=100, ignore_obsolete=True, sort_by_file=True,
                include_lineno=False,
            )  # fmt: skip
        left = sum(not is_translated(message) for message in catalog if message.id)
        sys.stdout.write(f"{language}: {len(catalog)} messages, {left} to translate\n")


if __name__ == "__main__":
    update()
