"""How messages arrive, and what must have been told in the end."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from storage.states import states_in
from tests.model.chain import Chain
from tests.model.life import CHATS
from tests.model.naive import picture

SETTLED_SECONDS = 3600

fates = st.sampled_from(
    ("sent", "sent", "lost", "retry", "rejected", "parks", "moved", "gone", "dies before",
     "dies after")
)  # fmt: skip


class Messages(Chain):
    """What is due is sent, with more or less luck."""

    @rule()
    def deliver_all(self):
        """What is due is sent, and nothing goes wrong."""
        self.send_all(())

    @rule()
    def tell_of_a_whale(self):
        """A large transaction, told at once: only what was told can be told to have a bad end."""
        self.announce(60, "ada", "bob")
        self.send_all(())

    @rule(script=st.lists(fates, max_size=8))
    def deliver(self, script):
        """What is due is sent, with more or less luck."""
        self.send_all(script)

    def send_all(self, script):
        self.note()
        now = picture(self.history)
        silent = {chat for chat in CHATS if now.is_muted(chat, self.now)}
        before = {post.reference: set(post.told) for post in self.phones.posts}
        self.excused |= {(c, h) for c in silent for h in now.due[c]} - self._told()
        self.phones.script = list(script)
        if self.product.deliver(self.phones):
            self.lose_connection()
            self._doubt(before)
        self.phones.script = []
        fresh = self.phones.posts[len(before) :]
        loud = [p for p in fresh if p.shows() and p.chat in silent]
        assert not loud, f"said in a chat that wants silence: {loud}"

    def _doubt(self, before):
        """What was told since `before` and the files do not know: in one message a chat at most."""
        rows = self.product.rows("SELECT reference, shown FROM messages")
        known = {reference: states_in(shown).keys() for reference, shown in rows}
        doubted = []
        for post in self.phones.posts:
            told = post.told - before.get(post.reference, set())
            if not post.answers and (unknown := told - known.get(post.reference, set())):
                post.doubted |= unknown
                doubted.append(post.chat)
        assert len(doubted) <= len(set(doubted)) + self.phones.lost, "more than one at a time"

    def _told(self):
        return {(post.chat, hash_) for post in self.phones.posts for hash_ in post.shows()}
