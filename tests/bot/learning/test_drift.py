"""Drift, measured beside the bot on what really is in the database."""

import random
from math import cos, pi

import numpy as np
import pytest

from bot.learning.drift import (
    DAY_SECONDS,
    MOST,
    WEEK_SECONDS,
    DriftWatch,
    compared_rows,
    day_to_measure,
    has_drifted,
    like_spans,
)
from bot.store import Store
from detectors.learnt.model import NAMES
from detectors.learnt.training import Candidate, calibrated
from detectors.model import Scored
from storage.drift import drift_since
from storage.features import save_features
from storage.models import LAST_KEY, Learnt, model_of, running_model, save_model
from storage.thinning import draw
from tests.bot.desk import Talk, make_desk
from tests.bot.learning.test_training import BITCOIN, bodies, owner
from tests.make import NOW, hash_of

AFTERNOON = NOW - NOW % 86400 + 15 * 3600
EVERY_SECONDS = 30


def daily(at):
    """By day there are more, and larger ones: up to ten times as at night; on Sundays half."""
    swing = 10 ** (0.5 - 0.5 * cos(2 * pi * (at % DAY_SECONDS) / DAY_SECONDS))
    return swing * (0.5 if (at // DAY_SECONDS) % 7 == 3 else 1)


def rows_of(since, until, factor):
    """A row a minute: features that are alike, but for the first, which `factor` of its time is."""
    rng = random.Random(since)
    return [
        Scored(
            hash_of("drift", at), at,
            (rng.lognormvariate(5, 1) * factor(at), *[rng.lognormvariate(5, 1) for _ in NAMES[1:]]),
        )
        for at in range(since, until, EVERY_SECONDS)
    ]  # fmt: skip


def learn(db, since, until):
    """A model of a third of what was met."""
    drawn = draw(db, "bitcoin", NAMES, (since, until + 1), (until - since) // EVERY_SECONDS // 3)
    matrix = np.array([row.values for row in drawn.rows])
    model = calibrated(matrix, Candidate("forest", {"trees": 20, "sample": 64}), 1)
    learnt = Learnt(
        "bitcoin", until, since, until, len(matrix), NAMES, {LAST_KEY: drawn.last}, {},
        model.to_bytes(),
    )  # fmt: skip
    save_model(db, learnt, "", runs=True)


def lived(db, factor, *, days, after):
    """So many days were learnt, and what came after."""
    until = AFTERNOON - after
    since = until - days * DAY_SECONDS
    save_features(db, "bitcoin", NAMES, rows_of(since, until, daily))
    learn(db, since, until)
    save_features(db, "bitcoin", NAMES, rows_of(until + EVERY_SECONDS, AFTERNOON, factor))


async def watched(store, factor, now=AFTERNOON, days=9, after=DAY_SECONDS):
    await store.write(owner)
    await store.write(lambda db: lived(db, factor, days=days, after=after))
    await DriftWatch(store, BITCOIN, "UTC").look(now)


async def indices(store):
    return {row.feature: row.psi for row in await store.read(drift_since, "bitcoin", "")}


@pytest.mark.timeout(120)
async def test_what_shifted_is_kept_and_the_owners_are_told_once(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        await watched(store, lambda at: 5 * daily(at))
        found = await indices(store)
        assert found.keys() == {*NAMES, "score"}
        assert found["moved"] > 0.5
        assert max(psi for name, psi in found.items() if name not in {"moved", "score"}) < 0.1
        assert await store.read(has_drifted, "bitcoin")
        await DriftWatch(store, BITCOIN, "UTC").look(AFTERNOON + 4 * 3600)
        (body,) = await store.read(bodies)
        assert "no longer what model 1 learnt from" in body
        assert "moved" in body


@pytest.mark.timeout(120)
async def test_what_only_goes_by_the_hour_and_the_weekday_is_no_drift(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        await watched(store, daily, after=18 * 3600)
        found = await indices(store)
        assert max(found.values()) < 0.1
        assert not await store.read(has_drifted, "bitcoin")
        assert not await store.read(bodies)


@pytest.mark.timeout(120)
async def test_the_same_rhythm_against_all_that_was_learnt_would_be_called_a_shift(tmp_path):
    from detectors.learnt.model import Model
    from detectors.learnt.training import drift
    from storage.models import file_of

    async with Store(tmp_path / "spyhop.db") as store:
        await watched(store, daily, after=8 * 3600)
        model = Model.from_bytes(await store.read(file_of, 1))
        half_a_day = rows_of(AFTERNOON - 8 * 3600, AFTERNOON, daily)
        whole = drift(model, np.array([row.values for row in half_a_day]))
        assert whole.features["moved"] > 0.25


async def test_before_a_week_is_known_nothing_is_measured(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        await watched(store, lambda _: 100.0, days=6)
        assert not await indices(store)


async def test_before_its_hour_nothing_is_measured(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        await watched(store, lambda _: 100.0, AFTERNOON - 2 * 3600)
        assert not await indices(store)


async def test_what_a_model_learnt_itself_is_not_what_it_is_compared_with(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        await watched(store, daily)
        row = await store.read(running_model, "bitcoin")
        assert row is not None
        compared = await store.read(compared_rows, row, AFTERNOON)
        assert compared is not None
        span = (AFTERNOON - WEEK_SECONDS - DAY_SECONDS, AFTERNOON - WEEK_SECONDS)
        learnt = await store.read(draw, "bitcoin", NAMES, (row.since, row.until + 1), row.rows)
        assert len(compared.learnt) >= 900
        assert not {*compared.learnt} & {one.values for one in learnt.rows}
        met = await store.read(draw, "bitcoin", NAMES, span, 10**6)
        assert {*compared.learnt} < {one.values for one in met.rows}


async def test_a_model_too_old_to_have_like_hours_is_compared_over_a_whole_week(tmp_path):
    def old(db, since_days, until_days):
        since, until = (AFTERNOON - days * DAY_SECONDS for days in (since_days, until_days))
        learnt = Learnt("bitcoin", until, since, until, 9, NAMES, {}, {}, b"")
        return compared_rows(db, model_of(db, save_model(db, learnt, "", runs=False)), AFTERNOON)

    async with Store(tmp_path / "spyhop.db") as store:
        week = rows_of(AFTERNOON - 9 * DAY_SECONDS, AFTERNOON, daily)
        await store.write(lambda db: save_features(db, "bitcoin", NAMES, week))
        compared = await store.write(old, 60, 40)
        assert compared is not None
        assert not compared.learnt, "it is what the model itself knows"
        last = {row.values for row in week if row.time >= AFTERNOON - WEEK_SECONDS}
        assert {*compared.came} < last
        assert len(compared.came) == MOST
        assert await store.write(old, 45, 40) is None, "less than a week was learnt"


def test_like_hours_are_whole_weeks_before_and_wholly_learnt():
    def model(since, until):
        return Learnt("bitcoin", until, since, until, 1, (), {}, {}, b"")

    span = (AFTERNOON - DAY_SECONDS, AFTERNOON)
    week_before = (span[0] - WEEK_SECONDS, span[1] - WEEK_SECONDS)
    assert like_spans(span, model(week_before[0], span[0] - 1)) == [week_before]
    assert like_spans(span, model(week_before[0] + 1, span[0] - 1)) == []
    assert len(like_spans(span, model(0, span[0] - 1))) == 4
    assert len(like_spans(span, model(0, week_before[0]))) == 3


def test_the_hour_is_that_of_the_place():
    assert day_to_measure(AFTERNOON, "UTC") == "2023-11-14"
    assert day_to_measure(AFTERNOON, "Pacific/Kiritimati") is None
    assert day_to_measure(AFTERNOON, "America/New_York") is None


async def test_the_chart_says_when_nothing_was_measured_yet(tmp_path):
    async with make_desk(tmp_path) as desk:
        said = await Talk(desk).say("/chart drift")
        assert "No drift was measured yet" in said
        assert "the same hours of the weeks before" in said
