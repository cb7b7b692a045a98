"""What happens to the process and to its clock."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.model.life import Life


class Process(Life):
    """It is killed between two steps or in the middle of one, and time goes by."""

    @rule()
    def die(self):
        """The process is killed between two steps, and started again."""
        self.product.die()
        self.lose_connection()
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
            self.lose_connection()
        self.minutes_since = max(self.minutes_since, self.now - 3 * 86400)
        self.note()
