"""What is dear is given to everybody in turn."""

from bot.allowance import Allowance, Allowances
from storage.model import Role
from storage.persons import set_role
from tests.bot.desk import INVITED, Talk
from tests.make import NOW

CHART = Allowance("chart", 2, 20)


def test_so_many_at_once_and_then_one_after_so_long():
    left = Allowances()
    assert [left.wait_seconds(1, CHART, NOW) for _ in range(3)] == [0, 0, 20]
    assert left.wait_seconds(1, CHART, NOW + 19.5) == 1
    assert left.wait_seconds(1, CHART, NOW + 20) == 0
    assert left.wait_seconds(1, CHART, NOW + 20) == 20


def test_a_refusal_costs_nothing_and_others_are_not_kept_waiting():
    left = Allowances()
    for _ in range(10):
        left.wait_seconds(1, CHART, NOW)
    assert left.wait_seconds(1, CHART, NOW + 20) == 0
    assert left.wait_seconds(2, CHART, NOW) == 0
    assert left.wait_seconds(1, Allowance("report", 1, 60), NOW) == 0


def test_what_was_saved_up_is_no_more_than_at_once():
    left = Allowances()
    left.wait_seconds(1, CHART, NOW)
    later = NOW + 86400
    assert [left.wait_seconds(1, CHART, later) for _ in range(3)] == [0, 0, 20]


def test_what_was_asked_for_while_the_clock_was_wrong_is_soon_forgotten():
    left = Allowances()
    assert left.wait_seconds(1, CHART, NOW + 3 * 365 * 86400) == 0
    assert left.wait_seconds(1, CHART, NOW) <= 20


async def test_a_guest_is_told_when_to_come_back_and_an_owner_never(desk, clock):
    for number, role in (("7", Role.GUEST), ("1", Role.OWNER)):
        await desk.write(set_role, "telegram", number, role, NOW)
    guest = Talk(desk, INVITED, platform="telegram", chat="7", person="7", name="Gus")
    charts = [await guest.send("/chart fees") for _ in range(6)]
    assert [chart.refusal for chart in charts] == [False] * 5 + [True]
    assert (await guest.say("/chart fees")).startswith("You can ask for the next chart in 20 s.")
    assert not (await guest.send("/stats")).refusal
    clock.now += 20
    assert not (await guest.send("/chart fees")).refusal
    owner = guest.by(chat="1", person="1")
    assert not any([(await owner.send("/chart fees")).refusal for _ in range(7)])


async def test_what_draws_nothing_is_counted_as_nothing(desk):
    await desk.write(set_role, "telegram", "7", Role.GUEST, NOW)
    guest = Talk(desk, INVITED, platform="telegram", chat="7", person="7", name="Gus")
    for _ in range(4):
        assert not (await guest.send("/summary daily 8:00")).refusal
        assert not (await guest.send("/summary off")).refusal
        assert not (await guest.send("/preview")).refusal
