"""Transactions and blocks: stored once, summed up exactly, taken back exactly."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.blocks import checkpoint_of, complete_block, orphan_above, save_heard, save_slice
from storage.database import open_database
from storage.histogram import bucket_of
from storage.rollups import DAY, MINUTE, QUARTER, histogram_between, rollups_between
from storage.states import state_of
from storage.transactions import conflict_keys, save_transactions, transaction_by_hash
from tests.make import NOW, block, coinbase, transaction

FAR = NOW + 10**7


def mine(db, what):
    with db.atomic():
        save_slice(db, what, what.transactions)
        complete_block(db, what)


def sums(db, basis, span=QUARTER):
    rows = rollups_between(db, "bitcoin", basis, span, 0, FAR)
    return (
        sum(r.transactions for r in rows),
        sum(r.moved for r in rows),
        sum(r.fees for r in rows),
    )


def test_a_transaction_comes_back_as_it_was_stored(db):
    stored = transaction(5 * 10**30, name="big")
    with db.atomic():
        save_transactions(db, "bitcoin", [stored], unconfirmed=True)
    assert transaction_by_hash(db, "bitcoin", stored.hash) == stored


def test_a_transaction_told_twice_is_stored_and_counted_once(db):
    one = transaction(1_000)
    with db.atomic():
        first = save_transactions(db, "bitcoin", [one, one], unconfirmed=True)
        second = save_transactions(db, "bitcoin", [one], unconfirmed=True)
    assert first.fresh == (one,)
    assert second.fresh == ()
    assert first.ids == second.ids
    assert sums(db, "seen") == (1, 1_000, 100)


def test_coinbase_is_stored_and_counted_apart(db):
    mine(db, block(1, [coinbase(1), transaction(7)]))
    assert sums(db, "seen") == (1, 7, 100)
    assert sums(db, "chain") == (1, 7, 100)
    assert db.table("transactions").count == 2


def test_a_block_counts_by_its_time_and_only_when_it_is_complete(db):
    what = block(1, [transaction(5), transaction(6)])
    with db.atomic():
        save_slice(db, what, what.transactions[:1])
    assert sums(db, "chain") == (0, 0, 0)
    assert checkpoint_of(db, "bitcoin").headers == ()
    mine(db, what)
    assert sums(db, "chain", MINUTE) == (2, 11, 200)
    assert checkpoint_of(db, "bitcoin").headers == (what.header,)


def test_a_block_told_twice_counts_once(db):
    what = block(1, [transaction(5)])
    mine(db, what)
    mine(db, what)
    assert sums(db, "chain") == (1, 5, 100)


def test_a_reorg_takes_out_what_it_put_in_and_back_again(db):
    shared, only_a, only_b = transaction(1), transaction(20), transaction(300)
    a = block(2, [shared, only_a], branch="a")
    b = block(2, [shared, only_b], branch="b")
    mine(db, block(1))
    mine(db, a)
    state = state_of(db, "bitcoin", only_a.hash, NOW)
    assert (state.name, state.height, state.confirmations) == ("confirmed", 2, 1)
    with db.atomic():
        orphaned = orphan_above(db, "bitcoin", 1)
    assert orphaned == [a.header]
    assert sums(db, "chain") == (0, 0, 0)
    mine(db, b)
    assert sums(db, "chain") == (2, 301, 200)
    assert state_of(db, "bitcoin", only_a.hash, NOW).name == "orphaned"
    assert state_of(db, "bitcoin", shared.hash, NOW).name == "confirmed"
    with db.atomic():
        orphan_above(db, "bitcoin", 1)
    mine(db, a)
    assert sums(db, "chain") == (2, 21, 200)
    assert state_of(db, "bitcoin", only_b.hash, NOW).name == "orphaned"
    assert [h.hash for h in checkpoint_of(db, "bitcoin").headers][-1] == a.header.hash


def test_a_second_block_of_a_height_replaces_the_first_even_unannounced(db):
    mine(db, block(1))
    mine(db, block(2, [transaction(5)], branch="a"))
    mine(db, block(2, [transaction(6)], branch="b"))
    assert sums(db, "chain") == (1, 6, 100)
    assert len(checkpoint_of(db, "bitcoin").headers) == 2


def test_history_below_the_first_block_leaves_the_chain_above_alone(db):
    mine(db, block(9, [transaction(5)]))
    mine(db, block(8, [transaction(6)], historic=True))
    checkpoint = checkpoint_of(db, "bitcoin")
    assert [header.height for header in checkpoint.headers] == [8, 9]
    assert checkpoint.oldest
    assert checkpoint.oldest.height == 8
    assert checkpoint.history_since == NOW - 86400


def test_a_checkpoint_holds_the_newest_headers_and_when_the_source_was_heard(db):
    for height in range(1, 206):
        mine(db, block(height))
    with db.atomic():
        save_heard(db, "bitcoin", NOW + 5)
        save_heard(db, "bitcoin", NOW + 3)
    checkpoint = checkpoint_of(db, "bitcoin")
    assert [h.height for h in checkpoint.headers] == list(range(6, 206))
    assert checkpoint.oldest
    assert checkpoint.oldest.height == 1
    assert checkpoint.heard_at == NOW + 5


def test_a_replacement_shares_the_conflict_set_and_the_mined_one_wins(db):
    first = transaction(5, name="first", spends=["a:0"])
    second = transaction(6, name="second", spends=["a:0", "b:1"])
    with db.atomic():
        save_transactions(db, "bitcoin", [first], unconfirmed=True)
        save_transactions(db, "bitcoin", [second], unconfirmed=True)
    hashes = (first.hash, second.hash)
    assert set(conflict_keys(db, "bitcoin", hashes).values()) == {f"bitcoin:{first.hash}"}
    assert state_of(db, "bitcoin", first.hash, NOW).replaced_by == second.hash
    assert state_of(db, "bitcoin", second.hash, NOW).name == "pending"
    mine(db, block(1, [first]))
    assert state_of(db, "bitcoin", first.hash, NOW).name == "confirmed"
    assert state_of(db, "bitcoin", second.hash, NOW).replaced_by == first.hash


def test_one_transaction_that_replaces_two_is_the_rival_of_both(db):
    """The two are no rivals of each other: both may be mined."""
    one = transaction(5, name="one", spends=["a:0"])
    two = transaction(6, name="two", spends=["b:0"])
    both = transaction(7, name="both", spends=["a:0", "b:0"])
    for t in (one, two, both):
        with db.atomic():
            save_transactions(db, "bitcoin", [t], unconfirmed=True)
    assert state_of(db, "bitcoin", one.hash, NOW).replaced_by == both.hash
    assert state_of(db, "bitcoin", two.hash, NOW).replaced_by == both.hash
    mine(db, block(1, [one]))
    assert state_of(db, "bitcoin", both.hash, NOW).replaced_by == one.hash
    mine(db, block(2, [two]))
    assert state_of(db, "bitcoin", one.hash, NOW).name == "confirmed"
    assert state_of(db, "bitcoin", two.hash, NOW).name == "confirmed"


def test_a_rival_of_a_rival_is_none(db):
    first = transaction(5, name="1", spends=["a:0"])
    middle = transaction(6, name="2", spends=["a:0", "b:0"])
    last = transaction(7, name="3", spends=["b:0"])
    for t in (first, middle, last):
        with db.atomic():
            save_transactions(db, "bitcoin", [t], unconfirmed=True)
    mine(db, block(1, [first]))
    assert state_of(db, "bitcoin", last.hash, NOW).name == "pending"
    assert state_of(db, "bitcoin", middle.hash, NOW).replaced_by == first.hash


def test_a_replacement_that_comes_in_a_block_only_is_noticed(db):
    lost = transaction(5, spends=["a:0"])
    mined = transaction(6, spends=["a:0"])
    with db.atomic():
        save_transactions(db, "bitcoin", [lost], unconfirmed=True)
    mine(db, block(1, [mined]))
    assert state_of(db, "bitcoin", lost.hash, NOW).replaced_by == mined.hash


def test_after_14_days_without_a_word_the_fate_is_unknown(db):
    lost = transaction(5)
    with db.atomic():
        save_transactions(db, "bitcoin", [lost], unconfirmed=True)
    assert state_of(db, "bitcoin", lost.hash, NOW + 14 * 86400).name == "pending"
    assert state_of(db, "bitcoin", lost.hash, NOW + 14 * 86400 + 1).name == "expired"


HISTORY = st.lists(
    st.one_of(
        st.tuples(st.just("see"), st.lists(st.integers(0, 30), max_size=6)),
        st.tuples(st.just("mine"), st.lists(st.integers(0, 30), max_size=6)),
        st.tuples(st.just("reorg"), st.integers(1, 3)),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(history=HISTORY)
def test_sums_agree_with_a_naive_count_after_any_history(history, tmp_path_factory):
    pool = [transaction(10**n % 997 + n, name=n, time=NOW + n * 77, fee=n) for n in range(31)]
    db = open_database(tmp_path_factory.mktemp("history") / "test.db")
    seen: dict = {}
    chain: list = []
    branch = 0
    for kind, what in history:
        if kind == "see":
            batch = [pool[n] for n in what]
            with db.atomic():
                save_transactions(db, "bitcoin", batch, unconfirmed=True)
            seen |= {t.hash: t for t in batch if t.hash not in seen}
        elif kind == "mine":
            mined = {pool[n].hash for b in chain for n in b[1]}
            fresh = [n for n in dict.fromkeys(what) if pool[n].hash not in mined]
            made = block(len(chain) + 1, [pool[n] for n in fresh], branch=branch)
            mine(db, made)
            chain.append((made, fresh))
            seen |= {t.hash: t for t in made.transactions if t.hash not in seen}
        else:
            branch += 1
            chain = chain[: max(len(chain) - what, 0)]
            with db.atomic():
                orphan_above(db, "bitcoin", len(chain))
    assert_sums(db, "seen", list(seen.values()))
    assert_sums(db, "chain", [pool[n] for _, numbers in chain for n in numbers])
    db.close()


def assert_sums(db, basis, expected):
    naive = (len(expected), sum(t.moved for t in expected), sum(t.fee for t in expected))
    assert sums(db, basis) == sums(db, basis, MINUTE) == sums(db, basis, DAY) == naive
    buckets = Counter(bucket_of(t.moved) for t in expected)
    assert histogram_between(db, "bitcoin", basis, "moved", 0, FAR) == buckets
