"""Lists of subscriptions as files: what is written is read again, and garbage harms nobody."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.commands.command import UsageError
from bot.lists.file import LARGEST_BYTES, MOST_ROWS, read_list, write_csv, write_json
from detectors.model import Kind, Ring, Subscription, Way
from tests.bot.desk import ADDRESS, OTHER_ADDRESS, PRIVATE_KEY
from watchers.registry import CHAINS

COLD = Subscription(
    0, 0, Kind.WATCH, "bitcoin", ADDRESS, "=Cold, “wallet”", "BTC", 50_000_000, Way.IN, Ring.SILENT
)
ALL = (
    COLD,
    Subscription(0, 0, Kind.WATCH, "bitcoin", OTHER_ADDRESS, unit="USD", amount=1_500_000),
    Subscription(0, 0, Kind.WHALES, "bitcoin", unit="BTC", amount=123_456_789_012),
    Subscription(0, 0, Kind.WHALES, "bitcoin", unit="USD", amount=10**13, ring=Ring.DIGEST),
    Subscription(0, 0, Kind.BLOCKS, "bitcoin"),
    Subscription(0, 0, Kind.BLOCKS, "bitcoin", amount=1800, way=Way.LATER),
    Subscription(0, 0, Kind.FEES, "bitcoin", amount=3_500, way=Way.BELOW),
    Subscription(0, 0, Kind.FEES, "bitcoin", amount=50_000, way=Way.ABOVE, ring=Ring.OFF),
    Subscription(0, 0, Kind.PRICE, "bitcoin", unit="EUR", amount=10**11, way=Way.ABOVE),
    Subscription(0, 0, Kind.SOURCE, "bitcoin"),
)
WRITERS = pytest.mark.parametrize("write", [write_csv, write_json])


def read(text, present=()):
    content = text.encode() if isinstance(text, str) else text
    return read_list(content, present, CHAINS)


@WRITERS
def test_what_is_written_is_read_again(write):
    listed = read(write(ALL, CHAINS))
    assert (listed.asked, listed.faults) == (ALL, ())


@WRITERS
@given(label=st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=40))
def test_any_label_comes_back(write, label):
    asked = replace(COLD, label=" ".join(label.split()))
    assert read(write([asked], CHAINS)).asked == (asked,)


def test_no_cell_is_run_by_a_spreadsheet():
    lines = write_csv([COLD], CHAINS).decode("utf-8-sig").splitlines()
    assert "'=Cold" in lines[1]


@pytest.mark.parametrize(
    "text",
    [
        f"address,label\n{ADDRESS},Cold\n",
        f"\ufeffAddress;Name;Tags\r\n{ADDRESS};Cold;mine\r\n",
        f"label\taddress\nCold\t{ADDRESS}",
        f"{ADDRESS},Cold",
        json.dumps([{"address": ADDRESS, "name": "Cold"}]),
        json.dumps({"subscriptions": [{"kind": "watch", "address": ADDRESS, "label": "Cold"}]}),
    ],
)
def test_lists_of_others_are_understood(text):
    (asked,) = read(text).asked
    assert (asked.kind, asked.address, asked.label) == (Kind.WATCH, ADDRESS, "Cold")


def test_what_a_file_leaves_out_stays_as_it_is():
    known = replace(COLD, number=7)
    (asked,) = read(f"address,label\n{ADDRESS},Hot", [known]).asked
    assert asked == replace(known, label="Hot")


def test_a_line_that_is_not_understood_is_named_and_the_others_are_taken():
    lines = ["kind,address,rule,ring", f"watch,{ADDRESS},,", "watch,nobody,,", "fees,,below x,",
             "tea,,,", "blocks,,,bell", "blocks,,,loud"]  # fmt: skip
    text = "\n".join(lines)
    listed = read(text)
    assert [s.kind for s in listed.asked] == [Kind.WATCH, Kind.BLOCKS]
    assert [fault.line for fault in listed.faults] == [3, 4, 5, 6]
    assert all(fault.reason for fault in listed.faults)


def test_a_quote_that_is_left_open_takes_no_other_line_with_it():
    listed = read(f'address,label\n{ADDRESS},"Cold\n{OTHER_ADDRESS},Hot\n')
    assert [s.label for s in listed.asked] == ["Hot"]
    assert [fault.line for fault in listed.faults] == [2]


def test_a_label_over_two_lines_is_one_and_lines_are_counted_on():
    listed = read(f'address,label\n{ADDRESS},"Cold\nstore"\nnobody,x\n')
    assert [s.label for s in listed.asked] == ["Cold store"]
    assert [fault.line for fault in listed.faults] == [4]


def test_what_an_unquoted_comma_cuts_off_is_not_dropped_in_silence():
    (fault,) = read(f"address,label\n{ADDRESS},Smith, John\n").faults
    assert (fault.line, "quotes" in fault.reason) == (2, True)


def test_a_number_in_json_is_an_amount():
    (asked,) = read(json.dumps([{"address": ADDRESS, "minimum": 0.5}])).asked
    assert (asked.amount, asked.unit) == (50_000_000, "BTC")


@pytest.mark.parametrize("label", ["'=x", "'Tis", "''", "-5", "'-", "+1 a", "@x"])
@WRITERS
def test_quotes_that_are_the_label_s_own_stay(write, label):
    asked = replace(COLD, label=label)
    assert read(write([asked], CHAINS)).asked == (asked,)


def test_a_private_key_is_not_repeated():
    (fault,) = read(f"address\n{PRIVATE_KEY}").faults
    assert PRIVATE_KEY not in fault.reason
    (fault,) = read(f"address,label\n{ADDRESS},{PRIVATE_KEY}").faults
    assert fault.reason.startswith("This is a PRIVATE KEY")
    assert PRIVATE_KEY not in fault.reason


def test_the_last_line_about_a_thing_counts():
    (asked,) = read(f"address,label\n{ADDRESS},a\n{ADDRESS},b").asked
    assert asked.label == "b"


def test_a_list_that_is_too_large_is_refused():
    with pytest.raises(UsageError, match="too large"):
        read(b"x" * (LARGEST_BYTES + 1))
    with pytest.raises(UsageError, match="too long"):
        read("address\n" + "x\n" * (MOST_ROWS + 1))


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"{", b"[" * 100_000, b'{"subscriptions": 3}', b"%PDF-1.7\n\x93"],
)
def test_what_is_no_list_is_refused_in_words(content):
    with pytest.raises(UsageError):
        read(content)


@given(st.binary(max_size=500))
def test_garbage_is_refused_or_yields_faults(content):
    try:
        listed = read(content)
    except UsageError:
        return
    assert listed.asked == ()


CELLS = st.one_of(
    st.sampled_from([ADDRESS, "watch", "whales", "fees", "500 BTC", "below 3", "in", "off", ""]),
    st.text(max_size=20),
)


@given(
    header=st.lists(st.sampled_from(["kind", "chain", "address", "label", "direction", "minimum",
                                     "rule", "ring", "tags"]), min_size=1, max_size=8),
    rows=st.lists(st.lists(CELLS, max_size=9), max_size=8),
)  # fmt: skip
def test_any_table_is_read_and_each_row_counted_at_most_once(header, rows):
    text = "\n".join(",".join(cells) for cells in [header, *rows])
    try:
        listed = read(text)
    except UsageError:
        return
    assert len(listed.asked) + len(listed.faults) <= text.count("\n") + text.count("\r") + 1
    assert read(write_csv(listed.asked, CHAINS)).asked == listed.asked


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["kind", "address", "ring", "x"]), inner)
        ),
    )
)
def test_any_json_is_refused_or_yields_faults(value):
    try:
        listed = read(json.dumps(value))
    except UsageError:
        return
    assert all(isinstance(fault.reason, str) for fault in listed.faults)
