"""Asked to end while it still starts, it ends in good order."""

import signal
import sys
from pathlib import Path

import pytest

from storage.database import open_database
from tests.end_to_end.program import Program

NOWHERE = "127.0.0.1:1"


def catches(program):
    """Whether it no longer dies of being asked to end."""
    status = Path(f"/proc/{program.pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return caught >> (signal.SIGTERM - 1) & 1


def exists(suffix):
    return lambda program: program.database.with_suffix(suffix).exists()


def says(words):
    return lambda program: words in program.said()


MOMENTS = {
    "it has read its settings": catches,
    "it has taken its place": exists(".lock"),
    "it has made its database": exists(".db"),
    "it looks for the source": says("session ended"),
    "it looks for Telegram": says("Telegram cannot be reached"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
async def test_it_ends_in_good_order_as_soon_as(tmp_path, moment):
    program = Program(
        tmp_path, TELEGRAM_TOKEN="12345:a-token_of_nobody", TELEGRAM_API=f"http://{NOWHERE}",
        BITCOIN_WS=f"ws://{NOWHERE}/inv", BITCOIN_HTTP=f"http://{NOWHERE}",
    )  # fmt: skip
    await program.start()
    await program.until(lambda: moment(program), "moment")
    assert await program.stop() == 0, program.said()
    assert "Traceback" not in program.said()
    open_database(program.database).close()
