"""`python -m bot` is `spyhop`."""

from bot.cli import main

main(prog_name="spyhop")
