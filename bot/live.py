"""A live run: a log without secrets, and the app."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import click

from bot.alarm import remedy
from bot.app import opened_app
from bot.lock import only_one
from bot.logs import configure_logging
from bot.platforms.platform import PlatformRefusedError
from bot.settings import Settings
from storage._sqlite import DatabaseError
from storage.database import DatabaseUnusableError

SWITCH_SECONDS = 0.0005
"""So soon the event loop has its turn while a thread computes; ten times as long by default."""


async def run_live(settings: Settings) -> None:
    """Run until stopped. Raises `click.ClickException` for what its owner must put right."""
    try:
        await _run(settings)
    except (DatabaseUnusableError, PlatformRefusedError) as error:
        raise click.ClickException(str(error)) from None
    except DatabaseError as error:  # at the start: later ones are waited out where they happen
        raise click.ClickException(
            f"{settings.database} cannot be written ({error}). {remedy(str(error))}"
        ) from None


async def _run(settings: Settings) -> None:
    sys.setswitchinterval(SWITCH_SECONDS)
    with only_one(settings.database), log_stream(settings) as stream:
        tokens = [settings.telegram_token.reveal(), settings.discord_token.reveal()]
        configure_logging(tokens, stream=stream)
        async with opened_app(settings) as app:
            if app.claim_code and any(tokens):
                click.echo(f"Nobody owns this bot yet. Send it, once:  /start {app.claim_code}")
            await app.run()


@contextmanager
def log_stream(settings: Settings) -> Iterator[TextIO]:
    """Standard error, or a file beside the database where the terminal is a chat."""
    if settings.console == "off" or not sys.stderr.isatty():
        yield sys.stderr
    else:
        with settings.database.with_suffix(".log").open("a") as stream:
            yield stream
