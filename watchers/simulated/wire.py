"""The chain as blockchain.com's websocket tells it, in three of its dialects.

Source: its page on the websocket API, and messages captured from it:
- 2013: `lock_time` is the word "Unavailable"; no `ver`, `sequence`, `script`, `n`, `spent`.
- 2019: as from 2015 to 2019, with running `tx_index` numbers.
- 2022: the same with every `tx_index`, the reward and the block indexes 0.
"""

from typing import Any, Literal

from .address import address_of
from .blockchain import Chain
from .transaction import Block, Input, Output, Transaction

Dialect = Literal["2013", "2019", "2022"]
Json = dict[str, Any]


def difficulty(bits: int) -> float:
    """How many times harder than the first block's the target of a header is."""
    exponent, mantissa = bits >> 24, bits & 0xFFFFFF
    return 0xFFFF * 2.0 ** (8 * (0x1D - exponent)) / mantissa


def message(chain: Chain, new: Transaction | Block, dialect: Dialect) -> Json:
    """What the subscribers are sent."""
    if isinstance(new, Transaction):
        return utx(chain, new, dialect)
    return block(chain, new, dialect)


def utx(chain: Chain, transaction: Transaction, dialect: Dialect) -> Json:
    """The message of a transaction seen for the first time."""
    if dialect == "2013":
        return {"op": "utx", "x": _old_transaction(chain, transaction)}
    index = _index(chain, transaction.hash, dialect)
    return {
        "op": "utx",
        "x": {
            "lock_time": transaction.lock_time,
            "ver": transaction.version,
            "size": transaction.size,
            "inputs": [_input(chain, item, dialect) for item in transaction.inputs],
            "time": transaction.time,
            "tx_index": index,
            "vin_sz": len(transaction.inputs),
            "hash": transaction.hash,
            "vout_sz": len(transaction.outputs),
            "relayed_by": "0.0.0.0" if dialect == "2022" else "127.0.0.1",  # noqa: S104  (a word on the wire, no socket is bound)
            "out": [
                _output(output, n, index, spent=False)
                for n, output in enumerate(transaction.outputs)
            ],
        },
    }


def block(chain: Chain, new: Block, dialect: Dialect) -> Json:
    """The message of a new block on any branch."""
    told = dialect != "2022"
    message: Json = {
        "txIndexes": [_index(chain, item.hash, dialect) for item in new.transactions],
        "nTx": len(new.transactions),
        "totalBTCSent": sum(item.sent for item in new.transactions),
        "estimatedBTCSent": sum(_moved(item) for item in new.transactions),
        "reward": new.reward if told else 0,
        "size": new.size,
        "blockIndex": new.height if told else 0,
        "prevBlockIndex": new.height - 1 if told else 0,
        "height": new.height,
        "hash": new.hash,
        "mrklRoot": new.merkle_root,
        "version": new.version,
        "time": new.time,
        "bits": new.bits,
        "nonce": new.nonce,
    }
    if dialect != "2013":
        message |= {"weight": new.weight, "difficulty": difficulty(new.bits)}
    found_by = {"description": new.miner, "ip": "127.0.0.1", "link": "", "time": new.time}
    return {"op": "block", "x": message | {"foundBy": found_by}}


def _moved(transaction: Transaction) -> int:
    """Satoshi that do not return to a script among the inputs; a guess, as on the real site."""
    own = {item.spent.script for item in transaction.inputs if item.spent}
    return sum(output.value for output in transaction.outputs if output.script not in own)


def _index(chain: Chain, transaction_hash: str, dialect: Dialect) -> int:
    return 0 if dialect == "2022" else chain.number(transaction_hash)


def _input(chain: Chain, item: Input, dialect: Dialect) -> Json:
    index = _index(chain, item.outpoint.hash, dialect)
    spent = item.spent or Output(0, b"")
    return {
        "sequence": item.sequence,
        "prev_out": _output(spent, item.outpoint.n, index, spent=True),
        "script": item.script.hex(),
    }


def _output(output: Output, n: int, index: int, *, spent: bool) -> Json:
    return {
        "spent": spent,
        "tx_index": index,
        "type": 0,
        "addr": address_of(output.script),
        "value": output.value,
        "n": n,
        "script": output.script.hex(),
    }


def _old_transaction(chain: Chain, transaction: Transaction) -> Json:
    return {
        "hash": transaction.hash,
        "vin_sz": len(transaction.inputs),
        "vout_sz": len(transaction.outputs),
        "lock_time": "Unavailable",
        "size": transaction.size,
        "relayed_by": "127.0.0.1",
        "tx_index": chain.number(transaction.hash),
        "time": transaction.time,
        "inputs": [{"prev_out": _old_output(item.spent)} for item in transaction.inputs],
        "out": [_old_output(output) for output in transaction.outputs],
    }


def _old_output(output: Output | None) -> Json:
    """Value and address alone; no `addr` where the script has none."""
    value, script = output or Output(0, b"")
    address = address_of(script)
    return {"value": value, "type": 0} | ({"addr": address} if address else {})
