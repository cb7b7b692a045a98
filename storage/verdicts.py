"""What became of a delivery: closed, or due again."""

from collections.abc import Iterable

from msgspec.structs import replace
from sqlite_utils import Database

from storage.budget import collects, tell_in_short
from storage.chats import park_chat
from storage.closing import close_delivery, close_edits
from storage.dispatch import shown_of
from storage.ends import ended_since, is_told_later
from storage.listeners import stand_down
from storage.model import LEFT_BEHIND, Delivery, Gone, Moved, Rejected, Retry, Sent, Verdict
from storage.moves import move_chat
from storage.outbox import enqueue_reply
from storage.unsaid import tell_unsaid


def save_verdicts(
    db: Database, verdicts: Iterable[tuple[Delivery, Verdict, str]], now: float
) -> None:
    """Close deliveries, or make them due again; the text is what they showed (`shown_of`)."""
    for delivery, verdict, shown in verdicts:
        _save_verdict(db, delivery, verdict, shown, now)


def _save_verdict(
    db: Database, delivery: Delivery, verdict: Verdict, shown: str, now: float
) -> None:
    match _unless_moved(db, delivery, verdict):
        case Sent(reference):
            close_delivery(db, delivery.id, "sent", "", now)
            _note_sent(db, delivery, reference, shown, now)
        case Retry() as retry:
            _try_again(db, delivery, retry, now)
        case Rejected(reason, parks=True):
            park_chat(db, delivery.chat.platform, delivery.chat.address, reason)
            _postpone(db, delivery, now, reason)
        case Rejected(reason):
            close_delivery(db, delivery.id, "rejected", reason, now)
            _note_rejected(db, delivery, shown, now)
        case Moved(address):
            _postpone(db, delivery, now, "the chat moved")
            move_chat(db, delivery.chat.platform, delivery.chat.address, address, int(now))
        case Gone(reason):
            close_delivery(db, delivery.id, "gone", reason, now)
            enqueue_reply(db, delivery.message, int(now))
            _note_unsaid(db, delivery, shown_of(db, delivery.message), shown, now)
            if collects(db, delivery.message):
                tell_in_short(db, delivery.message, now)


def _unless_moved(db: Database, delivery: Delivery, verdict: Verdict) -> Verdict:
    """The verdict; where the chat moved meanwhile, what arrived stands at its old address."""
    (address,) = db.conn.execute(
        "SELECT c.address FROM deliveries d JOIN chats c ON c.id = d.chat_id WHERE d.id = ?",
        (delivery.id,),
    ).fetchone()
    if address == delivery.chat.address:
        return verdict
    match verdict:
        case Sent():
            return Sent(LEFT_BEHIND)
        case Retry():
            return replace(verdict, reference="")
    return verdict


def _try_again(db: Database, delivery: Delivery, retry: Retry, now: float) -> None:
    """Note what arrived and what may have, which stays so whatever becomes of later tries."""
    _postpone(db, delivery, now + retry.after_seconds, retry.reason)
    if retry.doubtful:
        db.conn.execute("UPDATE deliveries SET doubted_at = ? WHERE id = ?", (now, delivery.id))
    if retry.reference and delivery.action == "reply":
        _set_arrived(db, delivery.id, retry.reference)
    elif retry.reference:
        _set_reference(db, delivery.message, retry.reference)


def _note_sent(db: Database, delivery: Delivery, reference: str, shown: str, now: float) -> None:
    if delivery.action == "reply":
        return
    _set_reference(db, delivery.message, reference)  # an edit may add parts, or take some away
    if delivery.action == "send":
        _set_shown(db, delivery.message, shown)
        stand_down(db, delivery.message, now)
    else:
        _note_edited(db, delivery, shown, now)


def _note_rejected(db: Database, delivery: Delivery, shown: str, now: float) -> None:
    """An edit that was refused is not tried again until there is something else to show."""
    if delivery.action == "send":
        close_edits(db, delivery.message, now)
    elif delivery.action == "edit":
        before = shown_of(db, delivery.message)
        _note_edited(db, delivery, shown, now)
        _note_unsaid(db, delivery, before, shown, now)


def _note_edited(db: Database, delivery: Delivery, shown: str, now: float) -> None:
    """Note what is shown now; a bad end is said aloud, too, once with each change."""
    ended = ended_since(shown_of(db, delivery.message), shown)
    if any(not is_told_later(db, delivery.message, hash_) for hash_ in ended):
        enqueue_reply(db, delivery.message, int(now))
    _set_shown(db, delivery.message, shown)


def _note_unsaid(db: Database, delivery: Delivery, before: str, shown: str, now: float) -> None:
    """Tell by itself what a refused edit was to tell first; the rest counts as shown."""
    _set_shown(db, delivery.message, tell_unsaid(db, delivery.message, before, shown, now))


def _set_reference(db: Database, message: int, reference: str) -> None:
    db.conn.execute("UPDATE messages SET reference = ? WHERE id = ?", (reference, message))


def _set_arrived(db: Database, delivery: int, reference: str) -> None:
    """The parts of a reply that stand in the chat: its message has a reference of its own."""
    db.conn.execute("UPDATE deliveries SET reference = ? WHERE id = ?", (reference, delivery))


def _set_shown(db: Database, message: int, shown: str) -> None:
    db.conn.execute("UPDATE messages SET shown = ? WHERE id = ?", (shown, message))


def _postpone(db: Database, delivery: Delivery, due_at: float, reason: str) -> None:
    """It is due again, unless it was closed meanwhile."""
    db.conn.execute(
        "UPDATE deliveries SET state = 'due', due_at = ?, reason = ?"
        " WHERE id = ? AND state = 'sending'",
        (due_at, reason, delivery.id),
    )
