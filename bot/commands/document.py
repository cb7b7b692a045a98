"""Writes docs/commands.md from the command table: `python -m bot.commands.document`."""

from collections.abc import Iterator
from pathlib import Path

from bot.commands.command import Command, Parameter
from bot.commands.parse import usage_of
from bot.commands.registry import COMMANDS, GROUPS

PATH = Path(__file__).resolve().parents[2] / "docs" / "commands.md"
_HEAD = """\
# Commands

The same in every chat, with or without the slash. What is in CAPITALS must be given, what is
in [brackets] may be left out. Instead of a command you can paste an address, a transaction id,
a block height or an amount, and are offered what can be done with it. Nothing of it is asked
outside: what would tell another server about an address is a button that says so.

In a group anybody may ask once an invited person has used the bot there; what the group is told
(marked *changes*) only its admins change, and the owners of the bot. A command of which every
part may be left out only shows how things are when it stands alone.

<!-- Written by `python -m bot.commands.document` from the command table: change it there. -->
"""
_KINDS = """\
## How arguments are written

| what | for example |
|---|---|
| an address | `bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq`, also from a link |
| an amount | `500 BTC`, `1.5k`, `$10M`, `50000 sat`, `0,5 BTC`, `2 Mio. USD`; `1,000` in English |
| a duration | `30m`, `8h`, `1h 30m`, `1.5h`, `2 Tage`, `1w`, `forever` |
| a period | `1h`, `24h`, `7d`, `30d`, `day`, `week`, up to a year |
| a block height | `840000`, `840,000` |
| a number of a list | `3`, `#3` |
| a time of day | `22:00`, `7:30`, `10pm`, `22h`, `22 Uhr` |
| weekdays | `mon-fri`, `sat,sun`, `Mo bis Fr`, `weekends` |
| a label | any text, at most 40 characters |
"""


def document() -> str:
    """The page, in Markdown; what is in no group (help itself) comes last."""
    parts = [_HEAD]
    for title, commands in GROUPS.items():
        parts += [f"## {title}\n", *map(_section, commands)]
    grouped = {command.name for commands in GROUPS.values() for command in commands}
    parts += [_section(command) for command in COMMANDS if command.name not in grouped]
    return "\n".join([*parts, _KINDS])


def _section(command: Command) -> str:
    return "\n".join([f"### `{usage_of(command)}`\n", *_lines(command)])


def _lines(command: Command) -> Iterator[str]:
    yield f"{command.summary}.{' *(changes)*' if command.changes else ''}\n"
    if command.parameters:
        yield from map(_item, command.parameters)
        yield ""
    yield "```text"
    yield from command.examples
    yield "```\n"


def _item(parameter: Parameter) -> str:
    return f"- `{parameter.name}`: {parameter.summary}"


def main() -> None:
    """Write the page."""
    PATH.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
