"""What must hold at any time: what is stored, and what `/stats` tells."""

from itertools import product

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from storage.statistics import statistics_of, window_of
from tests.model.life import Life
from tests.model.naive import SPANS, histogram, picture, sums
from tests.model.product import contents


class Agreement(Life):
    """The rows, the states, the sums and the statistics are what the naive model has."""

    @invariant()
    def what_is_stored_agrees(self):
        """The rows, the state of each transaction, and all sums."""
        self.steps += 1
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
        quarters = sums(now.seen(), 900).items()
        peak = [(-n, start) for start, (n, *_) in quarters if window.since <= start < window.until]
        told_peak = told.peak and (-told.peak.transactions, told.peak.start)
        assert told_peak == min(peak, default=None)
        largest = [
            t.moved
            for t in now.met.values()
            if t.category != "coinbase" and window.since <= t.time < window.until
            and now.state(t.hash, self.now)[0] != "replaced"
        ]  # fmt: skip
        assert [large.moved for large in told.largest] == sorted(largest, reverse=True)[:3]
