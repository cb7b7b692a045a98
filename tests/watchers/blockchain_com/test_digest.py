"""Large answers are read beforehand, with rests in between."""

import json
from typing import cast

from tests.watchers.blockchain_com.world import World, raw_transaction
from watchers.blockchain_com.rest import BETWEEN_RESTS, Found, digest
from watchers.feed import Answer
from watchers.model import Block


def answer_with(transactions: int) -> tuple[str, Answer]:
    raw = World().tip | {
        "tx": [raw_transaction(n, coinbase=n == 0) for n in range(transactions)],
        "n_tx": transactions,
    }
    return f"/rawblock/{raw['hash']}", Answer(1, 200, json.dumps(raw).encode())


def test_a_large_block_is_read_with_rests_and_comes_out_as_without():
    path, answer = answer_with(5 * BETWEEN_RESTS + 1)
    rests: list[None] = []
    read = digest(path, answer, lambda: rests.append(None))
    assert len(rests) == 5
    (block,) = cast("Found", read.content)
    assert isinstance(block, Block)
    assert len(block.transactions) == 5 * BETWEEN_RESTS + 1
    assert read == digest(path, answer)


def test_a_small_block_is_read_without_a_rest():
    path, answer = answer_with(BETWEEN_RESTS - 1)
    rests: list[None] = []
    digest(path, answer, lambda: rests.append(None))
    assert rests == []
