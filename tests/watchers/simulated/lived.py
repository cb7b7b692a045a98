"""A world in which everything has happened, and a second, naive account of it."""

from functools import cache

from watchers.simulated.blockchain import Chain
from watchers.simulated.schedule import Schedule
from watchers.simulated.transaction import Block, Transaction
from watchers.simulated.world import World

NOW = 1_760_000_000


@cache
def lived(seed: int = 7, blocks: int = 60) -> World:
    """Some history, then as long alive, with reorgs of one, two and three blocks."""
    world = World(seed, NOW - blocks * 600)
    schedule = Schedule(world)
    schedule.live_through(blocks, NOW)
    schedule.go_live()
    for depth in (1, 2, 3):
        reached = world.chain.tip.height + blocks // 3
        while world.chain.tip.height < reached:
            schedule.step(NOW)
        if not world.torn:
            world.reorg(depth, NOW)
    return world


def branches(chain: Chain) -> list[list[Block]]:
    """Every branch from the first block to a block that nothing follows."""
    leaves = [block for block in chain.blocks.values() if not chain.children.get(block.hash)]
    return [_path(chain, leaf) for leaf in leaves]


def _path(chain: Chain, block: Block) -> list[Block]:
    path = [block]
    while path[-1].parent in chain.blocks:
        path.append(chain.blocks[path[-1].parent])
    return path[::-1]


def every_transaction(chain: Chain) -> dict[str, Transaction]:
    """Those of all branches and those that wait."""
    mined = (item for block in chain.blocks.values() for item in block.transactions)
    return {item.hash: item for item in (*mined, *chain.mempool.values())}
