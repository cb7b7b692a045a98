"""What became of an alert on its way to a chat: pure."""

from collections.abc import Iterator, Sequence

from bot.language import _, marked, unsealed
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
    Kept.QUIET: marked("It was kept over quiet hours."),
    Kept.PAUSE: marked("It was kept while paused."),
    Kept.DIGEST: marked("It was kept for the digest."),
}
_WAITS = {
    Kept.QUIET: marked("🌙 Kept by quiet hours until {time}"),
    Kept.PAUSE: marked("⏸ Kept by the pause until {time}"),
    Kept.DIGEST: marked("🗞 Kept for the digest at {time}"),
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
    """`Muted until 18:00 by Ada: Alerts about Savings.`"""
    verdict = _muted_until(muting.mute, reader)
    if muting.by:
        verdict = _("{muted} by {name}").format(muted=verdict, name=clean(muting.by, _NAME))
    ended = ""
    if muting.ended_at is not None:
        ended = " " + _("That ended {time}.").format(time=at(muting.ended_at, reader.zone))
    return say(bold(f"🔕 {verdict}"), f": {subject_words(muting.mute, reader.names)}.{ended}")


def _muted_until(mute: Mute, reader: Reader) -> str:
    if mute.until - mute.since > ENDLESS_SECONDS:
        return _("Muted for ever")
    return _("Muted until {time}").format(time=_until(mute.until, reader))


def _until(time: float, reader: Reader) -> str:
    """The time of day, with its day where that is not one of the next hours."""
    return (clock if abs(time - reader.now) < _DAY else at)(time, reader.zone)


def _told_line(part: Part, said: Step, reader: Reader) -> Line:
    told = _("Told {time}").format(time=at(said.closed_at or 0, reader.zone))
    if said.chat != reader.chat:
        told = _("{told} on {platform}").format(told=told, platform=platform_name(said.platform))
    return say(bold(f"🔔 {told}"), f", {_sound(part, said)}.")


def _how(telling: Telling, said: Step, reader: Reader) -> Iterator[Line]:
    """With what it was told, and what it waited for."""
    others = len({part.alert.transaction or part.alert for part in telling.parts}) - 1
    if said.kept:
        yield say(_(_WAITED[Kept(said.kept)]))
    if telling.collects:
        budget = many(
            reader.hourly,
            "It was more than the one message an hour that is wanted here: see /alerts budget.",
            "You want at most {n} messages an hour here, and there were more: see /alerts budget.",
        )
        yield say(budget)
    if others > 0:
        together = many(others, "It was told with {n} other.", "It was told with {n} others.")
        yield say(together)


def _times(alert: Alert, told_at: int, seen_at: int | None, zone: str) -> Line:
    """`Seen 18:40:01, queued 18:40:02, told 18:40:03: 2 s in all.`"""
    begun = alert.time if seen_at is None else min(seen_at, alert.time)
    show = exact_clock if told_at - begun < _DAY // 2 else at
    times = {"queued": show(alert.time, zone), "told": show(told_at, zone)}
    times["seen"] = show(begun, zone)
    if seen_at is None:
        words = _("Queued {queued}, told {told}").format(**times)
    elif alert.late:
        words = _("Mined {seen}, queued {queued}, told {told}").format(**times)
    else:
        words = _("Seen {seen}, queued {queued}, told {told}").format(**times)
    delay = told_at - begun
    took = _("{span} in all").format(span=span(delay)) if delay > 0 else _("at once")
    return say(f"{words}: {took}.")


def _sound(part: Part, said: Step) -> str:
    """As it is decided whenever nothing keeps it back; what joins a message makes no sound."""
    if said.action == "edit":
        return _("without a sound")
    ring = part.asking.subscription.ring if part.asking else Ring.LOUD
    way = rule(Told(0, part.alert, ring), Wishes(bound=True)).way
    return _("aloud") if way is Leaving.LOUD else _("without a sound")


def _unsaid(telling: Telling, reader: Reader) -> Iterator[Line]:
    sends = [step for step in telling.steps if step.action == "send"]
    if not sends:
        yield say(_("How it was told is no longer kept."))
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
        return _("📨 It is being sent just now"), ""
    if step.kept and step.due_at > reader.now:
        return _(_WAITS[Kept(step.kept)]).format(time=_until(step.due_at, reader)), ""
    if step.parked:
        if step.chat == reader.chat:
            return _("⏳ It waits until this chat can be told"), unsealed(step.parked)
        there = platform_name(step.platform)
        return _("⏳ It waits until {platform} can be told").format(platform=there), unsealed(
            step.parked
        )
    if step.attempts:
        tried = many(
            step.attempts, "⏳ It waits, after {n} attempt", "⏳ It waits, after {n} attempts"
        )
        return tried, unsealed(step.reason)
    return _("⏳ It waits for its turn"), ""


def _closed(step: Step) -> tuple[str, str]:
    if step.state == "rejected":
        there = platform_name(step.platform)
        return _("🚫 It was refused by {platform}").format(platform=there), unsealed(step.reason)
    if step.state == "muted":
        return _("🚫 Nothing was told here then"), "/alerts off"
    if step.state == "sent":
        return _("⏳ It is being added to a message that stands here"), ""
    return _("🚫 It was not said"), ""


def _afterwards(telling: Telling, said: Step, reader: Reader) -> Iterator[Line]:
    """What came after it was told: changes, and what was said aloud."""
    since = said.closed_at or 0
    after = [
        step
        for step in telling.steps
        if step.state == "sent" and step is not said and (step.closed_at or 0) >= since
    ]
    edits = [step.closed_at or 0 for step in after if step.action == "edit"]
    if edits:
        last = at(max(edits), reader.zone)
        changed = many(
            len(edits), "Changed once, {time}.", "Changed {n} times, last {time}.", time=last
        )
        yield say(changed)
    for step in after:
        if step.action == "reply":
            time = at(step.closed_at or 0, reader.zone)
            yield say(_("Its bad end was said aloud {time}.").format(time=time))
    others = {s.platform for s in telling.steps if s.action == "send" and s.chat != said.chat}
    for platform in sorted(others):
        standing = _("In case that failed, {platform} stood by.")
        yield say(standing.format(platform=platform_name(platform)))
