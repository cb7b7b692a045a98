"""`spyhop train` and `spyhop score`: what they say is what the live bot stores."""

import json
import re
import shutil

import pytest

from tests.bot.offline.program import count, done, hashes_of, rows, slice_of, spyhop
from tests.real import real_data

pytestmark = pytest.mark.timeout(600)
LEARNT = 2_100


@pytest.fixture(scope="module")
def learnt(tmp_path_factory):
    """A database that learnt from real transactions, and what the training said."""
    folder = tmp_path_factory.mktemp("learnt")
    database = folder / "spyhop.db"
    done(database, "ingest", slice_of(folder, 0, LEARNT))
    return database, done(database, "train")


@pytest.fixture
def database(learnt, tmp_path):
    return shutil.copy(learnt[0], tmp_path / "spyhop.db")


def scores(database, *words):
    return [json.loads(line) for line in done(database, "score", *words).splitlines()]


def test_a_first_training_says_what_runs_and_how_good_it_is(learnt):
    database, said = learnt
    assert "Bitcoin is judged by model 1 now" in said
    assert "odd ones planted among" in said
    assert rows(database, "SELECT state FROM models") == [("running",)]
    assert rows(database, "SELECT reason, model FROM trainings") == [("asked", 1)]


def test_scores_are_those_that_the_live_detector_stores(database, tmp_path):
    file = slice_of(tmp_path, LEARNT, LEARNT + 40)
    before = scores(database, file)
    assert count(database, "features") == LEARNT, "scoring stores nothing"
    done(database, "ingest", file)
    query = "SELECT hash, score, CAST(rate AS INTEGER) FROM features WHERE model = 1 ORDER BY id"
    stored = rows(database, query)
    for said in (before, scores(database, file, "--model", "1")):
        assert [line["hash"] for line in said] == [hash_ for hash_, *_ in stored]
        # Distances are 32-bit numbers: how many are measured at once changes their last digits.
        scored = pytest.approx([score for _, score, _ in stored], rel=1e-3, abs=1e-3)
        assert [line["score"] for line in said] == scored
        in_so_many = pytest.approx([rate for *_, rate in stored], rel=0.01, abs=1)
        assert [line["one_in"] for line in said] == in_so_many


def test_a_line_says_how_rare_and_why(database, tmp_path):
    file = slice_of(tmp_path, LEARNT, LEARNT + 5)
    lines = scores(database, file)
    assert [line["hash"] for line in lines] == hashes_of(file)
    for line in lines:
        assert set(line) == {"hash", "score", "one_in", "severity", "reasons"}
        assert (line["severity"] is None) == (line["one_in"] < 100)
        for reason in line["reasons"]:
            assert set(reason) == {"name", "words", "value", "usual"}
            assert re.search("% of (transactions|senders)", reason["words"])


def test_without_a_model_it_says_what_to_do(tmp_path):
    database, file = tmp_path / "spyhop.db", slice_of(tmp_path, 0, 20)
    ran = spyhop(database, "score", file)
    assert ran.returncode == 1
    assert "spyhop ingest" in ran.stderr
    assert not database.exists()
    done(database, "ingest", file)
    ran = spyhop(database, "score", file)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "`spyhop train` makes one" in ran.stderr
    ran = spyhop(database, "score", file, "--model", "7")
    assert "There is no model 7." in ran.stderr


def test_too_little_to_learn_from_is_said(tmp_path):
    database = tmp_path / "spyhop.db"
    assert "there is no database" in spyhop(database, "train").stderr
    done(database, "ingest", slice_of(tmp_path, 0, 20))
    ran = spyhop(database, "train")
    assert ran.returncode == 1
    assert "It needs 2000 transactions, and has 20." in ran.stdout
    assert count(database, "models") == 0


def test_old_blocks_that_are_stored_later_do_not_hide_what_is_learnt_from(tmp_path):
    database = tmp_path / "spyhop.db"
    blocks = [real_data("bitcoin_blocks", f"mainnet_{n}.json.gz") for n in ("200000", "210000")]
    done(database, "ingest", slice_of(tmp_path, 0, LEARNT), *blocks)
    said = done(database, "train")
    assert "Bitcoin is judged by model 1 now" in said
    ((first,),) = rows(database, "SELECT min(first) FROM models_readable")
    assert first > "2020", "what is older than thirty days is not learnt"


def test_a_damaged_model_is_refused_in_words(database, tmp_path):
    from storage.database import open_database

    db = open_database(database)
    with db.atomic():
        db.conn.execute("UPDATE models SET file = x'00'")
    db.close()
    ran = spyhop(database, "score", slice_of(tmp_path, LEARNT, LEARNT + 1))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "`spyhop train` makes a new one" in ran.stderr
