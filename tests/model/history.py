"""A random history of everything at once, and what must be so at its end."""

import shutil
from collections import Counter
from typing import ClassVar

from bot.wording.words import short
from storage.mutes import end_mutes
from tests.model.agreement import Agreement
from tests.model.life import CHATS, LISTENERS
from tests.model.messages import SETTLED_SECONDS, Messages
from tests.model.naive import picture
from tests.model.people import People
from tests.model.process import Process
from tests.model.source import BTC


class History(Messages, Process, People, Agreement):
    """Things happen to the source, to the people, to the clock and to the process.

    `lived` adds up what all histories did.
    """

    lived: ClassVar[Counter[str]] = Counter()

    def __init__(self):
        super().__init__()
        self.connect()
        self.wish_whales(1, BTC, "BTC")
        self.wish_watch(2, "ada")
        self.wish_whales(3, BTC, "USD")
        self.wish_whales(4, BTC, "BTC")
        self.wish_whales(5, BTC, "BTC")

    def teardown(self):
        try:
            self.end_well()
            self.lived.update(self.figures())
        finally:
            self.product.close()
            shutil.rmtree(self.folder)

    def figures(self):
        """What there was to compare."""
        now = picture(self.history)
        return {
            "histories": 1,
            "steps, each compared with the model": self.steps,
            "deaths of the process": self.product.deaths,
            "changes committed": len(self.product.committed),
            "transactions": len(now.met),
            "blocks": len(now.blocks),
            "reorganisations": sum(what == "reorg" for what, *_ in self.history),
            "messages told": sum(not post.answers for post in self.phones.posts),
            "bad ends said aloud": sum(bool(post.answers) for post in self.phones.posts),
            "messages and bad ends whose outcome was unknown": sum(
                bool(post.doubted) for post in self.phones.posts
            ),
        }

    def end_well(self):
        """Everything mends: then nothing may be missing, and every message is up to date."""
        self.product.fuse.set(0, before=False)
        self.lose_connection()
        for chat in CHATS:
            self.revive(chat)
            self.product.write(end_mutes, chat, self.now)
        self.note()
        self.connect()
        self.now += SETTLED_SECONDS + 3600
        self.housekeep()
        self.send_all(())
        self.now += SETTLED_SECONDS
        self.send_all(())
        assert self.product.rows("SELECT * FROM incidents") == []
        now = picture(self.history)
        assert set(now.main) == {block.header.hash for block in self.source.main}
        self.what_is_stored_agrees()
        for chats in LISTENERS:
            self._everything_was_told(now, chats)

    def _everything_was_told(self, now, chats):
        """To whom some chats belong: once, in one of those that asked."""
        posts = [post for post in self.phones.posts if post.chat in chats and not post.answers]
        excused = {h for c, h in self.excused if c in chats} | self._refused(chats)
        named = {hash_ for post in posts for hash_ in post.told}
        due = {hash_ for chat in chats for hash_ in now.due[chat]}
        assert not named - due, "told of what nobody asked for"
        for hash_ in due:
            telling = [post for post in posts if hash_ in post.told]
            if not telling:
                in_its_place = named.intersection(self._successors(now, hash_))
                assert hash_ in excused or in_its_place, f"never told: {hash_}"
                continue
            certain = [post for post in telling if hash_ not in post.doubted]
            assert len(certain) <= 1, f"told {len(certain)} times: {hash_}"
            for post in certain:
                self._is_up_to_date(now, post, hash_)

    def _refused(self, chats):
        """What chats cannot be told any more: a message is of all that spend the same output."""
        refused = {hash_ for chat, hash_ in self.phones.rejected if chat in chats}
        spent = {o for t in self.source.transactions if t.hash in refused for o in t.spends}
        return {t.hash for t in self.source.transactions if spent.intersection(t.spends)}

    def _successors(self, now, hash_):
        """What replaced a transaction, what replaced that, and so on."""
        found: list[str] = []
        while now.state(hash_, self.now)[0] == "replaced" and hash_ not in found:
            found.append(hash_)
            hash_ = now.replaced_by(hash_)
        return [*found[1:], hash_] if found else []

    def _is_up_to_date(self, now, post, hash_):
        if post.stale or post.gone:
            return
        if hash_ not in post.shows():
            self._is_told_by_rival(now, post, hash_)
            return
        shown, line = post.shows()[hash_]
        state, height = now.state(hash_, self.now)
        assert shown == state, f"{hash_} is shown as {shown} and is {state}"
        if " in block " in line:
            assert f" in block {height:,}" in line
        if " by " in line:
            assert f" by {short(now.replaced_by(hash_))}" in line

    def _is_told_by_rival(self, now, post, hash_):
        """A message that named a transaction tells of its rival, or of a rival of that."""
        assert now.state(hash_, self.now)[0] == "replaced", f"named no more: {hash_}"
        rivals = {hash_}
        while more := {r for r in now.met.keys() - rivals if self._is_rival(now, r, rivals)}:
            rivals |= more
        assert rivals & post.shows().keys(), f"named no more, nor a rival: {hash_}"

    def _is_rival(self, now, hash_, others):
        spent = {outpoint for other in others for outpoint in now.met[other].spends}
        return not spent.isdisjoint(now.met[hash_].spends)
