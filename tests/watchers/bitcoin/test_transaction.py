"""What follows from a transaction's parts."""

import pytest

from watchers.bitcoin.chain import BITCOIN, difficulty, subsidy
from watchers.bitcoin.transaction import build_transaction, weight_of
from watchers.model import Transaction, Transfer


def build(senders: str, recipients: str, *, each: int = 10, **more) -> Transaction:
    """One transfer of a coin a letter; "-" is an output without an address."""
    inputs = tuple(Transfer(name, each * len(recipients) + 1) for name in senders)
    outputs = tuple(Transfer(None if name == "-" else name, each) for name in recipients)
    return build_transaction("f" * 64, 1, inputs, outputs, size=100, **more)


@pytest.mark.parametrize(
    ("senders", "recipients", "moved"),
    [("a", "b", 10), ("a", "ab", 10), ("ab", "ba", 0), ("a", "-b", 20), ("a", "bbb", 30)],
)
def test_moved_is_what_does_not_return_to_a_sender(senders, recipients, moved):
    assert build(senders, recipients).moved == moved


def test_an_input_without_an_address_takes_nothing_back():
    inputs = (Transfer(None, 50),)
    assert build_transaction("f" * 64, 1, inputs, (Transfer(None, 40),), size=1).moved == 40


@pytest.mark.parametrize(
    ("senders", "recipients", "category"),
    [
        ("a", "b", "payment"),
        ("a", "ba", "payment"),
        ("abcd", "e", "payment"),
        ("abcde", "f", "consolidation"),
        ("aaaaa", "fg", "consolidation"),
        ("abcde", "fgh", "payment"),
        ("a", "bcdefa", "batch"),
        ("a", "bcdea", "payment"),
        ("a", "a", "self-transfer"),
        ("abcdef", "a", "self-transfer"),
        ("abcde", "fghij", "coinjoin"),
        ("abcde", "fghijklm", "coinjoin"),
        ("abcdd", "fghij", "batch"),
        ("abcde", "fghii", "batch"),
    ],
)
def test_the_category_is_the_first_that_fits(senders, recipients, category):
    assert build(senders, recipients).category == category


def test_outputs_of_different_amounts_are_no_coinjoin():
    inputs = tuple(Transfer(name, 100) for name in "abcde")
    outputs = tuple(Transfer(name, number) for number, name in enumerate("fghij", 1))
    assert build_transaction("f" * 64, 1, inputs, outputs, size=1).category == "batch"


def test_data_is_what_moves_nothing_besides_it():
    inputs = (Transfer("a", 100),)
    data, change, paid = Transfer(None, 0), Transfer("a", 90), Transfer("b", 5)

    def category(*outputs: Transfer) -> str:
        return build_transaction("f" * 64, 1, inputs, outputs, size=1, data=[0]).category

    assert category(data, change) == "data"
    assert category(data, change, paid) == "payment"


def test_a_coinbase_pays_no_fee_and_says_so():
    coinbase = build("", "ab", coinbase=True)
    assert (coinbase.category, coinbase.fee, coinbase.moved) == ("coinbase", 0, 20)


def test_the_fee_is_unknown_where_the_parts_do_not_tell():
    assert build("a", "bb").fee == 1
    assert build("a", "bb", inputs_known=False).fee is None
    outputs = (Transfer("b", 2),)
    assert build_transaction("f" * 64, 1, (Transfer("a", 1),), outputs, size=1).fee is None


def test_a_weight_follows_from_size_and_scripts():
    # 1 input and 1 output with empty scripts: 8 + 1 + 41 + 1 + 9 bytes without witness
    assert weight_of(60, [""], [""]) == 240
    assert weight_of(100, [""], [""]) == 280
    assert weight_of(59, [""], [""]) is None
    # scripts of 253 bytes and more are led by three bytes, and so are lists
    assert weight_of(1_000, ["00" * 253], [""]) == 3 * (60 + 253 + 2) + 1_000
    base = 8 + 3 + 300 * 41 + 1 + 8 + 5 + 70_000
    assert weight_of(100_000, [""] * 300, ["00" * 70_000]) == 3 * base + 100_000


@pytest.mark.parametrize(
    ("height", "expected"),
    [(0, 50 * 10**8), (209_999, 50 * 10**8), (210_000, 25 * 10**8), (840_000, 312_500_000),
     (6_929_999, 1), (6_930_000, 0), (10**9, 0)],
)  # fmt: skip
def test_the_subsidy_halves_every_210_000_blocks(height, expected):
    assert subsidy(height) == expected
    assert BITCOIN.subsidy(height) == expected


@pytest.mark.parametrize(
    ("bits", "expected"),
    [(0x1D00FFFF, 1.0), (0x1B0404CB, 16_307.420938523983), (0, None), (0x1D800000, None)],
)
def test_the_difficulty_is_the_easiest_target_divided_by_this_one(bits, expected):
    assert difficulty(bits) == (expected if expected is None else pytest.approx(expected))
