"""`spyhop ingest`: real files into a database."""

import gzip
import json

import pytest

from bot.lock import only_one
from tests.bot.offline.program import count, done, real_lines, rows, slice_of, spyhop
from tests.real import real_data


@pytest.fixture
def database(tmp_path):
    return tmp_path / "spyhop.db"


def test_transactions_come_in_as_the_live_bot_takes_them_and_only_once(database, tmp_path):
    file = slice_of(tmp_path, 0, 300)
    assert "300 new transactions stored, 0 known" in done(database, "ingest", file)
    assert "0 new transactions stored, 300 known" in done(database, "ingest", file)
    assert count(database, "transactions") == count(database, "features") == 300
    (seconds,) = rows(database, "SELECT max(seen_at) - min(seen_at) FROM transactions")[0]
    assert seconds == 59, "five a second"


def test_nobody_is_told_of_what_is_ingested(database, tmp_path):
    done(database, "ingest", slice_of(tmp_path, 0, 50))
    assert count(database, "deliveries") == count(database, "messages") == 0


def test_a_broken_line_takes_no_other_with_it_and_is_named(database, tmp_path):
    file = tmp_path / "broken.jsonl"
    good = real_lines(0, 3)
    lacking = json.dumps({"vin": [], "vout": [{"value": -1}], "txid": "0" * 64})
    file.write_text("".join([good[0], "no JSON\n", good[1], lacking + "\n", "{}\n", good[2]]))
    ran = spyhop(database, "ingest", file)
    assert ran.returncode == 1
    assert "3 new transactions stored" in ran.stdout
    said = ran.stderr.splitlines()
    assert said[0] == "3 records left out:"
    assert [line.split(": ")[0].split()[-1] for line in said[1:]] == ["2", "4", "5"]
    assert "no form that is known" in said[3]


def test_a_file_of_something_else_is_answered_with_where_to_read_what_can_be(database, tmp_path):
    file = tmp_path / "notes.md"
    file.write_text("# Notes\n\nnothing\n")
    ran = spyhop(database, "ingest", file)
    assert ran.returncode == 1
    assert "Nothing could be read: `spyhop ingest --help` says what can." in ran.stderr


def test_a_file_that_was_cut_off_gives_what_is_in_it(database, tmp_path):
    file = tmp_path / "cut.jsonl.gz"
    packed = gzip.compress("".join(real_lines(0, 200)).encode())
    file.write_bytes(packed[: len(packed) // 2])
    ran = spyhop(database, "ingest", file)
    assert ran.returncode == 1
    assert "breaks off" in ran.stderr
    assert 20 < count(database, "transactions") < 200


def test_frames_of_the_websocket_keep_their_times(database):
    out = done(database, "ingest", real_data("blockchain_com", "ws_messages.jsonl"))
    assert "8 new transactions stored" in out
    years = rows(database, "SELECT DISTINCT substr(seen, 1, 4) FROM transactions_readable")
    assert ("2013",) in years


def test_a_real_block_is_stored_without_a_place_that_nobody_can_know(database):
    block = real_data("bitcoin_blocks", "mainnet_200000.json.gz")
    out = done(database, "ingest", block)
    assert "388 new transactions stored" in out
    assert "1 block not next to the newest" in out
    assert rows(database, "SELECT height, canonical, orphaned FROM blocks") == [(200000, 0, 0)]
    assert count(database, "features") == 387, "all but the coinbase"


def test_a_list_over_many_lines_is_read_as_a_whole(database, tmp_path):
    file = tmp_path / "list.json"
    file.write_text(json.dumps([json.loads(line) for line in real_lines(0, 5)], indent=2))
    assert "5 new transactions" in done(database, "ingest", file)


def test_what_is_no_capture_is_refused_in_words(database, tmp_path):
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    ran = spyhop(database, "ingest", file)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "3 records left out" in ran.stderr
    assert spyhop(database, "ingest", tmp_path / "nothing").returncode == 2


def test_it_refuses_while_a_bot_runs_on_the_database(database, tmp_path):
    with only_one(database):
        ran = spyhop(database, "ingest", slice_of(tmp_path, 0, 1))
    assert ran.returncode == 1
    assert "another Spyhop already runs" in ran.stderr
    assert not database.exists()
