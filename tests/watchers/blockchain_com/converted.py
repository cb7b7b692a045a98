"""Real chain data (Esplora's form) in blockchain.com's form."""

import gzip
import json
from collections.abc import Iterator

from tests.real import real_data

BLOCKS = (170, 200000, 210000, 255018, 300025, 403200, 478558, 757739)


def raw_tx(tx: dict, txid: str, size: int) -> dict:
    return {
        "hash": txid,
        "size": size,
        "ver": tx["version"],
        "lock_time": tx["locktime"],
        "vin_sz": len(tx["vin"]),
        "vout_sz": len(tx["vout"]),
        "tx_index": 0,
        "relayed_by": "0.0.0.0",
        "inputs": [_input(item) for item in tx["vin"]],
        "out": [_output(out, number) for number, out in enumerate(tx["vout"])],
    }


def _input(item: dict) -> dict:
    spent = item["prevout"] and _output(item["prevout"], item["vout"]) | {"spent": True}
    return {"sequence": item["sequence"], "script": item["scriptsig"], "prev_out": spent}


def _output(out: dict, number: int) -> dict:
    return {
        "spent": False,
        "tx_index": 0,
        "type": 0,
        "addr": out.get("scriptpubkey_address"),
        "value": out["value"],
        "n": number,
        "script": out["scriptpubkey"],
    }


def real_block(height: int) -> tuple[dict, dict]:
    """A real block: as it is, and as `/rawblock` would answer."""
    name = f"mainnet_{height:06}.json.gz"
    block = json.loads(gzip.decompress(real_data("bitcoin_blocks", name).read_bytes()))
    raw = {
        "hash": block["id"],
        "prev_block": block["previousblockhash"],
        "height": height,
        "time": block["timestamp"],
        "bits": 0x1B04864C,
        "size": 1_000_000,
        "n_tx": block["tx_count"],
        "main_chain": True,
        "tx": [raw_tx(tx, tx["txid"], tx["size"]) for tx in block["txs"]],
    }
    return block, raw


def real_mempool(limit: int | None = None) -> Iterator[tuple[dict, dict]]:
    """Real mempool transactions: as they are (with `_fee`, `_weight`), and as `utx.x`."""
    path = real_data("bitcoin_mempool", "sob2024_mempool_part.jsonl.gz")
    with gzip.open(path) as lines:
        for number, line in enumerate(lines):
            if number == limit:
                return
            row = json.loads(line)
            yield row, raw_tx(row["tx"], row["_txid"], row["_size"])


def captures() -> list[dict]:
    """The captured and documented websocket messages."""
    lines = real_data("blockchain_com", "ws_messages.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines if line.strip()]
