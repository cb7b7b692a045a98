"""Pauses: what Discord would refuse is not asked of it, and nothing else waits for that."""

from types import SimpleNamespace

import pytest
from discord import HTTPException, NotFound, RateLimited

from bot.platforms.discord_holds import Holds


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def holds(clock):
    return Holds(clock)


def refused(status, code=0):
    kind = NotFound if status == 404 else HTTPException
    return kind(SimpleNamespace(status=status, reason=""), {"code": code, "message": "no"})


def test_a_pause_of_one_chat_ends_and_leaves_others_alone(holds, clock):
    holds.failed("a", RateLimited(40.0))
    assert holds.seconds("a") == 40.0
    assert holds.seconds("b") == 0.0
    clock.now += 40
    assert holds.seconds("a") == 0.0


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_refusal_of_everything_pauses_everything(holds, status):
    holds.failed("a", refused(status))
    assert holds.seconds("b") == 60.0


def test_a_refusal_of_one_chat_pauses_nothing(holds):
    holds.failed("a", refused(404, 10003))
    assert holds.seconds("a") == 0.0


def test_the_longer_the_network_is_down_the_seldomer_it_is_tried(holds, clock):
    pauses = []
    for _ in range(9):
        holds.failed("a", ConnectionResetError())
        pauses.append(holds.seconds("b"))
        clock.now += pauses[-1]
    assert pauses[0] == 0.0
    assert pauses == sorted(pauses)
    assert pauses[-1] == 30.0
    holds.worked()
    holds.failed("a", ConnectionResetError())
    assert holds.seconds("b") == 0.0


def test_many_calls_that_fail_together_count_as_one_outage(holds):
    for _ in range(30):
        holds.failed("a", ConnectionResetError())
    assert holds.seconds("b") == 2.0
