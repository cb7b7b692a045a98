"""`python -m bot` is `spyhop`."""

from bot.cli import main

if __name__ == "__main__":  # the worker process imports this module again
    main(prog_name="spyhop")
