"""What is stored of an address, held against all transactions that were told."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.blocks import complete_block, orphan_above, save_slice
from storage.database import open_database
from storage.passages import address_record
from storage.transactions import save_transactions
from tests.make import NOW, block, coinbase, transaction
from watchers.model import Transaction

PEOPLE = ("ada", "bob", "eve")
payments = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.integers(0, 10**12)),
    max_size=6,
)


def tell(db, batches, orphaned):
    """One block a batch, its last payment left out; then so many blocks leave the chain."""
    told: list[Transaction] = []
    blocks: list[set[str]] = []
    for height, batch in enumerate(batches):
        made = [
            transaction(moved, sender=sender, recipient=recipient, fee=7, time=NOW - len(told) - n)
            for n, (sender, recipient, moved) in enumerate(batch)
        ]
        told += made
        with db.atomic():
            save_transactions(db, "bitcoin", made, unconfirmed=True)
            mined = block(height, [coinbase(height), *made[:-1]])
            save_slice(db, mined, mined.transactions)
            complete_block(db, mined)
        blocks.append({t.hash for t in made[:-1]})
    with db.atomic():
        orphan_above(db, "bitcoin", len(batches) - orphaned - 1)
    return told, set().union(*blocks[: max(0, len(blocks) - orphaned)])


@settings(max_examples=25)
@given(st.lists(payments, max_size=4), st.integers(0, 2))
def test_an_address_is_told_the_sum_of_its_transactions(batches, orphaned):
    with TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "test.db")
        told, mined = tell(db, batches, orphaned)
        found = {name: address_record(db, "bitcoin", name, NOW) for name in PEOPLE}
        db.close()
    for name, record in found.items():
        mine = [t for t in told if name in {t.inputs[0].address, t.outputs[0].address}]
        nets = {
            t.hash: t.moved * (t.outputs[0].address == name)
            - (t.moved + 7) * (t.inputs[0].address == name)
            for t in mine
        }
        assert record.transactions == len(mine)
        assert record.unconfirmed == len([t for t in mine if t.hash not in mined])
        assert record.received - record.sent == sum(nets.values())
        assert record.received == sum(net for net in nets.values() if net > 0)
        assert record.last_seen == max((t.time for t in mine), default=None)
        assert record.first_seen == min((t.time for t in mine), default=None)
        assert all(passage.net == nets[passage.hash] for passage in record.newest)
        assert [p.seen_at for p in record.newest] == sorted(t.time for t in mine)[::-1][:3]


def test_what_was_replaced_does_not_count(db):
    first = transaction(5, name="first", recipient="ada", sender="x", spends=("o:1",))
    second = transaction(3, name="second", recipient="ada", sender="x", spends=("o:1",))
    with db.atomic():
        save_transactions(db, "bitcoin", [first, second], unconfirmed=True)
    record = address_record(db, "bitcoin", "ada", NOW)
    assert (record.transactions, record.received) == (1, 3)


def test_an_address_is_found_by_its_index(db):
    plan: list[str] = []
    db.conn.set_trace_callback(plan.append)
    address_record(db, "bitcoin", "ada", NOW)
    db.conn.set_trace_callback(None)
    steps = [row[3] for row in db.conn.execute(f"EXPLAIN QUERY PLAN {plan[0]}")]
    assert any("transfers_by_address (address=?)" in step for step in steps)
    assert not any(step.startswith("SCAN") for step in steps)
