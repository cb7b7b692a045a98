"""Answered commands whose effect is not in the database."""

from tests.proof.crowd import confirms_watch, is_silent


def forgotten(crowd, program):
    """Answered commands whose effect is not in the database."""
    return [
        *_watches(crowd, program),
        *_thresholds(crowd, program),
        *_mutes(crowd, program),
    ]


def _watches(crowd, program):
    kept = {
        label for (label,) in program.rows("SELECT label FROM subscriptions WHERE until IS NULL")
    }
    for member in crowd.members:
        heard = crowd.heard(member)
        for watch in member.watches:
            ended = any(f"No longer watching {watch.label}." in text for text in heard)
            if ended and watch.label in kept:
                yield f"unwatch {watch.label}"
            lost = not watch.asked_to_end and watch.label not in kept
            if lost and confirms_watch(watch.label, heard):
                yield f"watch {watch.label}"


def _thresholds(crowd, program):
    kept = dict(
        program.rows(
            "SELECT CAST(c.address AS INTEGER), s.amount FROM subscriptions s JOIN chats c"
            " ON c.id = s.chat_id WHERE s.until IS NULL AND s.kind = 'whales'"
        )
    )
    for member in [member for member in crowd.members if member.thresholds]:
        last = member.thresholds[-1]
        possible = {str(last)}
        if not crowd.was_answered(member):
            possible |= {str(amount) for amount in member.thresholds[-2:]}
        if kept.get(member.person.id) not in possible:
            yield f"threshold {last} of {member.person.id}"


def _mutes(crowd, program):
    muted = {
        address
        for (address,) in program.rows(
            "SELECT CAST(c.address AS INTEGER) FROM mutes m JOIN chats c"
            " ON c.id = m.chat_id OR c.person_id = m.person_id"
            " WHERE m.ended_at IS NULL AND m.until > unixepoch()"
        )
    }
    for member in [member for member in crowd.members if member.silences]:
        silent = is_silent(crowd.heard(member))
        certain = member.asked[-1] == ("/mute 2h" if silent else "/unmute")
        if certain and silent != (member.person.id in muted):
            yield f"{member.asked[-1]} of {member.person.id}"
