"""A transaction judged by every rule of a chat, the nearest first: pure."""

from collections.abc import Iterator, Sequence

from bot.language import _
from bot.wording.amounts import format_amount
from bot.wording.rule_reasons import Reader, judged_line, price_line, rule_line
from bot.wording.words import at, many, number, quiet, say
from detectors.detector import Batch
from detectors.interests import Interests
from detectors.judging import Judgement, judge
from detectors.model import Kind, Miss
from storage.cases import Case
from storage.features import Rated
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
    amount = format_amount(transaction.moved, chain.asset)
    return say(_("{amount} moved in all.").format(amount=amount))


def judged_lines(
    case: Case, judgements: Sequence[Judgement], chain: Chain, reader: Reader
) -> Iterator[Line]:
    """The nearest rules with their reasons, and how many are about something else."""
    lasting = {one.subscription.id: one for one in case.asking}
    near = [j for j in judgements if not _is_elsewhere(j)]
    for judgement in near[:SHOWN]:
        one = lasting[judgement.subscription.id]
        yield rule_line(judgement.subscription, reader)
        yield judged_line(judgement, one, case.judged_at, reader)
        yield from since_changed(one, case.judged_at, reader)
    price = case.price or case.later
    if price is not None and any(j.subscription.unit == "USD" for j in near[:SHOWN]):
        yield price_line(price, chain.asset.symbol, reader.zone)
    if len(near) > SHOWN:
        rest = len(near) - SHOWN
        more = many(rest, "… and {n} rule farther off", "… and {n} rules farther off")
        yield say(quiet(more))
    if others := len(judgements) - len(near):
        yield say(quiet(_untouched(others, alone=not near)))


def odd_rule_lines(case: Case, chain: Chain, reader: Reader) -> Iterator[Line]:
    """What the rules for what is odd say of it: how rare it is, where that is known."""
    for one in case.asking:
        rule = one.subscription
        if rule.kind is Kind.ANOMALIES and rule.chain == chain.name:
            yield rule_line(rule, reader)
            yield say(_rarity_against(case.rated, rule.amount))
            yield from since_changed(one, case.judged_at, reader)


def _rarity_against(rated: Rated | None, asked: int) -> str:
    if rated is None:
        return _("How odd it was is not kept: after a day that is so of most.")
    if rated.rate is None:
        return _("No model ran when it came, so nothing was odd.")
    words = _("One in {one_in} transactions is as odd; you ask for 1 in {asked}.")
    return words.format(one_in=number(int(rated.rate)), asked=number(asked))


def _is_elsewhere(judgement: Judgement) -> bool:
    """Whether it is about an address that takes no part."""
    return judgement.miss is Miss.ELSE and judgement.subscription.kind is Kind.WATCH


def _untouched(count: int, *, alone: bool) -> str:
    if alone:
        return many(
            count,
            "The address that is watched here takes no part.",
            "None of the {n} addresses that are watched here takes part.",
        )
    return many(
        count,
        "The other address that is watched here takes no part.",
        "None of the {n} other addresses that are watched here takes part.",
    )


def since_changed(one: Lasting, time: int, reader: Reader) -> Iterator[Line]:
    """That a rule is no longer what it was."""
    if one.until is not None and one.is_on(time):
        changed = _("So it was then; changed or ended {time}.")
        yield say(quiet(changed.format(time=at(one.until, reader.zone))))
