"""What became of an alert on its way to a chat: pure."""

from collections.abc import Iterator, Sequence

from bot.wording.rule_reasons import Reader
from bot.wording.silence_words import ENDLESS_SECONDS, subject_words
from bot.wording.words import at, bold, clean, clock, exact_clock, many, platform_name, say, span
from detectors.model import Alert, Ring
from storage.model import Line
from storage.ruling import Kept, Mute, Told, Wishes, rule
from storage.ruling import Way as Leaving
from storage.tellings import Muting, Part, Step, Telling

_REASON = 120
_NAME = 40
_DAY = 86400
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
        yield muted_line(part.muting, reader)
    elif said is not None:
        yield _told_line(part, said, reader)
        yield from _how(telling, said, reader)
        yield _times(part.alert, said.closed_at or 0, seen_at, reader.zone)
        yield from _afterwards(telling, said, reader)
    else:
        yield from _unsaid(telling, reader)


def spoken(parts: Sequence[Part]) -> Part:
    """Of alerts that are told as one, the first that no mute keeps back, if there is one."""
    return next((part for part in parts if part.muting is None), parts[0])


def said_of(telling: Telling, part: Part) -> Step | None:
    """The step that told an alert: also by an edit, where it joined what stood already."""
    if part.muting is not None:
        return None
    steps = (step for step in telling.steps if step.state == "sent" and step.action != "reply")
    return next((step for step in steps if (step.closed_at or 0) >= part.alert.time), None)


def muted_line(muting: Muting, reader: Reader) -> Line:
    """`Muted until 18:00 by Ada: alerts about Savings.`"""
    by = f" by {clean(muting.by, _NAME)}" if muting.by else ""
    ended = "" if muting.ended_at is None else f"; that ended {at(muting.ended_at, reader.zone)}"
    what = subject_words(muting.mute, reader.names)
    verdict = f"🔕 Muted {_until(muting.mute, reader)}{by}"
    return say(bold(verdict), f": {what[:1].lower()}{what[1:]}{ended}.")


def _until(mute: Mute, reader: Reader) -> str:
    if mute.until - mute.since > ENDLESS_SECONDS:
        return "for ever"
    near = abs(mute.until - reader.now) < _DAY
    return f"until {(clock if near else at)(mute.until, reader.zone)}"


def _told_line(part: Part, said: Step, reader: Reader) -> Line:
    where = "" if said.chat == reader.chat else f" on {platform_name(said.platform)}"
    told = f"🔔 Told {at(said.closed_at or 0, reader.zone)}{where}"
    return say(bold(told), f", {_sound(part)}.")


def _how(telling: Telling, said: Step, reader: Reader) -> Iterator[Line]:
    """With what it was told, and what it waited for."""
    others = len({part.alert.transaction or part.alert for part in telling.parts}) - 1
    if said.kept:
        yield say(f"It was {_WAITED[Kept(said.kept)]}.")
    if telling.collects:
        wanted = f"the {reader.hourly} messages an hour that are wanted here"
        yield say(f"It was more than {wanted}: see /alerts budget.")
    if others > 0:
        yield say(f"One message told it with {many(others, 'other')}.")


def _times(alert: Alert, told_at: int, seen_at: int | None, zone: str) -> Line:
    """`Seen 18:40:01, queued 18:40:02, told 18:40:03: 2 s in all.`"""
    moments = [("queued", alert.time), ("told", told_at)]
    if seen_at is not None:
        moments.insert(0, ("mined" if alert.late else "seen", min(seen_at, alert.time)))
    begun = moments[0][1]
    show = exact_clock if told_at - begun < _DAY // 2 else at
    words = ", ".join(f"{word} {show(time, zone)}" for word, time in moments)
    return say(f"{words[:1].upper()}{words[1:]}: {_delay(told_at - begun)}.")


def _delay(seconds: int) -> str:
    return f"{span(seconds)} in all" if seconds > 0 else "at once"


def _sound(part: Part) -> str:
    """As it is decided whenever nothing keeps it back."""
    ring = part.asking.subscription.ring if part.asking else Ring.LOUD
    way = rule(Told(0, part.alert, ring), Wishes(bound=True)).way
    return "aloud" if way is Leaving.LOUD else "without a sound"


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
        return f"🚫 It was refused by {platform_name(step.platform)}", step.reason
    if step.state == "muted":
        return "🚫 Nothing was told here then", "/alerts off"
    if step.state == "sent":
        return "⏳ It is being added to a message that stands here", ""
    return "🚫 It was not said", ""


def _afterwards(telling: Telling, said: Step, reader: Reader) -> Iterator[Line]:
    """What came after it was told: changes, and what was said aloud."""
    after = [step for step in telling.steps if step.state == "sent" and step is not said]
    edits = [step.closed_at or 0 for step in after if step.action == "edit"]
    if edits:
        times = "once," if len(edits) == 1 else f"{len(edits)} times, last"
        yield say(f"Changed {times} {at(max(edits), reader.zone)}.")
    for step in after:
        if step.action == "reply":
            yield say(f"Its bad end was said aloud {at(step.closed_at or 0, reader.zone)}.")
    others = {s.platform for s in telling.steps if s.action == "send" and s.chat != said.chat}
    for platform in sorted(others):
        name = platform_name(platform)
        yield say(f"{name[:1].upper()}{name[1:]} stood by, in case that failed.")
