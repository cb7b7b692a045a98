"""The empty pipeline, in a process of its own: a socket frame goes straight to an HTTP request.

It reads of a frame only the hash, looks up who is to be told, and posts one line. There is no
database, no detector, no outbox and no pace.
"""

import asyncio
import json
import os

import aiohttp
from msgspec import Struct
from msgspec.json import Decoder
from websockets.asyncio.client import connect


class Hash(Struct):
    """Of a transaction, only its hash."""

    hash: str


class Utx(Struct):
    """A frame."""

    x: Hash


async def main() -> None:
    """Forward until killed."""
    recipients: dict[str, int] = json.loads(os.environ["RECIPIENTS"])
    call = f"{os.environ['TELEGRAM_API']}/bot{os.environ['TELEGRAM_TOKEN']}/sendMessage"
    decode = Decoder(Utx).decode
    async with (
        aiohttp.ClientSession() as client,
        connect(os.environ["BITCOIN_WS"]) as socket,
        asyncio.TaskGroup() as posting,
    ):
        await socket.send('{"op": "unconfirmed_sub"}')
        async for frame in socket:
            hash_ = decode(frame).x.hash
            if chat := recipients.get(hash_):
                posting.create_task(_post(client, call, {"chat_id": chat, "text": hash_}))


async def _post(client: aiohttp.ClientSession, call: str, body: dict[str, object]) -> None:
    async with client.post(call, json=body) as response:
        await response.read()


if __name__ == "__main__":
    asyncio.run(main())
