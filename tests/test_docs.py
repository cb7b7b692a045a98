"""The documents that are held to the program."""

from bot.commands import document


def test_the_page_of_commands_is_what_the_command_table_says():
    written = document.PATH.read_text(encoding="utf-8")
    assert written == document.document(), "run: python -m bot.commands.document"
