"""The command line: `spyhop` runs live from the settings, `spyhop demo` on simulated chains."""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

import click
from dotenv import dotenv_values

from bot.offline.commands import COMMANDS
from bot.settings import Settings, SettingsError, parse_settings
from storage._sqlite import load_lean

VERSION = "0.1.0"


@click.group(invoke_without_command=True)
@click.version_option(VERSION, prog_name="spyhop")
@click.option(
    "--env",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path(".env"),
    show_default=True,
    help="File of settings; variables of the environment win over it.",
)
@click.pass_context
def main(context: click.Context, env: Path) -> None:
    """Watch blockchains and tell people, in the chat they already use, what was seen."""
    signal.signal(signal.SIGTERM, _leave)
    load_lean()
    # Matrices here are small: of a second thread numpy would have little but the waiting.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    context.obj = partial(_settings, env)
    if context.invoked_subcommand is None:
        settings = _settings(env)
        if not (_chats(settings) or settings.console == "on" or sys.stdin.isatty()):
            raise click.ClickException(
                "there is nobody to talk to: set TELEGRAM_TOKEN, DISCORD_TOKEN, or CONSOLE=on,"
                " in .env"
            )
        from bot.live import run_live  # noqa: PLC0415 - so that --help starts at once

        _run(run_live(settings))


@main.command(short_help="Try it in the terminal, on simulated chains.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Simulated seconds a second.",
)
@click.option("--seed", default=1, show_default=True, help="The same seed, the same economy.")
def demo(speed: float, seed: int) -> None:
    """Run the same program in the terminal against simulated chains: no network, no token."""
    from bot.demo import run_demo  # noqa: PLC0415 - so that --help starts at once

    _run(run_demo(speed=speed, seed=seed))


for command in COMMANDS:
    main.add_command(command)


def _settings(env: Path) -> Settings:
    environment: Mapping[str, str] = {
        **{name: value for name, value in dotenv_values(env).items() if value is not None},
        **os.environ,
    }
    try:
        return parse_settings(environment)
    except SettingsError as error:
        raise click.ClickException(f"these settings cannot be used:\n{error}") from None


def _leave(*_: object) -> None:
    """Nothing is open yet: asked to end, the program ends at once, and in good order."""
    sys.exit(0)


def _chats(settings: Settings) -> bool:
    return bool(settings.telegram_token or settings.discord_token)


def _run(program: Coroutine[object, object, None]) -> None:
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_until_terminated(program))


async def _until_terminated(program: Coroutine[object, object, None]) -> None:
    """Give the program up where it is asked to end before it listens to that itself."""
    task = asyncio.current_task()
    with suppress(NotImplementedError):
        if task:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await program
