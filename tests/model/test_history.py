"""A random history against a naive model of it: states, sums, statistics and messages agree.

`SPYHOP_HISTORIES` says how many histories are lived through.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.history import History
from tests.proof.record import record

HISTORIES = int(os.environ.get("SPYHOP_HISTORIES", "60"))
STEPS = 40


@pytest.mark.timeout(60 + 5 * HISTORIES)
def test_a_random_history_agrees_with_a_naive_model_of_it(monkeypatch):
    History.lived.clear()
    monkeypatch.setattr("bot.intake.steps.SLICE", 2)
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    record("Random histories", {**History.lived, "disagreements": 0})
