"""What became of an alert on its way to a chat: pure."""

from collections.abc import Iterator, Sequence

from bot.wording.rule_reasons import Reader
from bot.wording.silence_words import subject_words, until_words
from bot.wording.words import at, bold, clean, clock, exact_clock, many, platform_name, say, span
from detectors.model import Ring
from storage.model import Line
from storage.ruling import Kept, Told, Wishes, rule
from storage.ruling import Way as Leaving
from storage.tellings import Muting, Part, Step, Telling

_REASON = 120
_WAITED = {
    Kept.QUIET: "kept over quiet hours",
    Kept.PAUSE: "kept while paused",
    Kept.DIGEST: "kept for the digest",
}
_WAITS = {
    Kept.QUIET: "🌙 Kept by quiet hours until {}",
    Kept.PAUSE: "⏸ Kept by the pause until {}",
    Kept.DIGEST: "🗞 Kept for the digest at {}",
}


def outcome_lines(
    telling: Telling, part: Part, seen_at: int | None, reader: Reader
) -> Iterator[Line]:
    """What happened to an alert of a message, the outcome first."""
    said = said_of(telling, part)
    if part.muting is not None:
        yield _muted(part.muting, reader)
    elif said is not None:
        yield from _said(telling, part, said, seen_at, reader)
    else:
        yield from _unsaid(telling, reader)
    yield from _afterwards(telling, said, reader)


def spoken(parts: Sequence[Part]) -> Part:
    """Of alerts that are told as one, the first that no mute keeps back, if there is one."""
    return next((part for part in parts if part.muting is None), parts[0])


def said_of(telling: Telling, part: Part) -> Step | None:
    """The step that told an alert: also by an edit, where it joined what stood already."""
    if part.muting is not None:
        return None
    steps = (step for step in telling.steps if step.state == "sent" and step.action != "reply")
    return next((step for step in steps if (step.closed_at or 0) >= part.alert.time), None)


def _muted(muting: Muting, reader: Reader) -> Line:
    mute = muting.mute
    until = until_words(mute.until, mute.since, reader.zone)
    by = f" by {clean(muting.by, 40)}" if muting.by else ""
    ended = "" if muting.ended_at is None else f"; that ended {at(muting.ended_at, reader.zone)}"
    what = subject_words(mute, reader.names)
    return say(bold(f"🔕 Muted {until}{by}"), f": {what[:1].lower()}{what[1:]}{ended}.")


def _said(
    telling: Telling, part: Part, said: Step, seen_at: int | None, reader: Reader
) -> Iterator[Line]:
    told_at, noted = said.closed_at or 0, part.alert.time
    where = "" if said.chat == reader.chat else f" on {platform_name(said.platform)}"
    yield say(bold(f"🔔 Told {at(told_at, reader.zone)}{where}"), _sound(part), ".")
    if said.kept:
        yield say(f"It was {_WAITED[Kept(said.kept)]}.")
    if telling.collects:
        yield say(f"It was over the budget of {reader.hourly} messages an hour, so it stands with "
                  "the others that were.")  # fmt: skip
    begun = noted if seen_at is None else min(seen_at, noted)
    times = [
        f"noted {exact_clock(noted, reader.zone)}",
        f"told {exact_clock(told_at, reader.zone)}",
    ]
    if seen_at is not None:
        times.insert(0, f"seen {exact_clock(seen_at, reader.zone)}")
    yield say(f"{', '.join(times).capitalize()}: {_delay(told_at - begun)}.")


def _delay(seconds: int) -> str:
    return "at once" if seconds < 1 else f"{span(seconds)} in all"


def _sound(part: Part) -> str:
    """As it is decided whenever nothing keeps it back."""
    ring = part.asking.subscription.ring if part.asking else Ring.LOUD
    way = rule(Told(0, part.alert, ring), Wishes(bound=True)).way
    return ", aloud" if way is Leaving.LOUD else ", without a sound"


def _unsaid(telling: Telling, reader: Reader) -> Iterator[Line]:
    sends = [step for step in telling.steps if step.action == "send"]
    if not sends:
        yield say("How it was told is no longer kept.")
    yield from (_waiting(step, reader) for step in _ranked(sends)[:1])


def _ranked(sends: Sequence[Step]) -> list[Step]:
    order = ("sending", "due", "standby", "rejected", "muted")
    return sorted(sends, key=lambda s: order.index(s.state) if s.state in order else len(order))


def _waiting(step: Step, reader: Reader) -> Line:
    """Why something was not said, or not yet."""
    head, reason = _closed(step) if step.closed_at is not None else _open(step, reader)
    because = clean(reason, _REASON).rstrip(".")
    return say(bold(head), f": {because}." if because else ".")


def _open(step: Step, reader: Reader) -> tuple[str, str]:
    """What waits to be said, and the reason that a platform gave."""
    if step.state == "sending":
        return "📨 It is being sent just now", ""
    if step.kept and step.due_at > reader.now:
        return _WAITS[Kept(step.kept)].format(clock(step.due_at, reader.zone)), ""
    if step.parked:
        there = "this chat" if step.chat == reader.chat else platform_name(step.platform)
        return f"⏳ It waits until {there} can be told", step.parked
    if step.attempts:
        tried = many(step.attempts, "{n} attempt", "{n} attempts")
        return f"⏳ It waits, after {tried}", step.reason
    return "⏳ It waits for its turn", ""


def _closed(step: Step) -> tuple[str, str]:
    if step.state == "rejected":
        return f"🚫 {platform_name(step.platform).capitalize()} refused it", step.reason
    if step.state == "muted":
        return "🚫 Nothing was told here then", "/alerts off"
    return "🚫 It was not said", ""


def _afterwards(telling: Telling, said: Step | None, reader: Reader) -> Iterator[Line]:
    """What came after it was told: changes, and what was said aloud."""
    if said is None:
        return
    after = [step for step in telling.steps if step.state == "sent" and step is not said]
    edits = [step.closed_at or 0 for step in after if step.action == "edit"]
    if edits:
        times = "once" if len(edits) == 1 else f"{len(edits)} times, last"
        yield say(f"Brought up to date {times} {at(max(edits), reader.zone)}.")
    for step in after:
        if step.action == "reply":
            yield say(f"Its bad end was said aloud {at(step.closed_at or 0, reader.zone)}.")
    standing = {s.platform for s in telling.steps if s.chat != said.chat and s.action == "send"}
    for platform in sorted(standing):
        yield say(f"{platform_name(platform).capitalize()} stood by, in case that failed.")
