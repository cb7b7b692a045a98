"""What is loaded once the watchers listen."""

import gc

from bot.language import load_languages
from detectors.anomalies import load_scoring


def load_the_rest() -> None:
    """Load what the first answers and scores would wait for: for another thread.

    What is there by now stays for good. Frozen, the collector of garbage need not look at it
    again, which takes a tenth of a second each time, in which nobody is answered.
    """
    load_scoring()
    load_languages()
    gc.freeze()
