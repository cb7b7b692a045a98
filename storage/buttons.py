"""Buttons that survive a restart: what each does is kept, the platform holds a token."""

import secrets

import msgspec
from sqlite_utils import Database

from storage.model import Button, Message

REPLACES = "r1"
SENDS = "s1"
RENEWED_SECONDS = 86400
"""What was offered within this time need not be noted again."""
_IDS = 10**18
"""Ids are drawn at random: whoever guesses one would learn what another chat was offered."""


def save_buttons(db: Database, message: Message, now: int) -> Message:
    """The message with a token for every command that its buttons give."""
    if not any(button.command for row in message.buttons for button in row):
        return message
    rows = tuple(tuple(_tokened(db, button, now) for button in row) for row in message.buttons)
    return msgspec.structs.replace(message, buttons=rows)


def known_buttons(db: Database, message: Message, now: int) -> Message | None:
    """The message with its tokens, where all were given of late; else None."""
    rows = tuple(tuple(_known(db, button, now) for button in row) for row in message.buttons)
    if any(button.command and not button.token for row in rows for button in row):
        return None
    return msgspec.structs.replace(message, buttons=rows)


def _known(db: Database, button: Button, now: int) -> Button:
    found = db.conn.execute(
        "SELECT id FROM buttons WHERE command = ? AND offered_at > ?",
        (button.command, now - RENEWED_SECONDS),
    ).fetchone()
    return _with_token(button, found[0]) if found else button


def without_commands(message: Message) -> Message:
    """The message with those buttons only that need no token."""
    rows = (tuple(button for button in row if not button.command) for row in message.buttons)
    return msgspec.structs.replace(message, buttons=tuple(filter(None, rows)))


def _with_token(button: Button, id_: int) -> Button:
    kind = REPLACES if button.replaces else SENDS
    return msgspec.structs.replace(button, token=f"{kind}:{id_}")


def _tokened(db: Database, button: Button, now: int) -> Button:
    if not button.command:
        return button
    db.conn.execute(
        "INSERT INTO buttons (id, command, offered_at) VALUES (?, ?, ?)"
        " ON CONFLICT (command) DO UPDATE SET offered_at = excluded.offered_at",
        (secrets.randbelow(_IDS), button.command, now),
    )
    (id_,) = db.conn.execute(
        "SELECT id FROM buttons WHERE command = ?", (button.command,)
    ).fetchone()
    return _with_token(button, id_)


def command_of(db: Database, token: str) -> str | None:
    """What a pressed button asks for, None where it is unknown or too old."""
    kind, _, id_ = token.partition(":")
    if kind not in {REPLACES, SENDS} or not id_.isascii() or not id_.isdigit():
        return None
    if len(id_) > 18:  # none of ours, and perhaps beyond the integers of SQLite
        return None
    row = db.conn.execute("SELECT command FROM buttons WHERE id = ?", (int(id_),)).fetchone()
    return None if row is None else str(row[0])


def forget_buttons(db: Database, before: int) -> None:
    """Drop what was last offered before a time, the last offer being noted or not."""
    noted_before = before - RENEWED_SECONDS
    db.conn.execute("DELETE FROM buttons WHERE offered_at < ?", (noted_before,))
