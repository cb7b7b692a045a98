"""The watcher reads what the simulated chain says as the chain itself has it."""

import msgspec
import pytest

from watchers.blockchain_com.frames import parse_frame
from watchers.blockchain_com.rest import at_height, parse_block, parse_blocks
from watchers.model import Transaction
from watchers.simulated import wire
from watchers.simulated.address import address_of
from watchers.simulated.rest import Explorer

from .lived import NOW, lived

CHAIN = lived().chain
DIALECTS = ["2013", "2019", "2022"]


def ends(outputs):
    return [(address_of(output.script), output.value) for output in outputs]


def transfers(found):
    return [(transfer.address, transfer.amount) for transfer in found]


def agree(found, real):
    spent = [item.spent for item in real.inputs if item.spent]
    assert (found.hash, found.fee, found.size) == (real.hash, real.fee, real.size)
    assert transfers(found.inputs) == ends(spent)
    assert transfers(found.outputs) == ends(real.outputs)
    assert (found.category == "coinbase") == real.is_coinbase


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_transaction_is_read_from_the_websocket(dialect):
    for real in [*CHAIN.transactions.values()][-600:]:
        if not real.is_coinbase:
            frame = msgspec.json.encode(wire.utx(CHAIN, real, dialect))
            found = parse_frame(frame, NOW)
            assert isinstance(found, Transaction)
            agree(found, real)
            assert found.weight in ({None} if dialect == "2013" else {real.weight})


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_block_of_every_branch_is_read_from_rest(dialect):
    explorer = Explorer(CHAIN, dialect)
    for height, hashes in [*CHAIN.at_height.items()][-30:]:
        told = at_height(parse_blocks(msgspec.json.encode(explorer.blocks_at(height))), height)
        main = [CHAIN.blocks[h] for h in hashes if CHAIN.is_main(CHAIN.blocks[h])]
        assert [block.header.hash for block in told] == [real.hash for real in main]
        for block_hash in hashes:
            real = CHAIN.blocks[block_hash]
            answer = msgspec.json.encode(explorer.block(block_hash))
            (found,) = at_height(parse_block(answer, block_hash), height)
            assert (found.header.hash, found.header.parent) == (real.hash, real.parent)
            assert (found.reward, found.fees) == (real.reward, real.fees)
            assert (found.size, found.weight) == (real.size, real.weight)
            for parsed, mined in zip(found.transactions, real.transactions, strict=True):
                agree(parsed, mined)
