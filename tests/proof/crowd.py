"""The people of the proof: what they ask, what they were answered, and what is due to them.

Each asks for one thing at a time, and asks again where no answer came: who was killed may have
taken the question along. What is due is computed from the raw data and from what was asked, by
a route of its own.
"""

import itertools
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.end_to_end import real
from tests.end_to_end.scene import LINK
from tests.proof.promises import Said, in_btc

BTC = 10**8
NO_WHALE = 21_000_001 * BTC
NEWCOMER_SHARE = 0.3
AHEAD = (20, 200)
"""How many transactions before it is streamed an address may be watched."""
MUTED, LOUD = ("Muted until",), ("Alerts are on again", "Nothing is muted here")


@dataclass
class Watch:
    """`known_from`: how much had been streamed when its answer was read; None before."""

    label: str
    address: str
    known_from: int | None = None
    asked_to_end: bool = False


@dataclass
class Member:
    """One person: every tenth changes thresholds, every tenth mutes, the others watch; who comes
    later has no threshold and watches.
    """

    person: Any
    habit: str
    thresholds: list[int]
    watches: list[Watch] = field(default_factory=list)
    asked: list[Said] = field(default_factory=list)
    silences: list[list[int | None]] = field(default_factory=list)

    def heard(self, server):
        """What the bot said in this chat, oldest first."""
        return [message.text for message in server.messages(self.person.chat)]

    def told(self, server):
        """How often each transaction is named in the chat."""
        messages = server.messages(self.person.chat)
        return Counter(txid for message in messages for txid in LINK.findall(message.html))

    def repeats(self, server):
        """How many messages tell only what had been told before."""
        told: set[str] = set()
        count = 0
        for message in server.messages(self.person.chat):
            named = set(LINK.findall(message.html))
            count += bool(named) and not named - told
            told |= named
        return count

    def due(self, streamed):
        """What must be told: of what was streamed after the answer to a watch, and above every
        threshold that was ever asked for.
        """
        return {
            line["_txid"]
            for number, line in enumerate(streamed)
            if real.moved(line["tx"]) >= max(self.thresholds, default=NO_WHALE)
            or any(
                watch.known_from is not None
                and number >= watch.known_from
                and not watch.asked_to_end
                and real.touches(line["tx"], watch.address)
                for watch in self.watches
            )
        }

    def allowed(self, streamed):
        """What may be told: whatever any question of this person could mean."""
        return {
            line["_txid"]
            for line in streamed
            if real.moved(line["tx"]) >= min(self.thresholds, default=NO_WHALE)
            or any(real.touches(line["tx"], watch.address) for watch in self.watches)
        }


class Crowd:
    """Everybody, and the questions they ask while the transactions stream."""

    def __init__(self, server, count, rng):
        self.server = server
        self.rng = rng
        self._labels = itertools.count(1)
        habits = {3: "threshold", 7: "mute"}
        self.members = [
            Member(server.person(f"Person {n}"), habits.get(n % 10, "watch"), [(1 + n) * BTC // 2])
            for n in range(count)
        ]

    async def settle(self):
        """Everybody sets a whale threshold, and wants to read each alert by its name."""
        for member in self.members:
            await self._say(member, "/alerts budget 1000")
            await self._threshold(member, member.thresholds[0])

    async def ask(self, coming):
        """Somebody asks for something; `coming` is what will be streamed."""
        if self.rng.random() < NEWCOMER_SHARE:
            self.members.append(Member(self.server.person("Newcomer"), "watch", []))
            member = self.members[-1]
        else:
            member = self.rng.choice(self.members)
        if member.habit == "mute":
            await self._mute_or_unmute(member)
        elif member.habit == "threshold":
            if self.was_answered(member):
                amount = self.rng.randrange(BTC, 30 * BTC, 1_000)
                member.thresholds.append(amount)
            await self._threshold(member, member.thresholds[-1])
        else:
            await self._watch_or_unwatch(member, coming)

    def read(self, streamed):
        """Note which watches were answered by now."""
        for member in self.members:
            heard = member.heard(self.server) if member.watches else ()
            for watch in member.watches:
                if watch.known_from is None and confirms_watch(watch.label, heard):
                    watch.known_from = streamed

    async def _say(self, member, text):
        member.asked.append(Said(time.time(), False, text))
        await member.person.says(text)

    async def _threshold(self, member, amount):
        await self._say(member, f"/threshold whales {in_btc(amount)} BTC")

    def was_answered(self, member):
        return any(confirms_threshold(member.thresholds[-1], (t,)) for t in self.heard(member))

    def heard(self, member):
        return member.heard(self.server)

    def talk(self, member, until):
        """What was said in a chat by a moment."""
        posted = self.server.messages(member.person.chat)
        said = [*member.asked, *(Said(message.posted_at, True, message.text) for message in posted)]
        return [one for one in said if one.time <= until]

    async def _mute_or_unmute(self, member):
        silent = is_silent(self.heard(member))
        if silent:
            self._end_silence(member)
        else:
            member.silences.append([len(self.heard(member)), None])
        await self._say(member, "/unmute" if silent else "/mute 2h")

    def _end_silence(self, member):
        for silence in member.silences:
            if silence[1] is None:
                silence[1] = len(self.heard(member))

    async def _watch_or_unwatch(self, member, coming):
        waiting = [watch for watch in member.watches if watch.known_from is None]
        known = [w for w in member.watches if w.known_from is not None and not w.asked_to_end]
        if not waiting and known and self.rng.random() < 0.2:
            watch = self.rng.choice(known)
            watch.asked_to_end = True
            return await self._say(member, f"/unwatch {watch.label}")
        if not waiting:
            known_addresses = {watch.address for watch in member.watches}
            address = self._address(coming, known_addresses)
            member.watches.append(Watch(f"label{next(self._labels)}", address))
        watch = member.watches[-1]
        return await self._say(member, f"/watch {watch.address} {watch.label}")

    def _address(self, coming, known):
        """A new address that something will be paid to soon."""
        lines = coming[AHEAD[0] : AHEAD[1]]
        paid = [out.get("scriptpubkey_address") for line in lines for out in line["tx"]["vout"]]
        return self.rng.choice([address for address in paid if address and address not in known])

    def said_in_silence(self):
        """Alerts said after a mute was answered, beyond the one that was under way."""
        return [
            html
            for member in self.members
            for quiet in self._silent_messages(member)
            for html in [html for html in quiet if LINK.search(html)][1:]
        ]

    def _silent_messages(self, member):
        """Of each mute, the messages between its answer and the wish to end it."""
        messages = self.server.messages(member.person.chat)
        for begin, end in member.silences:
            asked = messages[begin:end]
            answers = [n for n, m in enumerate(asked) if _is_answer(m.text, MUTED)]
            if answers:
                yield [message.html for message in asked[answers[0] + 1 :]]

    def commands(self):
        """How many commands were asked."""
        return sum(len(member.asked) for member in self.members)


def is_silent(heard):
    """Whether the last answer about muting was that the chat is muted."""
    answers = [text for text in heard if _is_answer(text, MUTED + LOUD)]
    return bool(answers) and _is_answer(answers[-1], MUTED)


def _is_answer(text, openings):
    return any(opening in text for opening in openings)


def confirms_watch(label, heard):
    return any(f"Watching {label}." in t or f"{label} is watched already." in t for t in heard)


def confirms_threshold(amount, heard):
    return any(f"Whale alerts from {in_btc(amount)} BTC on." in text for text in heard)
