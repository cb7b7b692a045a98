"""What people wish to be told, and when they want silence."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from detectors.model import Kind, Subscription
from storage.chats import revive_chats
from storage.mutes import end_mutes, save_mute
from tests.model.life import ADDRESSES, Life, amounts, chats, picks
from tests.model.naive import picture
from tests.model.source import BTC


class People(Life):
    """Wishes, silences and returns."""

    @rule(chat=chats, amount=amounts, unit=st.sampled_from(("BTC", "USD")))
    def wish_whales(self, chat, amount, unit):
        """A threshold: so much in BTC, or ten thousand dollars for each."""
        amount = amount if unit == "BTC" else amount // BTC * 10_000 * 10**6
        self._wish(Subscription(0, chat, Kind.WHALES, "bitcoin", unit=unit, amount=amount))

    @rule(chat=chats, address=st.sampled_from((*ADDRESSES, "miner")))
    def wish_watch(self, chat, address):
        """A watched address."""
        self._wish(Subscription(0, chat, Kind.WATCH, "bitcoin", address, "a name"))

    def _wish(self, wish):
        if self.product.mortal(self.product.desk.subscribe(wish)):
            self.lose_connection()
        self.note()

    @precondition(lambda self: picture(self.history).wishes)
    @rule(pick=picks)
    def wish_no_more(self, pick):
        """A wish is taken back."""
        wishes = list(picture(self.history).wishes)
        chat, kind, about = wishes[pick % len(wishes)]
        is_watch = kind == "watch"
        gone = Subscription(
            0, chat, Kind(kind), "bitcoin", about if is_watch else "",
            unit="" if is_watch else about,
        )  # fmt: skip
        if self.product.mortal(self.product.desk.unsubscribe(gone)):
            self.lose_connection()
        self.note()

    @rule(chat=chats, seconds=st.sampled_from((60, 3600, 8 * 3600)))
    def mute(self, chat, seconds):
        """A chat wants silence for a while."""
        if self.product.write(save_mute, chat, self.now, self.now + seconds):
            self.lose_connection()
        self.note()

    @rule(chat=chats)
    def unmute(self, chat):
        """A chat wants to hear again."""
        if self.product.write(end_mutes, chat, self.now):
            self.lose_connection()
        self.note()

    @rule(chat=chats)
    def come_back(self, chat):
        """A chat that was lost can be reached again."""
        self.revive(chat)
        self.note()

    def revive(self, chat):
        ((platform, address),) = self.product.rows(
            "SELECT platform, address FROM chats WHERE id = ?", chat
        )
        if self.product.write(revive_chats, platform, [address]):
            self.lose_connection()
