"""What happens to something that is due now: the one place where silence is decided, pure.

A message leaves as its loudest alert does. What is muted is not said, and counted; what is
kept is said later, together; what is more than a chat reads in an hour is collected. What is
said only when it is due is ruled when it would leave: once when it is claimed, and again when it
is composed.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import IntEnum, StrEnum

from msgspec import Struct

from detectors.model import Alert, Ring, Severity


class Scope(StrEnum):
    """What a mute keeps back; a pause is a mute of everything that keeps it for later."""

    EVERYTHING = "everything"
    ADDRESS = "address"
    COUNTERPARTY = "counterparty"
    ASSET = "asset"
    RULE = "rule"
    PAUSE = "pause"


class Mute(Struct, frozen=True):
    """What somebody does not want to hear from `since` until `until`.

    `subject` is an address, an asset's symbol or a subscription's id; "" for everything.
    """

    id: int
    scope: Scope
    chain: str
    subject: str
    since: int
    until: int


class Way(IntEnum):
    """How something leaves, the loudest first."""

    LOUD = 0
    SILENT = 1
    COLLECTED = 2
    KEPT = 3
    MUTED = 4


class Kept(StrEnum):
    """Why something waits to be said together with others."""

    QUIET = "quiet"
    PAUSE = "pause"
    DIGEST = "digest"


class Ruling(Struct, frozen=True):
    """What happens: `until` when and `why` it is kept, `mute` is the id of what mutes it.

    It is collected `into` a message. One that leaves and `collects` is that message for others.
    """

    way: Way
    until: int = 0
    why: str = ""
    mute: int = 0
    into: int = 0
    collects: bool = False


class Decision(Struct, frozen=True):
    """What happens to a delivery; `muted` are alerts that it does not tell, and by which mute."""

    ruling: Ruling
    muted: Mapping[int, int] = {}

    @property
    def leaves(self) -> bool:
        """Whether it is said now."""
        return self.ruling.way <= Way.SILENT

    @property
    def silent(self) -> bool:
        """Whether it makes no sound."""
        return self.ruling.way is Way.SILENT


class Wishes(Struct, frozen=True):
    """What a chat wants to hear now: its running mutes, and when its quiet hours end.

    `digest_at` is until when something is kept for the digest, None where that is over.
    `full`: it was told as much as it wants to read in an hour; `collector` is the message that
    takes in what is more, 0 where there is none yet.
    """

    bound: bool
    mutes: tuple[Mute, ...] = ()
    quiet_until: int | None = None
    digest_at: int | None = None
    full: bool = False
    collector: int = 0


class Told(Struct, frozen=True):
    """An alert as far as silence looks at it.

    `parties` are those muted addresses that take part in its transaction, `rules` the
    subscriptions that ask for it, as far as any rule is muted; `ring` is that of the one it
    answers to.
    """

    id: int
    alert: Alert
    ring: Ring = Ring.LOUD
    parties: Collection[str] = ()
    rules: Collection[str] = ()


def decide_alerts(alerts: Collection[Told], wishes: Wishes, *, passes: bool = False) -> Decision:
    """What happens to a message: what happens to the loudest of the alerts that it tells.

    What `passes` is told however full the chat is, and so is what is critical.
    """
    rulings = {told.id: rule(told, wishes) for told in alerts}
    muted = {alert: ruling.mute for alert, ruling in rulings.items() if ruling.mute}
    silenced = Ruling(Way.MUTED)
    if not wishes.bound:
        return Decision(silenced)
    loudest = min(rulings.values(), key=lambda one: (one.way, one.until), default=silenced)
    if wishes.full and loudest.way <= Way.SILENT and not passes and not _is_critical(alerts):
        loudest = _collect(loudest, wishes.collector)
    return Decision(loudest, muted)


def _is_critical(alerts: Iterable[Told]) -> bool:
    return any(told.alert.severity is Severity.CRITICAL for told in alerts)


def _collect(leaving: Ruling, collector: int) -> Ruling:
    if collector:
        return Ruling(Way.COLLECTED, into=collector)
    return Ruling(leaving.way, collects=True)


def decide_notice(wishes: Wishes, *, urgent: bool) -> Decision:
    """What happens to what is no alert: no mute is about it, and at night it makes no sound.

    What is urgent is said aloud in any case.
    """
    if urgent:
        return Decision(Ruling(Way.LOUD))
    return Decision(_pause(wishes) or Ruling(Way.SILENT if wishes.quiet_until else Way.LOUD))


def rule(told: Told, wishes: Wishes) -> Ruling:
    """What happens to an alert."""
    mute = _mute_of(told, wishes.mutes)
    if mute is not None:
        return Ruling(Way.MUTED, mute=mute.id)
    if pause := _pause(wishes):
        return pause
    if wishes.quiet_until and told.alert.severity is not Severity.CRITICAL:
        return Ruling(Way.KEPT, wishes.quiet_until, Kept.QUIET)
    return _ring(told, wishes)


def _ring(told: Told, wishes: Wishes) -> Ruling:
    if told.ring is Ring.LOUD or told.alert.severity is Severity.CRITICAL:
        return Ruling(Way.LOUD)
    if told.ring is Ring.DIGEST and wishes.digest_at is not None:
        return Ruling(Way.KEPT, wishes.digest_at, Kept.DIGEST)
    return Ruling(Way.SILENT)


def _pause(wishes: Wishes) -> Ruling | None:
    pause = max((m.until for m in wishes.mutes if m.scope is Scope.PAUSE), default=None)
    return None if pause is None else Ruling(Way.KEPT, pause, Kept.PAUSE)


def _mute_of(told: Told, mutes: Iterable[Mute]) -> Mute | None:
    """The mute that keeps an alert back; rules do only where all that ask for it are muted."""
    rules = {}
    for mute in mutes:
        if mute.scope is Scope.RULE:
            rules[mute.subject] = mute
        elif _is_about(mute, told):
            return mute
    if told.rules and rules.keys() >= set(told.rules):
        return rules[next(iter(told.rules))]
    return None


def _is_about(mute: Mute, told: Told) -> bool:
    match mute.scope:
        case Scope.EVERYTHING:
            return True
        case Scope.ADDRESS:
            return (mute.chain, mute.subject) == (told.alert.chain, told.alert.subject)
        case Scope.COUNTERPARTY:
            apart = mute.subject != told.alert.subject and mute.chain == told.alert.chain
            return apart and mute.subject in told.parties
        case Scope.ASSET:  # each alert is about its chain's own asset
            return mute.chain == told.alert.chain
        case _:
            return False
