"""What the bot says of itself, unasked: blind times and trouble."""

from sqlite_utils import Database

from bot.wording.words import clock, code, quiet, say, span
from storage.chats import private_chats_of_owners
from storage.ledger import IncidentRow, lasting_incident, save_incident
from storage.listeners import listeners_of
from storage.model import Button, Chat, Message, Priority
from storage.outbox import enqueue_notice
from watchers.model import Chain, Gap, Incident


def format_gap(gap: Gap, chain: Chain) -> Message:
    """A time in which a chain could not be heard, before the late alerts that follow."""
    blind = span(gap.end - gap.start)
    return Message(
        say(f"🕶 I could not hear {chain.title} for {blind}"),
        (
            say(f"From {clock(gap.start, 'UTC')} to {clock(gap.end, 'UTC')} UTC."),
            say("What was mined meanwhile follows now, marked late."),
            say("What was only announced and never mined, I cannot know."),
        ),
        ((Button("Status", "/status"),),),
    )


def format_incident(incident: Incident, lasting: IncidentRow | None = None) -> Message:
    """Trouble that an owner should look at, and how often it came since it was last told."""
    lines = [say(incident.detail)]
    if lasting:
        lasted = span(incident.time - lasting.first_at)
        lines.append(say(f"It came {lasting.times:,} times in {lasted}, and goes on."))
    if incident.sample:
        lines.append(say("Set aside: ", code(incident.sample[:200])))
    lines.append(say(quiet("Everything else goes on. While it lasts you get this once a day.")))
    return Message(
        say(f"⚠️ {incident.source}: {'still ' if lasting else ''}{incident.kind}"),
        tuple(lines),
        ((Button("Status", "/status"),),),
    )


def note_incident(db: Database, incident: Incident, now: int) -> None:
    """Keep an incident; the owners are told of an urgent one when it is new, then daily."""
    lasting = lasting_incident(db, incident)
    if save_incident(db, incident) and incident.urgent:
        key = f"incident:{incident.source}:{incident.kind}:{incident.time}"
        tell_owners(db, key, format_incident(incident, lasting), now)


def tell_owners(db: Database, key: str, message: Message, now: int) -> None:
    """Say something to every owner, once for each key, where they are told of alerts, too."""
    for first, *others in owners_to_tell(db):
        standby = [chat.id for chat in others]
        enqueue_notice(db, first.id, key, message, Priority.DIGEST, now, standby)


def owners_to_tell(db: Database) -> list[list[Chat]]:
    """By owner, where they can be told: where they prefer it first."""
    chats = {chat.id: chat for chat in private_chats_of_owners(db)}
    return [[chats[id_] for id_ in places] for places in listeners_of(db, chats)]
