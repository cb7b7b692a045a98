"""Write `docs/proof.md` from the results of the last runs: `python -m tests.proof.report`."""

import json

from tests.proof.failpoints import PLACES
from tests.proof.ground import CHATS, LATENCY_SECONDS, WATCH_SHARE
from tests.proof.record import RESULTS, ROOT

HEAD = f"""# The proof that nothing is lost
Written by `python -m tests.proof.report` from what the runs below measured; `make test` makes a
short one, `make soak` a long one. Anyone can repeat them.

## Killed with SIGKILL
The whole program runs as a process of its own between a websocket that streams real mempool
transactions of March 2024, and mines them into blocks, and a Telegram server that checks every call
against the published description and answers after {LATENCY_SECONDS * 1000:.0f} ms. {CHATS} chats
have whale thresholds from 0.5 to {CHATS / 2:.0f} BTC; about {WATCH_SHARE:.0%} of the time somebody
begins to watch an address. It is killed twice at each of the named places below, and then at random
moments, and started again each time. In the end the expectations are computed from the raw data by
a route of their own.

What counts:

- a transaction is *lost* when it is in a block of the source and not on the stored main chain;
- an alert is *lost* when it was due to a chat and is named in none of its messages;
- a message is *repeated* when it tells only what the chat had been told before: at most one a chat
  and kill is promised, since nobody can know whether Telegram took what was being sent;
- a command is *forgotten* when it was answered and its effect is not in the database.
"""


def report():
    """The page."""
    results = json.loads(RESULTS.read_text())
    parts = [HEAD]
    for what, figures in results.items():
        parts += [f"### {what}\n", "| what | figure |", "|---|---|"]
        parts += [f"| {name} | {figure} |" for name, figure in figures.items()]
        parts.append("")
    places = "\n".join(f"- {place}" for place in PLACES)
    return "\n".join([*parts, "The named places:\n", places, "", MISSING])


MISSING = """## What is not proved yet
Power cuts under the real process, a full disk, and a random history against a reference model.
"""


if __name__ == "__main__":
    (ROOT / "docs" / "proof.md").write_text(report())
