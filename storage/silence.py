"""What a due delivery meets: the wishes of its chat are looked up, decided, and carried out."""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace
from sqlite_utils import Database

from detectors.model import Alert, Ring
from storage.acknowledgements import acknowledgement_of, message_here, repeated_by
from storage.alerts import alerts_by_id, alerts_of
from storage.budget import begin_collecting, budget_now
from storage.closing import close_delivery, close_edits
from storage.digests import next_digest
from storage.ends import enqueue_ends
from storage.joining import group_into
from storage.listeners import stand_down
from storage.model import Priority
from storage.mutes import mutes_of, quiet_hours_of
from storage.outbox import request_edits
from storage.quiet import quiet_until
from storage.ruling import (
    Decision,
    Mute,
    Ruling,
    Scope,
    Told,
    Way,
    Wishes,
    decide_alerts,
    decide_notice,
)
from storage.subscriptions import subscriptions_heard_in

WISHES = (
    "NOT c.bound OR EXISTS (SELECT 1 FROM mutes u WHERE"
    " (u.chat_id = c.id OR u.person_id = c.person_id) AND u.ended_at IS NULL AND u.until > ?1)"
    " OR EXISTS (SELECT 1 FROM quiet_hours q WHERE q.chat_id = c.id OR q.person_id = c.person_id)"
    " OR EXISTS (SELECT 1 FROM message_alerts x JOIN subscriptions r ON r.id = x.subscription_id"
    "  WHERE x.message_id = m.id AND r.ring != 'loud')"
)
"""Whether there is anything to decide for a message `m` in a chat `c` at the time ?1."""
_IN_DIGEST_SINCE = (
    "CASE WHEN d.action = 'send' AND d.kept != 'digest' AND d.attempts = (d.state = 'sending')"
    " THEN d.created_at END"
)
"""From when a delivery waits for a digest; NULL where it has waited, or was tried before."""
_LEAVES = Decision(Ruling(Way.LOUD))


def settle(db: Database, delivery: int, now: float) -> Decision:
    """Decide what happens to a delivery that is due, and do it unless it leaves.

    What is muted of it is marked as such, and is not told even when the mute is over. An
    edit of what was said makes no sound, and leaves in any case.
    """
    message, chat, action, priority, kept, since, reference, notice, key, held = db.conn.execute(
        "SELECT d.message_id, d.chat_id, d.action, d.priority, d.kept,"
        f" {_IN_DIGEST_SINCE}, m.reference, m.body IS NOT NULL, m.key,"
        f" {WISHES} FROM deliveries d JOIN messages m ON m.id = d.message_id"
        " JOIN chats c ON c.id = d.chat_id WHERE d.id = ?2",
        (now, delivery),
    ).fetchone()
    fresh = action == "send" and not reference and not notice
    if notice and not reference and (repeated := repeated_by(key)):
        return _settle_repeat(db, delivery, message, repeated, chat, now)
    if action == "edit" or not (held or fresh):
        return _LEAVES
    wishes = wishes_of(db, chat, now)
    if notice:
        decision = decide_notice(wishes, urgent=priority == Priority.ANSWER)
    else:
        if since is not None:
            wishes = replace(wishes, digest_at=_digest_at(db, chat, since, now))
        if fresh:
            full, collector = budget_now(db, chat, now, apart=message)
            wishes = replace(wishes, full=full, collector=collector)
        passes = priority == Priority.PERSONAL or kept != ""
        told = _told(db, message, chat, wishes.mutes)
        decision = decide_alerts(told, wishes, passes=passes)
    _carry_out(db, decision, delivery, message, action, now, bound=wishes.bound)
    return decision


def _settle_repeat(
    db: Database, delivery: int, repeat: int, message: int, chat: int, now: float
) -> Decision:
    """A repeat that nobody wants now is taken back: another is made should one be due again."""
    decision = decision_on(db, message, chat, now)
    if decision.leaves and acknowledgement_of(db, message) is None:
        return decision
    db.conn.execute("UPDATE messages SET key = 'taken back:' || id WHERE id = ?", (repeat,))
    close_delivery(db, delivery, "needless", "", now)
    return Decision(Ruling(Way.MUTED))


def _digest_at(db: Database, chat: int, since: int, now: float) -> int | None:
    """When the digest after a time is due, None where that is over."""
    due_at = next_digest(db, chat, since)
    return due_at if now < due_at else None


def decision_on(db: Database, message: int, chat: int, now: float) -> Decision:
    """What would happen to the alerts of a message if they were due in a chat now."""
    wishes = wishes_of(db, chat, now)
    return decide_alerts(_told(db, message, chat, wishes.mutes), wishes)


def wishes_of(db: Database, chat: int, now: float) -> Wishes:
    """What a chat wants to hear now."""
    bound, zone = db.conn.execute(
        "SELECT c.bound, coalesce(p.timezone, c.timezone) FROM chats c"
        " LEFT JOIN persons p ON p.id = c.person_id WHERE c.id = ?",
        (chat,),
    ).fetchone()
    hours = quiet_hours_of(db, chat)
    quiet = None if hours is None else quiet_until(hours, zone, now)
    return Wishes(bool(bound), mutes_of(db, chat, now), quiet)


def _told(db: Database, message: int, chat: int, mutes: tuple[Mute, ...]) -> list[Told]:
    alerts = alerts_of(db, message)
    rings = _rings(db, message)
    told = [Told(id_, alert, rings.get(id_, Ring.LOUD)) for id_, alert in alerts.items()]
    scopes = {mute.scope for mute in mutes}
    if Scope.COUNTERPARTY in scopes:
        parties = _parties(db, message, mutes)
        told = [replace(one, parties=parties.get(one.id, ())) for one in told]
    if Scope.RULE in scopes:
        rules = rules_for(db, chat, alerts)
        told = [replace(one, rules=rules[one.id]) for one in told]
    return told


def _rings(db: Database, message: int) -> dict[int, Ring]:
    """How the subscription rings that each alert of a message answers to."""
    rows = db.conn.execute(
        "SELECT x.alert_id, s.ring FROM message_alerts x JOIN subscriptions s"
        " ON s.id = x.subscription_id WHERE x.message_id = ?",
        (message,),
    )
    return {alert: Ring(ring) for alert, ring in rows}


def _parties(db: Database, message: int, mutes: tuple[Mute, ...]) -> dict[int, frozenset[str]]:
    """The muted addresses that take part in the transactions of a message, by alert."""
    muted = [mute.subject for mute in mutes if mute.scope is Scope.COUNTERPARTY]
    rows = db.conn.execute(
        "SELECT m.alert_id, x.address FROM message_alerts m JOIN alerts a ON a.id = m.alert_id"
        " JOIN transactions t ON t.chain = a.chain AND t.hash = a.transaction_hash"
        " JOIN transfers x ON x.transaction_id = t.id WHERE m.message_id = ?"
        " AND x.address IN (SELECT value FROM json_each(?))",
        (message, msgspec.json.encode(muted).decode()),
    )
    found: dict[int, frozenset[str]] = {}
    for alert, address in rows:
        found[alert] = found.get(alert, frozenset()) | {address}
    return found


def told_of(db: Database, chat: int, chain: str, hash_: str) -> list[tuple[Alert, list[str]]]:
    """What a transaction raised that is asked for in a chat, and by which subscriptions."""
    rows = db.conn.execute(
        "SELECT id FROM alerts WHERE chain = ? AND transaction_hash = ?", (chain, hash_)
    )
    alerts = alerts_by_id(db, [id_ for (id_,) in rows])
    rules = rules_for(db, chat, alerts)
    return [(alert, rules[id_]) for id_, alert in alerts.items() if rules[id_]]


def told_in(db: Database, chat: int, message: int) -> list[tuple[Alert, list[str]]]:
    """What a message of a chat tells, the newest first, and which subscriptions ask for it."""
    here = message_here(db, chat, message)
    alerts = {} if here is None else alerts_of(db, here)
    rules = rules_for(db, chat, alerts)
    return [(alert, rules[id_]) for id_, alert in reversed(alerts.items())]


def rules_for(db: Database, chat: int, alerts: Mapping[int, Alert]) -> dict[int, list[str]]:
    """The ids of the subscriptions that ask for each alert, among those heard in a chat."""
    heard = subscriptions_heard_in(db, chat)
    return {id_: [str(s.id) for s in heard if s.asks_for(a)] for id_, a in alerts.items()}


def _carry_out(
    db: Database,
    decision: Decision,
    delivery: int,
    message: int,
    action: str,
    now: float,
    *,
    bound: bool,
) -> None:
    if action == "send":
        db.conn.executemany(
            "UPDATE message_alerts SET mute_id = ? WHERE message_id = ? AND alert_id = ?",
            [(mute, message, alert) for alert, mute in decision.muted.items()],
        )
    ruling = decision.ruling
    if ruling.collects:
        begin_collecting(db, message, now)
    elif ruling.way is Way.COLLECTED:
        group_into(db, delivery, message, ruling.into, now)
        request_edits(db, [ruling.into], now)
    elif ruling.way is Way.KEPT:
        if action == "reply":  # it waits as a message, to be told with others
            close_delivery(db, delivery, "grouped", "", now)
            delivery = enqueue_ends(db, delivery, message, now)
        _keep(db, delivery, ruling)
    elif ruling.way is Way.MUTED:
        close_delivery(db, delivery, "muted", "", now)
        if action == "send":
            close_edits(db, message, now)
            if bound:  # else another chat of theirs may still step in
                stand_down(db, message, now)


def _keep(db: Database, delivery: int, ruling: Ruling) -> None:
    """It waits, and has not been tried: nobody need step in for it."""
    db.conn.execute(
        "UPDATE deliveries SET attempts = attempts - (state = 'sending'), state = 'due',"
        " due_at = ?, kept = ? WHERE id = ?",
        (ruling.until, ruling.why, delivery),
    )
