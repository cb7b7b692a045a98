"""The rules of Bitcoin, checked on every branch by another route than the chain's own."""

import os
import subprocess
import sys
from pathlib import Path

from watchers.simulated.blockchain import subsidy
from watchers.simulated.transaction import Outpoint
from watchers.simulated.world import BLOCK_WEIGHT, World

from .lived import NOW, branches, every_transaction, lived

CHAIN = lived().chain


def test_nothing_is_created_but_by_coinbases():
    for item in every_transaction(CHAIN).values():
        if not item.is_coinbase:
            spent = sum(source.spent.value for source in item.inputs if source.spent)
            assert item.fee == spent - sum(output.value for output in item.outputs)
            assert item.fee >= 0


def test_a_coinbase_pays_the_subsidy_and_the_fees_exactly():
    for block in CHAIN.blocks.values():
        first, *rest = block.transactions
        assert first.is_coinbase
        assert not any(item.is_coinbase for item in rest)
        assert first.sent == subsidy(block.height) + sum(item.fee for item in rest)


def test_the_subsidy_is_the_real_one():
    heights = [0, 209_999, 210_000, 840_000, 920_000]
    assert [subsidy(height) for height in heights] == [
        5_000_000_000,
        5_000_000_000,
        2_500_000_000,
        312_500_000,
        312_500_000,
    ]


def test_no_output_is_spent_twice_or_before_it_is_there_on_any_branch():
    for branch in branches(CHAIN):
        unspent = dict(CHAIN.inherited)
        for item in (item for block in branch for item in block.transactions):
            for source in item.inputs:
                if source.spent:
                    assert unspent.pop(source.outpoint) == source.spent
            unspent |= {Outpoint(item.hash, n): output for n, output in enumerate(item.outputs)}


def test_what_waits_could_be_mined_on_the_main_chain():
    unspent = dict(CHAIN.inherited)
    mined = [item for block in CHAIN.main for item in block.transactions]
    for item in (*mined, *CHAIN.mempool.values()):
        for source in item.inputs:
            if source.spent:
                assert unspent.pop(source.outpoint) == source.spent
        unspent |= {Outpoint(item.hash, n): output for n, output in enumerate(item.outputs)}
    assert unspent == CHAIN.ledger.unspent


def test_a_coinbase_is_not_spent_for_a_hundred_blocks():
    old = lived(blocks=120, seed=8).chain
    for branch in branches(old):
        mined = {block.transactions[0].hash: block.height for block in branch}
        spends = [
            (block.height, mined[source.outpoint.hash])
            for block in branch
            for item in block.transactions
            for source in item.inputs
            if source.outpoint.hash in mined
        ]
        assert all(height - found >= 100 for height, found in spends)


def test_blocks_are_limited_in_weight():
    weights = [block.weight for block in CHAIN.blocks.values()]
    assert max(weights) <= BLOCK_WEIGHT
    assert max(weights) > BLOCK_WEIGHT * 0.9, "none was ever full"


def test_the_main_chain_is_the_longest_branch():
    longest = max(branches(CHAIN), key=len)
    assert len(longest) == len(CHAIN.main)
    assert [block.height for block in CHAIN.main] == [
        *range(CHAIN.main[0].height, CHAIN.tip.height + 1)
    ]


def test_the_world_has_seen_reorgs_and_replacements():
    assert sum(len(hashes) > 1 for hashes in CHAIN.at_height.values()) >= 3
    assert CHAIN.replaced


def test_the_replaced_are_gone_for_good():
    for loser, winner in CHAIN.replaced.items():
        assert loser not in CHAIN.transactions
        assert all(loser != item.hash for block in CHAIN.main for item in block.transactions), (
            "a loser was mined"
        )
        assert winner in CHAIN.transactions or winner in CHAIN.replaced


def test_a_rival_branch_may_mine_what_was_replaced_meanwhile():
    world = World(4, NOW)
    for _ in range(2):
        world.mine(NOW)
    loser = world.transact(NOW)
    world.fork(1)
    rival = world.mine(NOW)
    assert loser in rival.transactions
    winner = world.replace(loser.hash, NOW)
    assert loser.hash not in world.chain.transactions
    last = world.mine(NOW)
    assert world.chain.tip is last
    assert winner not in last.transactions
    assert world.chain.block_of[loser.hash] == rival.hash
    assert winner.hash not in world.chain.transactions
    assert world.chain.replaced == {winner.hash: loser.hash}


def test_what_a_reorg_leaves_out_waits_again():
    world = World(5, NOW)
    for _ in range(10):
        world.transact(NOW)
    undone = world.mine(NOW)
    world.reorg(1, NOW)
    assert not world.chain.is_main(undone)
    theirs = {item.hash for item in undone.transactions[1:]}
    waiting, mined = theirs & {*world.chain.mempool}, theirs & {*world.chain.block_of}
    assert waiting
    assert mined
    assert waiting | mined == theirs
    assert undone.transactions[0].hash not in world.chain.transactions


def test_the_same_seed_gives_the_same_chain():
    again = lived.__wrapped__().chain
    assert again.tip.hash == CHAIN.tip.hash
    assert [*again.mempool] == [*CHAIN.mempool]
    assert World(1, NOW).chain.tip.hash != World(2, NOW).chain.tip.hash


def test_the_same_seed_gives_the_same_chain_in_another_process():
    script = "from tests.watchers.simulated.lived import lived; print(lived().chain.tip.hash)"
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == CHAIN.tip.hash
