"""What the bot says of itself, unasked: blind times and trouble."""

from collections.abc import Callable

from sqlite_utils import Database

from bot.language import _, speaking_to, unsealed
from bot.wording.words import clock, code, many, quiet, say, span
from storage.chats import private_chats_of_owners
from storage.ledger import IncidentRow, lasting_incident, save_incident
from storage.listeners import listeners_of
from storage.model import Button, Chat, Message, Priority
from storage.outbox import enqueue_notice
from watchers.model import Chain, Gap, Incident


def format_gap(gap: Gap, chain: Chain) -> Message:
    """A time in which a chain could not be heard, before the late alerts that follow."""
    blind = span(gap.end - gap.start)
    start, end = clock(gap.start, "UTC"), clock(gap.end, "UTC")
    return Message(
        say(_("🕶 I could not hear {chain} for {blind}").format(chain=chain.title, blind=blind)),
        (
            say(_("From {start} to {end} UTC.").format(start=start, end=end)),
            say(_("What was mined meanwhile follows now, marked late.")),
            say(_("What was only announced and never mined, I cannot know.")),
        ),
        ((Button(_("Status"), "/status"),),),
    )


def format_incident(incident: Incident, lasting: IncidentRow | None = None) -> Message:
    """Trouble that an owner should look at, and how often it came since it was last told."""
    lines = [say(unsealed(incident.detail))]
    if lasting:
        lasted = span(incident.time - lasting.first_at)
        came = many(
            lasting.times,
            "It came {n} time in {span}, and goes on.",
            "It came {n} times in {span}, and goes on.",
            span=lasted,
        )
        lines.append(say(came))
    if incident.sample:
        lines.append(say(_("Set aside:"), " ", code(incident.sample[:200])))
    lines.append(say(quiet(_("Everything else goes on. While it lasts you get this once a day."))))
    title = _("⚠️ {source}: still {trouble}") if lasting else _("⚠️ {source}: {trouble}")
    return Message(
        say(title.format(source=unsealed(incident.source), trouble=unsealed(incident.kind))),
        tuple(lines),
        ((Button(_("Status"), "/status"),),),
    )


def note_incident(db: Database, incident: Incident, now: int) -> None:
    """Keep an incident; the owners are told of an urgent one when it is new, then daily."""
    lasting = lasting_incident(db, incident)
    if save_incident(db, incident) and incident.urgent:
        key = f"incident:{incident.source}:{incident.kind}:{incident.time}"
        tell_owners(db, key, lambda: format_incident(incident, lasting), now)


def tell_owners(db: Database, key: str, compose: Callable[[], Message], now: int) -> None:
    """Say something to every owner, once for each key, where they are told of alerts, too.

    `compose` makes the message, which is asked for in the language of each.
    """
    for first, *others in owners_to_tell(db):
        standby = [chat.id for chat in others]
        with speaking_to(first):
            message = compose()
        enqueue_notice(db, first.id, key, message, Priority.DIGEST, now, standby)


def owners_to_tell(db: Database) -> list[list[Chat]]:
    """By owner, where they can be told: where they prefer it first."""
    chats = {chat.id: chat for chat in private_chats_of_owners(db)}
    return [[chats[id_] for id_ in places] for places in listeners_of(db, chats)]
