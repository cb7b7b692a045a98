"""Large answers are read beforehand, with rests in between."""

import json

from tests.watchers.blockchain_com.world import World, raw_transaction
from watchers.blockchain_com.rest import BETWEEN_RESTS, digest
from watchers.feed import Answer


def answer_with(transactions: int) -> tuple[str, Answer]:
    raw = World().tip | {
        "tx": [raw_transaction(n, coinbase=n == 0) for n in range(transactions)],
        "n_tx": transactions,
    }
    return f"/rawblock/{raw['hash']}", Answer(1, 200, json.dumps(raw).encode())


def test_a_large_block_is_read_with_rests_and_comes_out_as_without():
    path, answer = answer_with(5 * BETWEEN_RESTS + 1)
    rests = []
    read = digest(path, answer, lambda: rests.append(None))
    assert len(rests) == 5
    (block,) = read.content
    assert len(block.transactions) == 5 * BETWEEN_RESTS + 1
    assert read == digest(path, answer)


def test_a_small_block_is_read_without_a_rest():
    path, answer = answer_with(BETWEEN_RESTS - 1)
    rests = []
    digest(path, answer, lambda: rests.append(None))
    assert rests == []
