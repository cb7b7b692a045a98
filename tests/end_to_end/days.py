"""Days on which clocks do what they seldom do, and waiting until a program has seen them."""

from datetime import UTC, datetime, timedelta

from tests.end_to_end.clock import moment

DAY = timedelta(days=1)
TICKS = {"bot.housekeeping:TICK_SECONDS": 0.5, "watchers.blockchain_com.feed:PRICES_SECONDS": 1e9}
"""What is due is looked at twice a second, and nothing else leaves a row in `moments`."""


async def looked(program, since=None):
    """Wait until the program has looked at what is due, begun at a time, else from now on."""
    if since is None:
        since = program.rows("SELECT max(at) FROM moments")[0][0] + 1
    rounds = "SELECT count(*) FROM moments WHERE at >= ?"
    await program.until(lambda: program.rows(rounds, since)[0][0] >= 2, "two rounds")


def days_of_change(zone):
    """The next day on which clocks go forward there, and the next on which they go back."""
    hours = {day: _hours(day, zone) for day in _coming()}
    return next(d for d in hours if hours[d] == 23), next(d for d in hours if hours[d] == 25)


def leap_day():
    """The next 29 February."""
    return next(day for day in _coming(5 * 366) if (day.month, day.day) == (2, 29))


def _coming(days=400):
    first = datetime.now(UTC).date() + 3 * DAY
    return [first + number * DAY for number in range(days)]


def _hours(day, zone):
    return (moment(f"{day + DAY}", zone) - moment(f"{day}", zone)) // 3600
