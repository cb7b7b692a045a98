"""The periods that answers speak of: how they are typed, and buttons for others."""

from collections.abc import Iterable

from storage.model import Button

HOUR, DAY = 3600, 86400
USUAL_PERIODS = (HOUR, DAY, 7 * DAY, 30 * DAY)


def typed_period(seconds: int) -> str:
    """`90m`, `24h`, `7d`: a period as one types it."""
    if seconds > DAY and seconds % DAY == 0:
        return f"{seconds // DAY}d"
    return f"{seconds // HOUR}h" if seconds % HOUR == 0 else f"{seconds // 60}m"


def period_buttons(command: str, seconds: int, refresh: str = "") -> tuple[Button, ...]:
    """A button for each usual period but the present one, in place of the answer.

    `refresh`: what the button of the present one is labelled with, where there shall be one.
    """
    return tuple(_buttons(command, seconds, refresh))


def _buttons(command: str, seconds: int, refresh: str) -> Iterable[Button]:
    for period in USUAL_PERIODS:
        if period != seconds:
            typed = typed_period(period)
            yield Button(typed, f"{command} {typed}", replaces=True)
    if refresh:
        yield Button(refresh, f"{command} {typed_period(seconds)}", replaces=True)
