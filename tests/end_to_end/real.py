"""Real transactions and blocks in blockchain.com's form, and what arithmetic says of them.

The expectations are computed from the raw data by a route of their own: nothing of the
program is used here.
"""

import gzip
import json

from tests.real import real_data


def mempool():
    """5,083 real transactions of March 2024: Esplora's form beside id and size."""
    path = real_data("bitcoin_mempool", "sob2024_mempool_part.jsonl.gz")
    with gzip.open(path) as lines:
        return [json.loads(line) for line in lines]


def blocks():
    """Eight real mainnet blocks in Esplora's form, oldest first."""
    found = []
    for path in sorted(real_data("bitcoin_blocks").glob("*.json.gz")):
        with gzip.open(path) as file:
            found.append(json.load(file))
    return sorted(found, key=lambda block: block["height"])


def utx(line):
    """A `utx` body, as the websocket sends it since 2022."""
    return _rawtx(line["_txid"], line["tx"], line["_size"])


def rawblock(block, height, parent):
    """A REST `rawblock` of a real block, put at a height of our own choice."""
    transactions = []
    for tx in block["txs"]:
        raw = _rawtx(tx["txid"], tx, tx["size"])
        raw |= {"weight": tx["weight"], "fee": tx["fee"], "block_height": height}
        transactions.append(raw)
    return {
        "hash": block["id"], "ver": 1, "prev_block": parent, "mrkl_root": "00" * 32,
        "time": block["timestamp"], "bits": 386_089_497, "nonce": 0, "n_tx": len(transactions),
        "fee": sum(tx["fee"] for tx in block["txs"]), "size": 1_000_000, "weight": 3_990_000,
        "block_index": height, "height": height, "main_chain": True, "next_block": [],
        "tx": transactions,
    }  # fmt: skip


def made_block(name, lines):
    """A block of mempool transactions, in the form that `rawblock` takes."""
    found = [
        {**line["tx"], "txid": line["_txid"], "size": line["_size"], "weight": line["_weight"],
         "fee": line["_fee"]}
        for line in lines
    ]  # fmt: skip
    return {"id": name, "timestamp": 1_710_000_000, "txs": found}


def _rawtx(txid, tx, size):
    inputs = [
        {
            "sequence": given["sequence"],
            "script": given.get("scriptsig", ""),
            "prev_out": given["prevout"] and {**_output(given["prevout"], given["vout"])},
        }
        for given in tx["vin"]
    ]
    outputs = [_output(given, n) for n, given in enumerate(tx["vout"])]
    return {
        "hash": txid, "ver": tx["version"], "lock_time": tx["locktime"], "size": size,
        "vin_sz": len(inputs), "vout_sz": len(outputs), "time": 1_710_000_000, "tx_index": 0,
        "relayed_by": "0.0.0.0", "inputs": inputs, "out": outputs,
    }  # fmt: skip


def _output(given, n):
    return {
        "spent": False, "tx_index": 0, "type": 0, "n": n, "value": given["value"],
        "addr": given.get("scriptpubkey_address"), "script": given["scriptpubkey"],
    }  # fmt: skip


def is_coinbase(tx):
    return tx["vin"][0].get("is_coinbase", False)


def moved(tx):
    """Satoshi that do not return to an address among the inputs."""
    senders = {(given["prevout"] or {}).get("scriptpubkey_address") for given in tx["vin"]}
    senders.discard(None)
    return sum(out["value"] for out in tx["vout"] if out.get("scriptpubkey_address") not in senders)


def touches(tx, address):
    """Whether a transaction spends from or pays to an address."""
    spent = [(given["prevout"] or {}).get("scriptpubkey_address") for given in tx["vin"]]
    return address in spent or any(out.get("scriptpubkey_address") == address for out in tx["vout"])
