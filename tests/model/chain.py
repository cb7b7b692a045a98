"""What happens to the chain, and to the connection over which it is heard."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.model.life import ADDRESSES, Life, amounts, picks
from tests.model.source import BTC, fork
from watchers.model import Gap, Price, Reorg


class Chain(Life):
    """Transactions, blocks, branches and prices, heard or not."""

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

    @precondition(lambda self: self.is_connected)
    @rule()
    def cut(self):
        """Nothing is heard any more."""
        self.lose_connection()

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


def _late(block):
    names = block.__struct_fields__
    return type(block)(**{name: getattr(block, name) for name in names} | {"late": True})
