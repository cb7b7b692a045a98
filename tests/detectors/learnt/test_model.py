import io
import random
import zipfile
from dataclasses import replace
from functools import cache

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.learnt import training
from detectors.learnt.arrays import ModelFileError, digest_of, pack, unpack
from detectors.learnt.calibration import Calibration
from detectors.learnt.injections import TABLE
from detectors.learnt.memory import Memory
from detectors.learnt.model import NAMES, Model
from detectors.learnt.sampling import judged_of, matrix_of
from detectors.learnt.training import (
    Candidate,
    TooFewError,
    calibrated,
    drift,
    fit,
    promote,
    train,
)
from tests.detectors.learnt.make import payments

METHODS: dict[str, dict[str, float]] = {
    "forest": {"trees": 20, "sample": 64},
    "neighbours": {"count": 300},
}
each_method = pytest.mark.parametrize("method", METHODS)


@cache
def past():
    return matrix_of(payments(800), Memory())


@cache
def judged():
    return judged_of(payments(800, seed=2), Memory(), TABLE, seed=1, share=0.02)


@cache
def model(method="neighbours"):
    return calibrated(past(), Candidate(method, METHODS[method]), seed=1)


@each_method
def test_a_model_comes_back_from_its_bytes(method):
    data = model(method).to_bytes()
    back = Model.from_bytes(data)
    assert back.to_bytes() == data
    assert (back.scores(judged().matrix) == model(method).scores(judged().matrix)).all()


@each_method
@settings(max_examples=20, deadline=None)
@given(st.integers(0, 799), st.integers(1, 300))
def test_a_row_alone_scores_as_among_others(method, at, among):
    rows = np.concatenate([past(), judged().matrix])
    together = model(method).scores(rows[at : at + among])
    alone = [model(method).scores(rows[n : n + 1])[0] for n in range(at, at + len(together))]
    assert np.abs(together - alone).max() < 1e-9


@each_method
@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_damaged_file_is_refused(method, rng):
    data = bytearray(model(method).to_bytes())
    for _ in range(rng.randrange(1, 4)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    cut = bytes(data[: rng.choice((len(data), rng.randrange(len(data))))])
    try:
        back = Model.from_bytes(cut)
    except ModelFileError:
        return
    assert back.to_bytes() == model(method).to_bytes()  # what was hit means nothing


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_what_is_no_model_file_is_refused(data):
    with pytest.raises(ModelFileError):
        Model.from_bytes(data)


def forged(method="forest", manifest=None, **changed):
    """A file with a right sum over wrong arrays."""
    arrays, text = unpack(model(method).to_bytes())
    arrays = {name: value for name, value in (arrays | changed).items() if value is not None}
    told = msgspec.json.decode(text) | (manifest or {}) | {"sha256": digest_of(arrays)}
    return pack(arrays, msgspec.json.encode(told))


@pytest.mark.parametrize(
    ("method", "change"),
    [
        ("forest", {"left": np.full(3, 10**6, np.int32)}),
        ("forest", {"roots": np.array([-1], np.int32)}),
        ("forest", {"roots": None}),
        ("forest", {"walk": np.array([1.0, 1e9])}),
        ("forest", {"walk": np.array([1.0])}),
        ("forest", {"threshold": np.array([np.nan])}),
        ("forest", {"feature": np.array([99], np.int32)}),
        ("neighbours", {"rows": np.zeros((4, 2), np.float32)}),
        ("neighbours", {"rows": np.full((4, len(NAMES)), np.inf, np.float32)}),
        ("neighbours", {"knots": np.zeros((len(NAMES), 0))}),
        ("neighbours", {"held_back": np.array([2.0, 1.0])}),
        ("neighbours", {"edges": np.zeros((2, 9))}),
        ("neighbours", {"usual": np.full(len(NAMES), np.inf)}),
        ("neighbours", {"manifest": {"method": "pickle"}}),
        ("neighbours", {"manifest": {"features": ["a"]}}),
        ("neighbours", {"manifest": {"schema": 99}}),
        ("neighbours", {"manifest": {"rows": "many"}}),
    ],
    ids=lambda value: str(list(value)) if isinstance(value, dict) else value,
)
def test_a_forged_file_is_refused(method, change):
    assert Model.from_bytes(forged(method))
    with pytest.raises(ModelFileError):
        Model.from_bytes(forged(method, **change))


def test_nothing_in_a_file_is_unpacked_or_unpickled():
    packed, pickled = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("knots.npy", bytes(10**6))
    with pytest.raises(ModelFileError, match="compressed"):
        unpack(packed.getvalue())
    np.savez(pickled, knots=np.array([{}], dtype=object))
    with zipfile.ZipFile(pickled, "a") as archive:
        archive.writestr("manifest.json", b"{}")
    with pytest.raises(ModelFileError, match="plain numbers"):
        unpack(pickled.getvalue())


def test_the_reasons_are_the_three_features_that_carry_most():
    row = judged().matrix[judged().kinds.index("sweep")]
    reasons = model().reasons(row)
    assert [r.share for r in reasons] == sorted([r.share for r in reasons], reverse=True)
    assert len(reasons) == 3
    assert sum(reason.share for reason in reasons) <= 1.000001
    inputs = next(reason for reason in reasons if reason.feature == "inputs")
    assert inputs.bound < inputs.value
    assert (past()[:, NAMES.index("inputs")] < inputs.bound).mean() >= inputs.percent / 100 - 1e-3
    assert inputs.side == "more"


def test_the_usual_needs_no_reason():
    assert model().reasons(np.full(len(NAMES), np.nan)) == ()


def test_one_in_a_hundred_is_one_in_a_hundred():
    rates = model().rates(model().scores(matrix_of(payments(800, seed=3), Memory())))
    assert 1 <= (rates >= 100).sum() <= 24


def test_rates_grow_with_scores_past_all_that_was_met():
    scores = np.linspace(0, 10 * model().calibration.scores[-1], 500)
    rates = model().rates(scores)
    assert (np.diff(rates) >= 0).all()
    assert rates[0] >= 1
    assert rates[-1] > len(past())


def test_training_takes_the_best_of_what_it_tries_and_is_the_same_again():
    odd = judged().matrix[judged().odd]
    first, again = (train(past(), odd, seed=4, budget=2) for _ in range(2))
    assert first.to_bytes() == again.to_bytes()
    assert first.manifest.rows == len(past())


def test_too_little_is_not_learnt_from():
    with pytest.raises(TooFewError, match='"rows": "10"'):
        train(past()[:10], past()[:1], seed=1)


def test_a_model_takes_over_only_where_it_finds_more_and_keeps_its_rates():
    good = model()
    blind = calibrated(past()[:, ::-1].copy(), Candidate("forest", METHODS["forest"]), 1)
    blind = replace(blind, calibration=Calibration(np.sort(blind.scores(past()))))
    assert promote(good, None, judged()).promoted
    assert promote(good, blind, judged()).promoted
    assert not promote(good, good, judged()).promoted
    refused = promote(blind, good, judged())
    assert not refused.promoted
    assert "does not find more" in refused.reason
    loud = replace(good, calibration=replace(good.calibration, scores=np.zeros(1_000)))
    assert "factor" in promote(loud, blind, judged()).reason


def test_drift_is_seen_where_something_shifts_and_only_there():
    same = drift(model(), matrix_of(payments(800, seed=9), Memory()))
    shifted = matrix_of(payments(800, seed=9), Memory())
    shifted[:, NAMES.index("fee")] *= 4
    changed = drift(model(), shifted)
    assert same.worst < 0.2
    assert changed.features["fee"] > 0.25
    assert changed.features["inputs"] == same.features["inputs"]


def test_a_file_from_a_stranger_cannot_ask_for_more_than_it_holds():
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)}
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("manifest.json", b"{}")
        archive.writestr("knots.npy", header.getvalue())
    with pytest.raises(ModelFileError, match="as long as"):
        unpack(data.getvalue())


def test_random_seeds_are_the_only_chance():
    rng = random.Random(5)
    rows = past()[rng.sample(range(len(past())), 600)]
    candidate = Candidate("neighbours", METHODS["neighbours"])
    assert fit(rows, candidate, 3).to_bytes() == fit(rows, candidate, 3).to_bytes()


def test_settings_are_chosen_by_the_newest_of_what_is_learnt(monkeypatch):
    judged_by = []

    def judge(_, rows):
        judged_by.append(rows.matrix)
        return 0.0

    monkeypatch.setattr(training, "precision_of", judge)
    odd = judged().matrix[judged().odd]
    train(past(), odd, seed=4, budget=2)
    newest = past()[-(len(past()) // training.FOLDS) :]
    assert len(judged_by) == 2
    for rows in judged_by:
        assert np.array_equal(rows, np.concatenate([newest, odd]), equal_nan=True)
