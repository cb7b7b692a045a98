"""Serialisation and sizes, against an independent library and by the published formula."""

import embit.transaction
import pytest

from watchers.simulated.transaction import merkle_root, serialize, serialize_witness

from .lived import every_transaction, lived

TRANSACTIONS = [*every_transaction(lived().chain).values()]


def varint_size(number):
    return 1 if number < 0xFD else 3


def full_bytes(item):
    """With marker, flag and witness, as BIP-144 says."""
    base = serialize(item)
    witness = b"".join(serialize_witness(source.witness) for source in item.inputs)
    return base[:4] + b"\0\1" + base[4:-4] + witness + base[-4:]


def test_the_hash_is_the_one_another_library_finds():
    for item in TRANSACTIONS[:500]:
        parsed = embit.transaction.Transaction.parse(serialize(item))
        assert parsed.txid().hex() == item.hash
        assert [output.value for output in parsed.vout] == [out.value for out in item.outputs]


def test_sizes_are_those_of_the_parts():
    for item in TRANSACTIONS:
        inputs = sum(41 + len(source.script) for source in item.inputs)
        outputs = sum(9 + len(output.script) for output in item.outputs)
        counts = varint_size(len(item.inputs)) + varint_size(len(item.outputs))
        assert item.base_size == 4 + counts + inputs + outputs + 4
        segwit = any(source.witness for source in item.inputs)
        assert item.size == (len(full_bytes(item)) if segwit else item.base_size)
        assert item.weight == 3 * item.base_size + item.size


def test_a_segwit_transaction_parses_elsewhere_with_its_witness():
    segwit = [item for item in TRANSACTIONS if any(source.witness for source in item.inputs)]
    for item in segwit[:200]:
        parsed = embit.transaction.Transaction.parse(full_bytes(item))
        assert parsed.txid().hex() == item.hash
        assert [len(source.witness.items) for source in parsed.vin] == [
            len(source.witness) for source in item.inputs
        ]


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_merkle_root_of_odd_rows_repeats_the_last(count):
    hashes = [f"{n:064x}" for n in range(1, count + 1)]
    padded = hashes + hashes[-1:] * (len(hashes) % 2 if count > 1 else 0)
    assert merkle_root(hashes) == merkle_root(padded)
    assert (merkle_root(hashes) == hashes[0]) == (count == 1)


def test_the_merkle_root_of_a_real_block_comes_out():
    # Block 170, the first with a payment in it (hashes as every explorer shows them).
    hashes = [
        "b1fea52486ce0c62bb442b530a3f0132b826c74e473d1f2c220bfa78111c5082",
        "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16",
    ]
    root = "7dac2c5666815c17a3b36427de37bb9d2e2c5ccec3f8633eb91a4205cb4c10ff"
    assert merkle_root(hashes) == root
