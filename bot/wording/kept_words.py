"""What is said of alerts that are told together, and why they were kept: pure."""

from collections.abc import Mapping, Sequence

from bot.language import _, marked
from bot.wording.words import many
from storage.alerts import Story
from storage.ruling import Kept

_AT_ONCE: Mapping[str, str] = {
    "": marked("📦 {alerts} at once"),
    Kept.QUIET: marked("🌅 {alerts} in quiet hours"),
    Kept.PAUSE: marked("▶️ {alerts} while paused"),
    Kept.DIGEST: marked("🗞 {alerts} for your digest"),
}
_WAITED: Mapping[str, str] = {
    Kept.QUIET: marked("Kept over quiet hours"),
    Kept.PAUSE: marked("Kept while paused"),
    Kept.DIGEST: marked("Kept for your digest"),
}


def title_of(told: Sequence[Story], kept: str) -> str:
    """`📦 4 transactions at once`."""
    if all(story.hash for story in told):
        alerts = many(len(told), "{n} transaction", "{n} transactions")
        return _(_AT_ONCE[kept]).format(alerts=alerts)
    return title_of_many(len(told), kept)


def title_of_many(count: int, kept: str) -> str:
    """`🌅 70 alerts in quiet hours`."""
    return _(_AT_ONCE[kept]).format(alerts=many(count, "{n} alert", "{n} alerts"))


def waited_words(kept: str) -> str:
    """Why it is told late."""
    return _(_WAITED[kept])
