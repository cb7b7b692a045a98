"""What mutes kept back, and what waits to be told together."""

from itertools import groupby

from sqlite_utils import Database

from storage.alerts import Story, alerts_by_id, story_of
from storage.mutes import whose_silence
from storage.ruling import Mute


def kept_back(db: Database, mute: Mute) -> int:
    """How many transactions a mute kept back."""
    (count,) = db.conn.execute(
        "SELECT count(DISTINCT a.chain || a.transaction_hash) FROM message_alerts m"
        " JOIN alerts a ON a.id = m.alert_id WHERE m.mute_id = ?",
        (mute.id,),
    ).fetchone()
    return int(count)


def stories_kept_back(db: Database, mute: Mute, now: int, most: int) -> list[Story]:
    """The newest transactions that a mute kept back, as they stand now, the newest first."""
    rows = db.conn.execute(
        "SELECT DISTINCT m.alert_id FROM message_alerts m WHERE m.mute_id = ?"
        " ORDER BY m.alert_id DESC LIMIT ?",
        (mute.id, most),
    )
    alerts = alerts_by_id(db, [id_ for (id_,) in rows]).values()
    newest = sorted(alerts, key=lambda alert: (alert.time, alert.transaction), reverse=True)
    return [
        story_of(db, chain, hash_, tuple(told), "", now)
        for (chain, hash_), told in groupby(newest, key=lambda a: (a.chain, a.transaction))
    ]


def waiting(db: Database, chat: int) -> int:
    """How many alerts wait in a chat, or in all private chats of its person, to be told."""
    whose, id_ = whose_silence(db, chat)
    column = "id" if whose == "chat_id" else whose
    (count,) = db.conn.execute(
        "SELECT count(*) FROM deliveries d JOIN chats c ON c.id = d.chat_id"
        " JOIN messages m ON m.id = d.message_id"
        f" WHERE c.{column} = ? AND d.state = 'due' AND d.action = 'send' AND m.body IS NULL",
        (id_,),
    ).fetchone()
    return int(count)
