"""What may be meant where the rest of a rule is typed, as far as that is a closed choice: pure."""

from collections.abc import Iterator, Mapping

from bot.commands.alert_changes import KIND_NAMES, RINGS
from bot.kinds.registry import KINDS
from bot.kinds.watch import WAYS
from detectors.model import Kind

RARITIES = ("1 in 100", "1 in 1000", "1 in 10000", "rare", "very rare")


def offered_values(typed: str, given: Mapping[str, str]) -> Iterator[str]:
    """The `value` of `/alerts`, by what is to be done with which kind or property."""
    what = given.get("what", "")
    if what == "ring":
        yield from RINGS
    elif what == "min":
        yield from RARITIES
    elif what in KIND_NAMES:
        yield from _details(Kind(what), typed)


def offered_rules(typed: str, given: Mapping[str, str]) -> Iterator[str]:
    """The `rule` of `/preview`: a kind, then what may follow it."""
    del given
    kind, space, rest = typed.partition(" ")
    if not space:
        yield from ("all", *KIND_NAMES)
    elif kind.lower() in KIND_NAMES:
        yield from (
            f"{kind} {detail}" for detail in _details(Kind(kind.lower()), rest, rings=False)
        )


def _details(kind: Kind, typed: str, *, rings: bool = True) -> Iterator[str]:
    """What may follow the name of a kind, and behind that how it rings."""
    head = typed.rpartition(" ")[0].strip()
    if kind is Kind.WATCH:  # an address comes first, and is nobody's to guess
        behind = (*WAYS, *(f"ring {ring}" for ring in RINGS if rings))
        yield from (f"{head} {word}" for word in behind if head)
        return
    texts = RARITIES if kind is Kind.ANOMALIES else KINDS[kind].examples
    yield from filter(None, texts)
    if rings and _is_whole(head, kind):
        yield from (f"{head} {ring}".strip() for ring in RINGS)


def _is_whole(text: str, kind: Kind) -> bool:
    """Whether a rule may end so."""
    if not text:
        return "" in KINDS[kind].examples
    amounts = kind is not Kind.ANOMALIES and any(letter.isdigit() for letter in text)
    return amounts or text in RARITIES
