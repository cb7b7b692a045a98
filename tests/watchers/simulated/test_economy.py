"""The simulated economy looks like one."""

from collections import Counter
from statistics import median

from watchers.simulated.blockchain import MATURITY_BLOCKS
from watchers.simulated.mempool import FLOOR_RATE, choose, next_block_rate
from watchers.simulated.people import BITCOIN
from watchers.simulated.world import World

from .lived import NOW, every_transaction, lived

WORLD = lived(blocks=120, seed=8)
PAID = [item for item in every_transaction(WORLD.chain).values() if not item.is_coinbase]


def test_amounts_are_heavy_tailed():
    amounts = sorted((sum(o.value for o in _leaving(item)) for item in PAID), reverse=True)
    largest = amounts[: len(amounts) // 20]
    assert sum(largest) > sum(amounts) / 2, "a twentieth moves more than half"
    assert amounts[0] > 1_000 * median(amounts)


def test_whales_move_hundreds_and_are_rare():
    moved = [max(output.value for output in _leaving(item)) for item in PAID if _leaving(item)]
    whales = sum(value >= 450 * BITCOIN for value in moved)
    assert 3 <= whales <= len(moved) / 50
    assert sum(20 * BITCOIN < value < 200 * BITCOIN for value in moved) > whales


def _leaving(item):
    own = {source.spent.script for source in item.inputs if source.spent}
    return [output for output in item.outputs if output.script not in own]


def test_every_kind_of_transaction_happens():
    shapes = Counter(_shape(item) for item in PAID)
    kinds = {"payment", "batch", "consolidation", "coinjoin", "data"}
    assert kinds <= shapes.keys()
    assert shapes["payment"] > len(PAID) / 2


def _shape(item):
    values = Counter(output.value for output in item.outputs)
    if any(output.script[0] == 0x6A for output in item.outputs):
        return "data"
    if len(item.inputs) >= 5 and max(values.values()) >= 5:
        return "coinjoin"
    if len(item.outputs) >= 6:
        return "batch"
    return "consolidation" if len(item.inputs) >= 5 and len(item.outputs) <= 2 else "payment"


def test_all_kinds_of_addresses_are_used():
    scripts = {output.script for item in PAID for output in item.outputs}
    kinds = Counter((script[0], len(script)) for script in scripts)
    for kind in [(0x00, 22), (0x00, 34), (0x51, 34), (0xA9, 23), (0x76, 25)]:
        assert kinds[kind] > 10


def test_an_exchange_pays_and_is_paid_on_one_hot_address():
    hot = {exchange.hot.scripts[0] for exchange in WORLD.people.exchanges}
    uses = Counter(source.spent.script for item in PAID for source in item.inputs if source.spent)
    assert len(hot) == 4
    assert min(uses[script] for script in hot) > 20


def test_pools_spend_what_they_mined():
    mined = {block.transactions[0].hash for block in WORLD.chain.main[:-MATURITY_BLOCKS]}
    spent = {source.outpoint.hash for item in PAID for source in item.inputs}
    assert mined & spent


def test_fees_are_believable():
    rates = [item.rate for item in PAID]
    assert min(rates) >= FLOOR_RATE * 0.95  # sizes are estimated before signing
    assert 1 < median(rates) < 50
    assert max(rates) < 2_000


def test_a_full_mempool_makes_the_next_place_dearer():
    world = World(3, NOW)
    for _ in range(10):
        world.transact(NOW)
    relaxed = world.asked
    for _ in range(200):
        world.transact(NOW)
    assert relaxed == FLOOR_RATE
    assert world.asked > 2 * FLOOR_RATE


def test_a_block_takes_the_best_paying_first():
    world, limit = World(3, NOW), 20_000
    for _ in range(120):
        world.transact(NOW)
    mempool = world.chain.mempool
    alone = {
        item.hash: item
        for item in mempool.values()
        if not any(source.outpoint.hash in mempool for source in item.inputs)
    }
    chosen = choose(alone, limit)
    threshold = next_block_rate(alone.values(), limit)
    assert {item.hash for item in alone.values() if item.rate > threshold} <= {
        item.hash for item in chosen
    }
    assert limit * 0.9 < sum(item.weight for item in chosen) <= limit


def test_a_child_waits_for_its_parents():
    world = World(3, NOW)
    for _ in range(300):
        world.transact(NOW)
    mempool = world.chain.mempool
    seen: set[str] = set()
    for item in choose(mempool, 100_000):
        assert all(
            source.outpoint.hash in seen for source in item.inputs if _waits(source, mempool)
        )
        seen.add(item.hash)
    assert any(_waits(source, mempool) for name in seen for source in mempool[name].inputs)


def _waits(source, mempool):
    return source.outpoint.hash in mempool
