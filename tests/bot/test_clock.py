from bot.clock import LONGEST_SECONDS, SteadyClock


class Times:
    """A system's clock that can be set, and the seconds that nobody sets."""

    def __init__(self):
        self.system = 1_700_000_000.0
        self.elapsed = 5.0

    def pass_by(self, seconds):
        self.system += seconds
        self.elapsed += seconds


def steady(times):
    return SteadyClock(lambda: times.system, lambda: times.elapsed)


def test_it_is_the_systems_clock_while_that_goes_on():
    times = Times()
    clock = steady(times)
    for seconds in (1, 0, 3600, 0.5):
        times.pass_by(seconds)
        assert clock() == times.system


def test_it_follows_a_clock_that_is_set_ahead():
    times = Times()
    clock = steady(times)
    times.system += 86_400 * 30
    assert clock() == times.system


def test_an_hour_back_is_made_up_for_in_two():
    times = Times()
    clock, before = steady(times), times.system
    times.system -= 3600
    assert clock() == before
    assert clock.ahead_seconds == 3600
    times.pass_by(10)
    assert clock() == before + 5
    times.pass_by(3600)
    assert clock.ahead_seconds == 3600 - 10 / 2 - 1800
    times.pass_by(3600)
    assert (clock(), clock.ahead_seconds) == (times.system, 0)


def test_it_never_goes_back_however_often_the_other_one_is_set():
    times = Times()
    clock = steady(times)
    seen = [clock()]
    for step in (-60, 30, -3600, 7200, -1, -7200):
        times.pass_by(1)
        times.system += step
        seen.append(clock())
    assert seen == sorted(seen)


def test_a_clock_that_was_wrong_by_days_is_put_right():
    times = Times()
    clock = steady(times)
    times.system -= LONGEST_SECONDS + 1
    assert clock() == times.system


def test_it_begins_where_the_last_run_left_off():
    times = Times()
    clock = steady(times)
    clock.not_before(times.system + 3600)
    times.pass_by(10)
    assert clock() == times.system - 10 + 3600 + 5
    clock.not_before(times.system - 3600)
    assert clock.ahead_seconds == 3595
