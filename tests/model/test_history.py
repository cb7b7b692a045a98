"""A random history against a naive model of it: states, sums, statistics and messages agree.

`SPYHOP_HISTORIES` says how many histories are lived through.
"""

import os
import shutil
import tempfile
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from detectors.model import Kind, Subscription
from storage.chats import Defaults, revive_chats, save_chat
from storage.mutes import end_mutes, save_mute
from storage.statistics import statistics_of, window_of
from tests.make import NOW
from tests.model.naive import SPANS, histogram, picture, sums
from tests.model.phones import Phones
from tests.model.product import Product, contents
from tests.model.source import BTC, Source, fork
from watchers.model import Gap, Price, Reorg

HISTORIES = int(os.environ.get("SPYHOP_HISTORIES", "60"))
STEPS = 40
ADDRESSES = ("ada", "bob", "cy")
CHATS = (1, 2, 3)
SETTLED_SECONDS = 3600

picks = st.integers(0, 10**6)
chats = st.sampled_from(CHATS)
amounts = st.sampled_from((1, 2, 10, 50)).map(lambda n: n * BTC)
fates = st.sampled_from(
    ("sent", "sent", "lost", "retry", "rejected", "parks", "moved", "gone", "dies before",
     "dies after")
)  # fmt: skip


class History(RuleBasedStateMachine):
    """Things happen to the source, to the people, to the clock and to the process."""

    def __init__(self):
        super().__init__()
        shared = Path("/dev/shm")  # not for speed alone: each commit is synced
        self.folder = Path(tempfile.mkdtemp(dir=shared if shared.is_dir() else None))
        self.now = NOW
        self.source = Source()
        self.phones = Phones()
        self.product = Product(self.folder, lambda: float(self.now))
        self.history = []
        self.read = 0
        self.is_connected = False
        self.cut_at = None
        self.excused = set()
        self.silent = set()
        self.minutes_since = 0
        self.compared = None
        for chat in CHATS:
            self.product.write(
                save_chat, "test", f"chat{chat}", "", "private", "", Defaults("en", "UTC", "USD"),
                NOW,
            )  # fmt: skip
        self.connect()
        self.wish_whales(1, BTC, "BTC")
        self.wish_watch(2, "ada")
        self.wish_whales(3, BTC, "USD")

    def teardown(self):
        try:
            self.end_well()
        finally:
            self.product.close()
            shutil.rmtree(self.folder)

    # what was committed becomes history

    def note(self):
        """Take what the product has committed since into the history."""
        for change, arguments in self.product.committed[self.read :]:
            self.history += self._entries(change, arguments)
        self.read = len(self.product.committed)

    def _entries(self, change, arguments):
        match getattr(change, "__name__", type(change).__name__), arguments:
            case "Ingest", (step, now):
                yield from self._step(step, now)
            case "save_subscription", (wish, now):
                amount = wish.amount
                yield "wish", now, wish.chat, str(wish.kind), wish.address or wish.unit, amount
            case "end_subscription", (wish, now):
                yield "wish", now, wish.chat, str(wish.kind), wish.address or wish.unit, None
            case "save_mute", (chat, now, until):
                yield "mute", now, chat, until
            case "end_mutes", (chat, now):
                yield "mute", now, chat, 0

    def _step(self, step, now):
        match type(step).__name__:
            case "Pending":
                yield "announced", now, step.transactions
            case "Slice":
                yield "part", now, step.block, step.transactions, step.last
            case "Reorg":
                yield "reorg", now, step.ancestor
            case "Price":
                yield "price", now, step

    def happens(self, *events):
        """The source says something: it is heard where there is a connection."""
        if self.is_connected and self.product.take(events):
            self._lose_connection()
        self.note()

    def _lose_connection(self):
        if self.is_connected:
            self.is_connected, self.cut_at = False, self.now

    # the chain

    @rule(moved=st.sampled_from((0.5, 1, 2, 9.99999999, 10, 60)), sender=st.sampled_from(ADDRESSES),
          recipient=st.sampled_from(ADDRESSES))  # fmt: skip
    def announce(self, moved, sender, recipient):
        """A transaction is seen."""
        self.happens(self.source.transaction(self.now, round(moved * BTC), sender, recipient))

    @precondition(lambda self: self.source.transactions)
    @rule(pick=picks)
    def announce_again(self, pick):
        """One that there was is announced again."""
        transactions = self.source.transactions
        self.happens(transactions[pick % len(transactions)])

    @precondition(lambda self: self.source.transactions)
    @rule(pick=picks, moved=amounts, more=st.booleans())
    def replace(self, pick, moved, more):
        """Somebody spends the same again, perhaps together with something else."""
        transactions = self.source.transactions
        spends = set(transactions[pick % len(transactions)].spends)
        if more:
            spends |= set(transactions[pick // 7 % len(transactions)].spends)
        self.happens(self.source.transaction(self.now, moved, "ada", "bob", sorted(spends)))

    @rule(picked=st.lists(picks, max_size=5), unseen=st.integers(0, 2))
    def mine(self, picked, unseen):
        """A block of what was announced, and of what was not."""
        self._mine(self._chosen(picked, unseen))
        self.happens(self.source.main[-1])

    def _chosen(self, picked, unseen=0):
        known = list(self.source.transactions)
        new = [self.source.transaction(self.now, 10 * BTC, "cy", "ada") for _ in range(unseen)]
        return [*new, *(known[n % len(known)] for n in picked if known)]

    def _mine(self, chosen):
        block = self.source.block(
            self.source.minable(dict.fromkeys(chosen), self.source.main), self.now
        )
        self.source.main = [*self.source.main, block]

    @rule(depth=st.integers(1, 6), more=st.integers(0, 2), announced=st.booleans(),
          picked=st.lists(st.lists(picks, max_size=4), min_size=9, max_size=9))  # fmt: skip
    def reorganise(self, depth, more, announced, picked):
        """The last blocks are replaced by others."""
        depth = min(depth, len(self.source.main) - 1)
        branch = self.source.main[: len(self.source.main) - depth]
        for n in range(depth + more):
            chosen = self.source.minable(dict.fromkeys(self._chosen(picked[n])), branch)
            branch = [*branch, self.source.block(chosen, self.now, branch)]
        self._switch(branch, announced)

    @precondition(lambda self: self.source.left_behind)
    @rule(pick=picks, announced=st.booleans())
    def return_to(self, pick, announced):
        """A branch that was left counts again."""
        branches = self.source.left_behind
        self._switch(branches[pick % len(branches)], announced)

    def _switch(self, branch, announced):
        before = self.source.main[-1].header.height
        ancestor, blocks = self.source.switch(branch)
        news = (
            [Reorg("bitcoin", ancestor, self.now)]
            if announced or before > ancestor + len(blocks)
            else []
        )
        if not blocks and not news:
            return
        self.happens(*news, *blocks)

    @rule(usd=st.sampled_from((10_000, 50_000)), age=st.sampled_from((0, 0, 60, 7300, -60)))
    def price(self, usd, age):
        """A price comes, perhaps one of before, perhaps by a clock that is ahead."""
        self.happens(Price("BTC", "USD", usd * 10**6, self.now - age, "test"))

    # the connection and the process

    @precondition(lambda self: self.is_connected)
    @rule()
    def cut(self):
        """Nothing is heard any more."""
        self._lose_connection()

    @precondition(lambda self: not self.is_connected)
    @rule()
    def connect(self):
        """The source is heard again: what was missed is asked for from where the story stopped."""
        self.is_connected = True
        stored = self.product.rows("SELECT hash FROM blocks WHERE canonical ORDER BY height")
        known = {hash_ for (hash_,) in stored}
        everything = {
            b.header.hash: b for main in (*self.source.left_behind, self.source.main) for b in main
        }
        mine = [everything[hash_] for (hash_,) in stored]
        ancestor = fork(mine, self.source.main) if mine else 0
        news: list = []
        if self.cut_at is not None and self.cut_at < self.now:
            news.append(Gap("bitcoin", "test", self.cut_at, self.now, "cut"))
        if mine and mine[-1].header.height > ancestor:
            news.append(Reorg("bitcoin", ancestor, self.now))
        late = [
            _late(block)
            for block in self.source.main
            if block.header.height > ancestor and (not known or self.cut_at is not None)
        ]
        self.happens(*news, *late)

    @rule()
    def die(self):
        """The process is killed between two steps, and started again."""
        self.product.die()
        self._lose_connection()
        self.note()

    @rule(writes=st.integers(1, 6), before=st.booleans())
    def light_the_fuse(self, writes, before):
        """It will be killed in the middle of a step."""
        self.product.fuse.set(writes, before=before)

    @rule(seconds=st.sampled_from((1, 30, 130, 1800, 86400, 15 * 86400, -3600)))
    def clock(self, seconds):
        """Time goes by, or the clock is set."""
        self.now += seconds

    @rule()
    def housekeep(self):
        """What the program does once a minute."""
        if self.product.tick():
            self._lose_connection()
        self.minutes_since = max(self.minutes_since, self.now - 3 * 86400)
        self.note()

    # people

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
            self._lose_connection()
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
            self._lose_connection()
        self.note()

    @rule(chat=chats, seconds=st.sampled_from((60, 3600, 8 * 3600)))
    def mute(self, chat, seconds):
        """A chat wants silence for a while."""
        if self.product.write(save_mute, chat, self.now, self.now + seconds):
            self._lose_connection()
        self.note()

    @rule(chat=chats)
    def unmute(self, chat):
        """A chat wants to hear again."""
        if self.product.write(end_mutes, chat, self.now):
            self._lose_connection()
        self.note()

    @rule(chat=chats)
    def come_back(self, chat):
        """A chat that was lost can be reached again."""
        self._revive(chat)
        self.note()

    def _revive(self, chat):
        ((address,),) = self.product.rows("SELECT address FROM chats WHERE id = ?", chat)
        if self.product.write(revive_chats, "test", [address]):
            self._lose_connection()

    # messages

    @rule()
    def deliver_all(self):
        """What is due is sent, and nothing goes wrong."""
        self._deliver(())

    @rule(script=st.lists(fates, max_size=8))
    def deliver(self, script):
        """What is due is sent, with more or less luck."""
        self._deliver(script)

    def _deliver(self, script):
        self.note()
        now = picture(self.history)
        silent = {chat for chat in CHATS if now.is_muted(chat, self.now)}
        before = len(self.phones.posts)
        self.excused |= {(c, h) for c in silent for h in now.due[c]} - self._told()
        self.phones.script = list(script)
        if self.product.deliver(self.phones):
            self._lose_connection()
            self._doubt(self.phones.posts[before:])
        self.phones.script = []
        loud = [p for p in self.phones.posts[before:] if p.shows() and p.chat in silent]
        assert not loud, f"said in a chat that wants silence: {loud}"

    def _doubt(self, posts):
        """Of what arrived, that which the files do not know: one message a chat at most."""
        known = {r for (r,) in self.product.rows("SELECT reference FROM messages")}
        unknown = [post for post in posts if not post.answers and post.reference not in known]
        for post in unknown:
            post.doubtful = True
        doubted = [post.chat for post in unknown if post.shows()]
        assert len(doubted) <= len(set(doubted)) + self.phones.lost, "more than one at a time"

    def _told(self):
        return {(post.chat, hash_) for post in self.phones.posts for hash_ in post.shows()}

    # what must hold

    @invariant()
    def what_is_stored_agrees(self):
        """The rows, the state of each transaction, and all sums."""
        moment = len(self.history), self.now, self.minutes_since
        if moment != self.compared:
            now = picture(self.history)
            self._compare(now, self.product.read(contents, now.order, self.now))
            self.compared = moment

    def _compare(self, now, stored):
        assert stored.order == now.order
        assert stored.main == set(now.main)
        for hash_, state in stored.states.items():
            assert (state.name, state.height) == now.state(hash_, self.now)
            if state.name == "replaced":
                assert state.replaced_by == now.replaced_by(hash_)
        for basis, figures in (("seen", now.seen()), ("chain", now.mined())):
            for span in SPANS:
                since = self.minutes_since if span == 60 else 0
                ought = {s: row for s, row in sums(figures, span).items() if s >= since}
                found = stored.sums.get((basis, span), {})
                assert {s: row for s, row in found.items() if s >= since} == ought
            for span, measure in product(SPANS[1:], ("moved", "fee_rate")):
                ought = histogram(figures, measure, span)
                assert stored.histograms.get((basis, measure, span), {}) == ought

    @rule(period=st.sampled_from((3600, 86400, 7 * 86400)))
    def statistics_agree(self, period):
        """What `/stats` tells."""
        now = picture(self.history)
        window = window_of(self.now, period)
        told = self.product.read(statistics_of, "bitcoin", window, self.now)
        for side, figures in ((told.seen, now.seen()), (told.chain, now.mined())):
            inside = [f for f in figures if window.since <= f[0] < window.until]
            if window.span_seconds > 60 or window.since >= self.minutes_since:
                assert side.transactions == len(inside)
                assert side.moved == sum(moved for _, moved, _, _ in inside)
                assert side.fees == sum(fee for _, _, fee, _ in inside)
        largest = [
            t.moved
            for t in now.met.values()
            if t.category != "coinbase" and window.since <= t.time < window.until
            and now.state(t.hash, self.now)[0] != "replaced"
        ]  # fmt: skip
        assert [large.moved for large in told.largest] == sorted(largest, reverse=True)[:3]

    # the end

    def end_well(self):
        """Everything mends: then nothing may be missing, and every message is up to date."""
        self.product.fuse.set(0, before=False)
        self._lose_connection()
        for chat in CHATS:
            self._revive(chat)
            self.product.write(end_mutes, chat, self.now)
        self.note()
        self.connect()
        self.now += SETTLED_SECONDS + 3600
        self.housekeep()
        self._deliver(())
        self.now += SETTLED_SECONDS
        self._deliver(())
        assert self.product.rows("SELECT * FROM incidents") == []
        now = picture(self.history)
        assert set(now.main) == {block.header.hash for block in self.source.main}
        self.what_is_stored_agrees()
        for chat in CHATS:
            self._everything_was_told(now, chat)

    def _everything_was_told(self, now, chat):
        posts = [post for post in self.phones.posts if post.chat == chat and not post.answers]
        excused = {h for c, h in (*self.excused, *self.phones.rejected) if c == chat}
        named = {hash_ for post in posts for hash_ in post.shows()}
        surplus = named - set(now.due[chat])
        assert not surplus, "told of what nobody asked for"
        for hash_ in now.due[chat]:
            telling = [post for post in posts if hash_ in post.shows()]
            if not telling:
                in_its_place = named.intersection(self._successors(now, hash_))
                assert hash_ in excused or in_its_place, f"never told: {hash_}"
                continue
            certain = [post for post in telling if not post.doubtful]
            assert len(certain) <= 1, f"told {len(certain)} times: {hash_}"
            for post in certain:
                self._is_up_to_date(now, post, hash_)

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
        shown, line = post.shows()[hash_]
        state, height = now.state(hash_, self.now)
        assert shown == state, f"{hash_} is shown as {shown} and is {state}"
        if " in block " in line:
            assert f" in block {height:,}" in line


def _late(block):
    names = block.__struct_fields__
    return type(block)(**{name: getattr(block, name) for name in names} | {"late": True})


@pytest.mark.timeout(60 + 5 * HISTORIES)
def test_a_random_history_agrees_with_a_naive_model_of_it(monkeypatch):
    monkeypatch.setattr("bot.intake.steps.SLICE", 2)
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
