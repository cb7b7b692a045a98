"""Drift, measured beside the bot on what really is in the database."""

import random

import numpy as np
import pytest

from bot.learning.drift import NEEDED, DriftWatch, day_to_measure, has_drifted
from bot.store import Store
from detectors.learnt.model import NAMES
from detectors.learnt.training import Candidate, calibrated
from detectors.model import Scored
from storage.drift import drift_since
from storage.features import save_features
from storage.models import Learnt, save_model
from tests.bot.desk import Talk, make_desk
from tests.bot.learning.test_training import BITCOIN, bodies, owner
from tests.make import NOW, hash_of

AFTERNOON = NOW - NOW % 86400 + 15 * 3600
LEARNT_UNTIL = AFTERNOON - 40_000


def rows_of(seed, factor=1.0):
    """Features that are alike, but for the first, which is `factor` times as large."""
    rng = random.Random(seed)
    rows = [[rng.lognormvariate(5, 1) for _ in NAMES] for _ in range(NEEDED + 500)]
    return [(row[0] * factor, *row[1:]) for row in rows]


def lived(db, factor):
    """A model, and what came after it."""
    matrix = np.array(rows_of(1))
    model = calibrated(matrix, Candidate("forest", {"trees": 20, "sample": 64}), 1)
    learnt = Learnt(
        "bitcoin", LEARNT_UNTIL, LEARNT_UNTIL - 3600, LEARNT_UNTIL, len(matrix),
        NAMES, {}, {}, model.to_bytes(),
    )  # fmt: skip
    save_model(db, learnt, "", runs=True)
    came = [
        Scored(hash_of("drift", number), LEARNT_UNTIL + 10 + number * 20, values)
        for number, values in enumerate(rows_of(2, factor))
    ]
    save_features(db, "bitcoin", NAMES, came)


async def watched(store, factor, now=AFTERNOON):
    await store.write(owner)
    await store.write(lived, factor)
    await DriftWatch(store, BITCOIN, "UTC").look(now)


@pytest.mark.timeout(120)
async def test_what_shifted_is_kept_and_the_owners_are_told_once(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        await watched(store, 20.0)
        rows = {row.feature: row.psi for row in await store.read(drift_since, "bitcoin", "")}
        assert rows.keys() == {*NAMES, "score"}
        assert rows["moved"] > 1
        assert max(psi for name, psi in rows.items() if name not in {"moved", "score"}) < 0.1
        assert await store.read(has_drifted, "bitcoin")
        await DriftWatch(store, BITCOIN, "UTC").look(AFTERNOON + 4 * 3600)
        (body,) = await store.read(bodies)
        assert "no longer what model 1 learnt from" in body
        assert "moved" in body


@pytest.mark.timeout(120)
async def test_what_is_as_it_was_is_kept_and_nobody_is_told(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        await watched(store, 1.0)
        assert await store.read(drift_since, "bitcoin", "")
        assert not await store.read(has_drifted, "bitcoin")
        assert not await store.read(bodies)


async def test_before_its_hour_nothing_is_measured(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        await watched(store, 20.0, AFTERNOON - 2 * 3600)
        assert not await store.read(drift_since, "bitcoin", "")


def test_the_hour_is_that_of_the_place():
    assert day_to_measure(AFTERNOON, "UTC") == "2023-11-14"
    assert day_to_measure(AFTERNOON, "Pacific/Kiritimati") is None
    assert day_to_measure(AFTERNOON, "America/New_York") is None


async def test_the_chart_says_when_nothing_was_measured_yet(tmp_path):
    async with make_desk(tmp_path) as desk:
        assert "No drift was measured yet" in await Talk(desk).say("/chart drift")
