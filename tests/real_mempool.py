"""The real mempool transactions, as Bitcoin's parser makes them."""

import gzip
from functools import cache

import msgspec

from tests.real import real_data
from watchers.bitcoin.esplora import Line, parse_esplora


@cache
def mempool():
    """5,083 real transactions of March 2024, all met at second 0."""
    path = real_data("bitcoin_mempool", "sob2024_mempool_part.jsonl.gz")
    with gzip.open(path) as lines:
        return tuple(_parsed(msgspec.json.decode(line, type=Line)) for line in lines)


def _parsed(line):
    tx = msgspec.structs.replace(line.tx, txid=line.txid, size=line.size, weight=line.weight)
    return parse_esplora(tx, 0)
