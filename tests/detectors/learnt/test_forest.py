import numpy as np
import pytest

from detectors.learnt.forest import flatten


@pytest.mark.parametrize("sample", [2, 3, 64, 256])
def test_a_flattened_forest_scores_as_the_library_does(sample):
    from sklearn.ensemble import IsolationForest

    rng = np.random.default_rng(sample)
    matrix = np.round(rng.lognormal(size=(600, 7)), 2)
    fitted = IsolationForest(n_estimators=40, max_samples=sample, random_state=1).fit(matrix)
    more = np.concatenate([matrix, matrix * 100, matrix.astype(np.float32).astype(np.float64)])
    ours, theirs = flatten(fitted).scores(more), -fitted.score_samples(more)
    assert np.abs(ours - theirs).max() < 1e-9
    assert ours[5] == pytest.approx(flatten(fitted).scores(more[5:6])[0], abs=1e-12)
