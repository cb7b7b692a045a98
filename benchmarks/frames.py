"""Websocket frames of blockchain.com to measure with."""

import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

MEMPOOL = Path(__file__).resolve().parents[2] / (
    "shared/data/bitcoin_mempool/sob2024_mempool_part.jsonl.gz"
)
MADE_UP = 5_000


def frames() -> tuple[list[bytes], str]:
    """`utx` frames and where they are from: real transactions where their file is there."""
    if MEMPOOL.exists():
        with gzip.open(MEMPOOL) as lines:
            bodies = [_real(json.loads(line)) for line in lines]
        origin = f"{len(bodies):,} real mempool transactions of March 2024"
    else:
        rng = random.Random(1)
        bodies = [made_up(rng) for _ in range(MADE_UP)]
        origin = f"{len(bodies):,} made-up transactions: the real ones are not beside this checkout"
    return [json.dumps({"op": "utx", "x": x}).encode() for x in bodies], origin


def _real(line: dict[str, Any]) -> dict[str, Any]:
    tx = line["tx"]
    inputs = [
        (spent["prevout"]["value"], _address(spent["prevout"]), spent.get("scriptsig", ""))
        for spent in tx["vin"]
    ]
    outputs = [(out["value"], _address(out), out["scriptpubkey"]) for out in tx["vout"]]
    return body(line["_txid"], line["_size"], inputs, outputs)


def _address(output: dict[str, Any]) -> str | None:
    return output.get("scriptpubkey_address")


def made_up(rng: random.Random) -> dict[str, Any]:
    """A transaction with as many parts as real ones have: mostly one or two, sometimes dozens."""
    inputs = [_coin(rng) for _ in range(min(1 + int(rng.paretovariate(1.1)), 250))]
    outputs = [_coin(rng) for _ in range(rng.choice((1, 2, 2, 2, 3, 5)))]
    return body(rng.randbytes(32).hex(), 150 * len(inputs) + 34 * len(outputs), inputs, outputs)


def _coin(rng: random.Random) -> tuple[int, str, str]:
    """An amount, about one in a thousand above 100 BTC, and an address of its own."""
    amount = min(int(10**6 * rng.paretovariate(0.75)), 10**12)
    return amount, f"bc1q{rng.randbytes(19).hex()}", f"0014{rng.randbytes(20).hex()}"


def body(
    hash_: str,
    size: int,
    inputs: Sequence[tuple[int, str | None, str]],
    outputs: Sequence[tuple[int, str | None, str]],
) -> dict[str, Any]:
    """A transaction as the websocket sends it since 2022: no index, no outpoints."""
    return {
        "lock_time": 0, "ver": 2, "size": size, "time": 1_710_000_000, "tx_index": 0,
        "vin_sz": len(inputs), "hash": hash_, "vout_sz": len(outputs), "relayed_by": "0.0.0.0",
        "inputs": [
            {"sequence": 4294967293, "script": script, "prev_out": _output(0, value, address, "")}
            for value, address, script in inputs
        ],
        "out": [_output(n, *output) for n, output in enumerate(outputs)],
    }  # fmt: skip


def _output(n: int, value: int, address: str | None, script: str) -> dict[str, Any]:
    return {
        "spent": False, "tx_index": 0, "type": 0, "addr": address, "value": value, "n": n,
        "script": script,
    }  # fmt: skip
