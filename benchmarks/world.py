"""The other end of the wires, in a process of its own: a simulated chain and a Telegram.

Prints what a bot needs to reach them, then when it subscribed.
"""

import asyncio
import json
import sys
import time

from tests.strict_telegram.server import StrictTelegram
from watchers.simulated.server import SimulatedBitcoin

TRANSACTIONS = "unconfirmed_sub"


async def main() -> None:
    """Serve until killed."""
    async with SimulatedBitcoin(seed=1) as chain, StrictTelegram() as telegram:
        say(
            BITCOIN_WS=chain.ws_url,
            BITCOIN_HTTP=chain.http_url,
            TELEGRAM_TOKEN=telegram.token,
            TELEGRAM_API=telegram.base,
        )
        while not subscribed(chain):  # noqa: ASYNC110 - the chain rings no bell
            await asyncio.sleep(0.005)
        say(subscribed=time.monotonic())
        await asyncio.Event().wait()


def subscribed(chain: SimulatedBitcoin) -> bool:
    """Whether somebody asked for the transactions."""
    return any(asked.get("op") == TRANSACTIONS for asked in chain.heard)


def say(**values: object) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
