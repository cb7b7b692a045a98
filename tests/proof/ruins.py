"""What is looked for in the database that a power cut leaves."""

import re
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from storage._sqlite import DatabaseError
from storage.database import DatabaseUnusableError, open_database
from tests.end_to_end.scene import LINK
from tests.proof.promises import forgotten

IN_BLOCK = re.compile(r"\bin block\b")
LINKED = (
    "SELECT b.hash, t.hash FROM blocks b JOIN block_transactions l ON l.block_id = b.id"
    " JOIN transactions t ON t.id = l.transaction_id WHERE b.canonical"
)
SAYING = (
    "SELECT CAST(c.address AS INTEGER), a.transaction_hash, d.message_id, d.state"
    " FROM deliveries d JOIN chats c ON c.id = d.chat_id"
    " JOIN message_alerts x ON x.message_id = d.message_id"
    " JOIN alerts a ON a.id = x.alert_id"
    " JOIN transactions t ON t.chain = a.chain AND t.hash = a.transaction_hash"
    " WHERE d.action = 'send'"
)
OPEN = ("due", "sending")


class Ruin(NamedTuple):
    """What is wrong with a database after a power cut: whether it is broken, and how many
    things are.
    """

    broken: bool = False
    commands: int = 0
    alerts: int = 0
    confirmations: int = 0
    blocks: int = 0
    due_again: int = 0


class Witness:
    """Knows what was said and mined by any moment, and holds databases to it.

    `cuts` are the moments at which a life of the program ended.
    """

    def __init__(self, ground, cuts):
        self._crowd = ground.crowd
        self._mined = {
            raw["hash"]: {tx["hash"] for tx in raw["tx"]} for raw in ground.source.blocks.values()
        }
        self._cuts = cuts
        self._told = [
            (message.posted_at, member.person.id, txid)
            for member in ground.crowd.members
            for message in ground.server.messages(member.person.chat)
            for txid in LINK.findall(message.html)
        ]
        self._confirmed = [one for call in ground.server.calls for one in _confirmed(call)]

    def acknowledged(self, moment):
        """How many answers, alerts and confirmations had been said by a moment."""
        talks = (self._crowd.talk(member, moment) for member in self._crowd.members)
        answers = sum(said.by_bot for talk in talks for said in talk)
        told = (*self._told, *self._confirmed)
        return answers + sum(time <= moment for time, *_ in told)

    def look_after(self, path, moment):
        """What is wrong with the database at a path after a cut at a moment."""
        try:
            db = open_database(path)
        except (DatabaseUnusableError, DatabaseError):
            return Ruin(broken=True)
        try:
            return self._look(lambda query: db.conn.execute(query).fetchall(), moment)
        except DatabaseError:
            return Ruin(broken=True)
        finally:
            db.close()

    def _look(self, rows, moment):
        if rows("PRAGMA integrity_check") != [("ok",)] or rows("PRAGMA foreign_key_check"):
            return Ruin(broken=True)
        linked = Counter(rows(LINKED))
        stored = {txid for _, txid in linked}
        saying = {(chat, txid): (message, state) for chat, txid, message, state in rows(SAYING)}
        told = {(chat, txid) for time, chat, txid in self._told if time <= moment}
        return Ruin(
            commands=len(forgotten(self._crowd, rows, moment)),
            alerts=len(told - set(saying)),
            confirmations=len({t for time, t in self._confirmed if time <= moment} - stored),
            blocks=self._wrong_blocks(rows, linked),
            due_again=self._due_again(told, saying, moment),
        )

    def _wrong_blocks(self, rows, linked):
        """Blocks of the main chain that are not whole, or do not stand on the one before.

        They would never be asked for again.
        """
        main = rows("SELECT hash, height, parent FROM blocks WHERE canonical ORDER BY height")
        torn = sum({t for b, t in linked if b == hash_} != self._mined[hash_] for hash_, *_ in main)
        gaps = sum(
            parent != before or height != below + 1
            for (before, below, _), (_, height, parent) in pairwise(main)
        )
        return torn + gaps

    def _due_again(self, told, saying, moment):
        """Messages that were said and would be said again, beyond one a chat and cut."""
        again = {(chat, saying[chat, t]) for chat, t in told if (chat, t) in saying}
        open_ = Counter(chat for chat, (_, state) in again if state in OPEN)
        promised = 1 + sum(cut < moment for cut in self._cuts)
        return sum(max(count - promised, 0) for count in open_.values())


def _confirmed(call):
    """What a call tells to be in a block: the only transaction in it, or that of a line."""
    text = str(call.params.get("text", ""))
    lines = [text] if len(set(LINK.findall(text))) == 1 else text.split("\n")
    for line in lines:
        if IN_BLOCK.search(line):
            yield from ((call.time, txid) for txid in LINK.findall(line))
