"""The demo: the live program in the terminal, against a chain that it simulates itself."""

import getpass
import tempfile
from functools import partial
from pathlib import Path

from bot.app import App, Around, opened_app
from bot.language import _
from bot.live import log_stream
from bot.logs import configure_logging
from bot.platforms.platform import Incoming
from bot.settings import Settings, parse_settings
from bot.wording.words import bold, code, say, span
from storage.model import Button, Message
from watchers.bitcoin.chain import BITCOIN
from watchers.simulated.server import SimulatedBitcoin

FIRST_THRESHOLD = "/threshold whales 100 BTC"


async def run_demo(*, speed: float, seed: int) -> None:
    """Run until the person leaves; nothing is kept but the pictures."""
    with tempfile.TemporaryDirectory(prefix="spyhop-demo-") as folder:
        async with SimulatedBitcoin(seed=seed, speed=speed) as chain:
            settings = _settings(Path(folder), chain)
            with log_stream(settings) as stream:
                configure_logging([], stream=stream)
                async with opened_app(settings, Around(history_pace_seconds=0.0)) as app:
                    await _prepare(app, speed)
                    await app.run()


def _settings(folder: Path, chain: SimulatedBitcoin) -> Settings:
    return parse_settings(
        {
            "DATABASE": str(folder / "demo.db"),
            "CONSOLE": "on",
            "BITCOIN_WS": chain.ws_url,
            "BITCOIN_HTTP": chain.http_url,
        }
    )


async def _prepare(app: App, speed: float) -> None:
    """Ask for whales as a person would, so that there is something to see at once."""
    who = getpass.getuser()
    await app.conversation(Incoming("terminal", "local", who, who, text=FIRST_THRESHOLD))
    await app.announce("demo", partial(_welcome, speed))


def _welcome(speed: float) -> Message:
    block = span(BITCOIN.block_seconds / speed)
    return Message(
        say(
            bold(_("This Bitcoin is simulated.")),
            " ",
            _("Nothing here is real, and nothing is kept."),
        ),
        (
            say(
                _("A block comes about every {span}.").format(span=block),
                " ",
                _("I asked for you:"),
                " ",
                code(FIRST_THRESHOLD),
            ),
            say(_("Whales surface in a moment.")),
        ),
        (
            (
                Button(_("Statistics"), "/stats 1h"),
                Button(_("Chart"), "/chart volume"),
                Button(_("How am I?"), "/status"),
            ),
        ),
    )
