"""A transaction judged by every rule of a chat, the nearest first: pure."""

from collections.abc import Iterator, Sequence

from bot.wording.amounts import format_amount
from bot.wording.rule_reasons import Reader, judged_line, price_line, rule_line
from bot.wording.words import at, many, quiet, say
from detectors.detector import Batch
from detectors.interests import Interests
from detectors.judging import Judgement, judge
from detectors.model import Kind, Miss
from storage.cases import Case
from storage.model import Line
from storage.subscriptions import Lasting
from watchers.model import Chain, Transaction

SHOWN = 5
_JUDGED = {Kind.WATCH, Kind.WHALES}


def judge_case(case: Case, transaction: Transaction, chain: Chain) -> list[Judgement]:
    """What each rule that is about transactions makes of this one, the nearest first.

    A rule that had ended before counts only where it would have told of it.
    """
    lasting = [one for one in case.asking if one.subscription.kind in _JUDGED]
    ended = {
        one.subscription.id for one in lasting if (one.until or case.judged_at) < case.judged_at
    }
    batch = Batch(
        chain.name, chain.asset.symbol, chain.asset.decimals, (transaction,), case.price,
        case.judged_at, Interests(),
    )  # fmt: skip
    found = judge(batch, [one.subscription for one in lasting], case.later)
    return [j for j in found if j.miss is None or j.subscription.id not in ended]


def should_tell(case: Case, judgements: Sequence[Judgement]) -> bool:
    """Whether any rule that counted then asked for it."""
    on = {one.subscription.id for one in case.asking if one.is_on(case.judged_at)}
    return any(j.miss is None and j.subscription.id in on for j in judgements)


def moved_line(transaction: Transaction, chain: Chain) -> Line:
    """`412 BTC moved in all.`"""
    return say(f"{format_amount(transaction.moved, chain.asset)} moved in all.")


def judged_lines(
    case: Case, judgements: Sequence[Judgement], chain: Chain, reader: Reader
) -> Iterator[Line]:
    """The nearest rules with their reasons, and how many are about something else."""
    lasting = {one.subscription.id: one for one in case.asking}
    near = [j for j in judgements if j.miss is not Miss.ELSE]
    for judgement in near[:SHOWN]:
        one = lasting[judgement.subscription.id]
        yield rule_line(judgement.subscription, reader.names)
        yield judged_line(judgement, one, case.judged_at, reader)
        yield from _since_changed(one, case.judged_at, reader)
    price = case.price or case.later
    if price is not None and any(j.subscription.unit == "USD" for j in near[:SHOWN]):
        yield price_line(price, chain.asset.symbol, reader.zone)
    yield from _the_rest(judgements, near)


def _since_changed(one: Lasting, time: int, reader: Reader) -> Iterator[Line]:
    if one.until is not None and one.is_on(time):
        yield say(quiet(f"So it was then; changed or ended {at(one.until, reader.zone)}."))


def _the_rest(judgements: Sequence[Judgement], near: Sequence[Judgement]) -> Iterator[Line]:
    more, others = len(near) - SHOWN, len(judgements) - len(near)
    if more > 0:
        said = many(
            more,
            "{n} more rule of yours did not ask for it, by more.",
            "{n} more rules of yours did not ask for it, by more.",
        )
        yield say(quiet(said))
    if others and near:
        said = many(
            others, "{n} rule is about another address.", "{n} rules are about other addresses."
        )
        yield say(quiet(said))
    elif others:
        yield say(
            many(
                others,
                "What you ask for is only about another address: it touches none of them.",
                "What you ask for is only about other addresses: it touches none of them.",
            )
        )
