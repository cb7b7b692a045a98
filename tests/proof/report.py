"""Write `docs/proof.md` from the results of the last runs: `python -m tests.proof.report`."""

from tests.faults.troubles import TROUBLES
from tests.model.test_history import STEPS
from tests.proof.failpoints import PLACES
from tests.proof.ground import CHATS, LATENCY_SECONDS
from tests.proof.power import SECTORS
from tests.proof.record import ROOT, results, summed_up

HEAD = """# The proof that nothing is lost
Written by `python -m tests.proof.report` from what the runs below measured; `make test` makes a
short one, `make soak` a long one. Anyone can repeat them. The commit is the one that was tested.
"""

KILLED = f"""## Killed with SIGKILL
The whole program runs as a process of its own between a websocket that streams real mempool
transactions of March 2024, and mines them into blocks, and a Telegram server that checks every call
against the published description and answers after {LATENCY_SECONDS * 1000:.0f} ms. {CHATS} chats
have whale thresholds from 0.5 to {CHATS / 2:.0f} BTC. While it streams, people watch addresses that
are about to be paid and end their watches, set other thresholds, mute and unmute. The program is
killed twice at each of the named places below, and then at random moments, and started again each
time. In the end the expectations are computed from the raw data and from what people asked, by a
route of their own.

What counts:

- a transaction is *lost* when it is in a block of the source and not on the stored main chain;
- an alert is *due for sure* when the transaction was streamed after the watch was answered, or
  reaches every threshold that the chat ever asked for; it is *lost* when none of the chat's
  messages names it and no mute kept it back;
- a message is *repeated* when it tells only what the chat had been told before. Nobody can know
  whether Telegram took what was *under way* at a kill (marked as being sent in the database): so
  many repeats a chat are promised at most, and each beyond them would be counted;
- *said after a mute* is an alert that came after “Muted until” was answered and before anybody
  wished otherwise, but for the one that was under way;
- a command is *forgotten* when it was answered and its effect is not in the database: a watch or
  its end, the exact amount of a threshold, a mute or its end.
"""


POWER = f"""## Power cuts
A SIGKILL leaves to the system what was written; a power cut takes what was not synced. So strace
records every write and every sync that the real program makes to its database, the write-ahead log
and their folder, from the making of the database on, while the same {CHATS} chats and more live as
above. The log is taken over into the database more often than usual, so that this, too, is cut.

The program lives several *lives*. Each but the last ends with a power cut: the files are replaced
by what the disk would hold, and the next life begins on that. In the end it must have told and
stored everything, as above. And at random moments of all lives the power is cut *in thought*: the
disk of that moment is rebuilt and looked at. On a rebuilt disk is what was synced; of what was
written since, few or many sectors of {" or ".join(map(str, SECTORS))} bytes at random, in half
of the cuts in any order; the shared memory is noise; a name made or removed since the last sync
of the folder may be as before.

- a database is *whole* when the program's own way to open it works, and `PRAGMA integrity_check`
  and `PRAGMA foreign_key_check` find nothing;
- *acknowledged* is what a call to Telegram said before the cut: an answered command (a watch or its
  end, the exact amount of a threshold, a mute or its end), a transaction named in an alert (it is
  stored, and its alert, and the message), a confirmation (it is in a stored block);
- a *block of the main chain* counts as known from then on and is not asked for again: so each must
  be whole, and stand on the one before;
- a message that was said may be *due again* only where its verdict was not stored yet: one a chat
  and cut at most;
- the *controls* are the same cuts with the syncs of one file ignored: they must do harm, or the
  cuts would prove nothing.
"""

FAULTS = """## Faults, in turn and together
The real program between a simulated Bitcoin and the strict Telegram, each behind a wire that can be
reset, torn, damaged or held; its database on a small disk that can be full; its clock and its names
are the system's, spoilt from outside. The owner has asked for whales. While a fault lasts, whales
pass and blocks are mined, commands are given, and the bot must answer them and say what is wrong;
when it is gone, the bot must come to the end by itself, and say that all is well.

- *lost* and *repeated* are as above; a repeat is allowed only where an answer of Telegram was
  damaged, so that nobody can know whether it took the message.
"""

HISTORIES = f"""## Random histories against a naive model
The real store, intake, desk and delivery on a real file, without sockets and threads, live through
random histories of {STEPS} steps: transactions seen, seen again, replaced by others; blocks,
reorganisations of up to six blocks and the way back; prices, a lost connection, death between two
steps or before or after any commit, a clock that jumps forth and back; wishes and mutes; and a
platform that accepts, refuses, does not answer, moves a chat or dies. Beside them stands a model of
lists and dictionaries that computes everything anew from the whole history. After each step the
rows, the state of each transaction, all sums and all histograms must agree; at the end whoever
listens must have been told once what is due to them (one of the people has two private chats, on
two platforms), and every message must show what is so. What is found is kept as a test.
"""

MISSING = """## What is not proved
- The kills and power cuts stream a chain that only grows, and tell it on Telegram. Reorganisations
  meet crashes in the random histories; a burst of alerts on Discord is killed and cut off in
  `tests/end_to_end/test_discord_restarts.py`, and one person told once across a kill in
  `tests/end_to_end/test_one_person.py`.
- The random histories keep all raw rows, and no two known chats become one in them. Both have
  tests of their own.
- A disk that says that it has synced what it has not loses what it likes: the controls show it.
- No run has lasted for days, and none has been made on another machine's disk.
"""


def report():
    """The page."""
    made = results()
    parts = [HEAD, KILLED, *_table(made, "Killed with SIGKILL"), "The named places:\n"]
    parts += [f"- {place}" for place in PLACES]
    parts += ["", POWER, *_table(made, "Power cut under the real process")]
    parts += [FAULTS, *_rows(made, "Faults in turn")]
    parts += ["Two to four of them together, at random:\n", *_table(made, "Faults together")]
    parts += [HISTORIES, *_table(made, "Random histories"), MISSING]
    return "\n".join(parts)


def _table(made, what):
    """The figures of one run as lines; none where it did not run."""
    rounds = made.get(what)
    if not rounds:
        return ["This run has not been made here.", ""]
    first = {"commit": rounds[0]["commit"], "date": max(r["time"] for r in rounds)[:10]}
    figures = {**first, "rounds": len(rounds), **summed_up(rounds)}
    rows = [f"| {name} | {figure} |" for name, figure in figures.items()]
    return ["| what | figure |", "|---|---|", *rows, ""]


def _rows(made, what):
    """A table with a line for each run; none where there was none."""
    rows = {
        run["round"]: {"commit": run["commit"], "date": run["time"][:10], **run["figures"]}
        for run in made.get(what, ())
    }
    if not rows:
        return ["These runs have not been made here.", ""]
    found = [(trouble.name, rows[trouble.name]) for trouble in TROUBLES if trouble.name in rows]
    names = list(found[0][1])
    lines = [[name, *(str(row[figure]) for figure in names)] for name, row in found]
    table = [["fault", *names], ["---"] * (len(names) + 1), *lines]
    return [*(f"| {' | '.join(cells)} |" for cells in table), ""]


if __name__ == "__main__":
    (ROOT / "docs" / "proof.md").write_text(report())
