"""A preview in words: how often, how much at once, the largest, and other levels to try."""

from collections.abc import Iterable, Iterator, Mapping

from bot.kinds.registry import KINDS
from bot.language import _, marked
from bot.preview.found import Found
from bot.preview.past import USD, Past
from bot.preview.replay import Told
from bot.wording.amounts import asset_in, format_exact, format_fee_level, format_round, money_in
from bot.wording.periods import DAY, period_buttons, typed_period
from bot.wording.typed_amounts import typed_amount
from bot.wording.words import at, bold, link, many, number, quiet, say, short, span
from detectors.model import Kind, Subscription, Way
from storage.model import Button, Chat, Line, Message
from storage.rollups import QUARTER
from watchers.model import Chain

SHOWN = 3
_BEFORE = {
    Kind.ANOMALIES: marked("No model judged before {moment}."),
    Kind.PRICE: marked("I know no price from before {moment}."),
    Kind.SOURCE: marked("I did not note before {moment} when I heard the source."),
}
"""What is lacking from before, where rules are about that alone."""
LISTED = 10
"""So many rules are listed with what each told, those that told most."""


def format_preview(found: Found, chains: Mapping[str, Chain], chat: Chat, now: int) -> Message:
    """The verdict, what it is of, the largest, and what to try next."""
    begin = found.begin(now)
    lines = [
        *_rules(found, chains),
        *_budget(found),
        *_basis(found, begin, chat, now),
        *_largest(found, chains, chat),
        *_near(found, chains, begin, now),
    ]
    title = say(bold(verdict(found, begin, now)))
    return Message(title, tuple(lines), _buttons(found, chains))


def verdict(found: Found, begin: int | None, now: int) -> str:
    """As `This would have told you 14 times in the last 24 h, at most 5 in an hour.`"""
    if begin is None:
        return _("Nothing is stored yet that could tell.")
    messages, peak = len(found.count.messages), found.count.peak
    period = span(now - begin)
    if not messages:
        return _("This would have told you nothing in the last {period}.").format(period=period)
    if found.is_cut:
        return _(
            "This would have told you at least {n} times in the last {period},"
            " at most {peak} in an hour."
        ).format(n=number(messages), period=period, peak=number(peak))
    return many(
        messages,
        "This would have told you once in the last {period}.",
        "This would have told you {n} times in the last {period}, at most {peak} in an hour.",
        period=period,
        peak=number(peak),
    )


def heading(found: Found, begin: int | None, now: int) -> str:
    """The verdict in brief, above a picture."""
    if begin is None:
        return _("Nothing stored yet")
    count = len(found.count.messages)
    return many(count, "{n} message in {period}", "{n} messages in {period}",
                period=span(now - begin))  # fmt: skip


def subject(found: Found, chains: Mapping[str, Chain]) -> str:
    """`Transactions from 500 BTC on`, or how many rules there are."""
    if found.asked.is_one:
        rule = found.asked.rules[0]
        return KINDS[rule.kind].describe(rule, chains)
    return _("All {n} rules of this chat").format(n=len(found.asked.rules))


def level_words(rule: Subscription, chain: Chain) -> str:
    """`500 BTC`, `3 sat/vB`, `$100,000`, `30 min`: the level of a rule alone."""
    match rule.kind:
        case Kind.WHALES | Kind.WATCH | Kind.PRICE if rule.amount:
            is_price = rule.kind is Kind.PRICE
            asset = money_in(rule.unit) if is_price else asset_in(rule.unit, chain.asset)
            return format_exact(rule.amount, asset)
        case Kind.FEES:
            return f"{format_fee_level(rule.amount)} {chain.fee_rate_unit}"
        case Kind.BLOCKS if rule.way is Way.LATER:
            return span(rule.amount)
        case Kind.ANOMALIES if rule.amount:
            return _("1 in {n}").format(n=number(rule.amount))
        case Kind.SOURCE:
            return _("told from here on")
    return ""


def _rules(found: Found, chains: Mapping[str, Chain]) -> Iterator[Line]:
    if found.asked.is_one:
        yield say(f"{KINDS[found.asked.rules[0].kind].mark} {subject(found, chains)}")
        return
    if sum(found.each) > len(found.count.messages):
        yield say(_("By rule, where some messages are of several:"))
    told = list(zip(found.asked.rules, found.each, strict=True))
    shown = sorted(told, key=lambda one: -one[1])[:LISTED] if len(told) > LISTED else told
    for rule, count in shown:
        words = KINDS[rule.kind]
        yield say(f"{words.mark} {words.describe(rule, chains)}: {number(count)}")
    if rest := len(told) - len(shown):
        yield say(quiet(many(rest, "… and {n} more", "… and {n} more")))


def _budget(found: Found) -> Iterator[Line]:
    beyond, budget = found.count.beyond, found.budget
    if beyond:
        yield say(
            many(
                beyond,
                "{n} would have gone over your budget of {budget} an hour.",
                "{n} would have gone over your budget of {budget} an hour: all in one message.",
                budget=number(budget),
            )
        )


def _basis(found: Found, begin: int | None, chat: Chat, now: int) -> Iterator[Line]:
    """What a reader must know to trust the numbers."""
    if begin is not None and begin > now - found.asked.period + 60:
        before = _before(found, begin)
        yield say(quiet(before.format(moment=at(begin, chat.timezone))))
    kinds = {rule.kind for rule in found.asked.rules}
    noted = min((past.noted_since or now for past in found.pasts), default=now)
    if Kind.FEES in kinds and begin is not None and begin < noted - QUARTER:
        coarse = _(
            "Before {moment} I know fees only by the quarter of an hour or by the day,"
            " and tell when that began."
        )
        yield say(quiet(coarse.format(moment=at(noted, chat.timezone))))
    yield from of_prices(found.pasts, found.asked.rules, found.count.messages)


def _before(found: Found, begin: int) -> str:
    """Why the rules are judged from `{moment}` on, which stands in it, and not from before."""
    kinds = {rule.kind for rule in found.asked.rules}
    if len(kinds) == 1 and (own := _BEFORE.get(min(kinds))):
        return _(own)
    if all((past.known_since or begin) >= begin - 60 for past in found.pasts):
        return _("I know nothing from before {moment}.")
    if kinds <= {Kind.WHALES, Kind.WATCH}:
        return _("I can try this rule from {moment} on; before that I have only sums.")
    return _("I can try none of these rules before {moment}.")


def of_prices(
    pasts: Iterable[Past], rules: Iterable[Subscription], told: Iterable[Told]
) -> Iterator[Line]:
    """What is not as it seems where thresholds in USD met a time without a price."""
    if not any(rule.kind is Kind.WHALES and rule.unit == USD for rule in rules):
        return
    if not any(past.tickers[USD].times for past in pasts):
        yield say(_("No price is known yet, so the one in USD is not counted."))
        return
    later = sum(bool(one.alert.transaction) and one.alert.subject == USD for one in told)
    if later:
        yield say(
            many(
                later,
                "{n} of them by the next price: none was known when it came.",
                "{n} of them by the next price: none was known when they came.",
            )
        )


def _largest(found: Found, chains: Mapping[str, Chain], chat: Chat) -> Iterator[Line]:
    messages = found.count.messages
    if not messages:
        return
    yield say()
    moved = [one for one in messages if one.alert.transaction]
    if moved:
        yield say(bold(_("The largest")))
        ranked = sorted(moved, key=lambda one: -abs(one.alert.amount))
        yield from (_transaction(one, chains[one.alert.chain], chat) for one in ranked[:SHOWN])
        return
    yield say(bold(_("The last")))
    for one in messages[: -SHOWN - 1 : -1]:
        told = KINDS[Kind(one.alert.detector)].tell(
            one.alert, chains[one.alert.chain], chat.timezone
        )
        yield say(f"{at(one.at, chat.timezone)} · ", *told)


def _transaction(told: Told, chain: Chain, chat: Chat) -> Line:
    url = chain.transaction_url.format(told.alert.transaction)
    amount = format_round(told.alert.amount, chain.asset)
    when = at(told.at, chat.timezone)
    return say(f"{amount} · {when} · ", link(short(told.alert.transaction), url))


def _near(found: Found, chains: Mapping[str, Chain], begin: int | None, now: int) -> Iterator[Line]:
    """`300 BTC: 31 a day`, for each level nearby."""
    if begin is None or not found.near:
        return
    yield say()
    for rule, count in found.near:
        level = level_words(rule, chains[rule.chain])
        yield say(f"{level}: {_pace(count, now - begin)}")


def _pace(count: int, seconds: int) -> str:
    """How many a day; what is known of less than a day is not made into one."""
    if not count:
        return _("none")
    daily = count * DAY / seconds
    if seconds < DAY:
        return many(count, "{n} time", "{n} times")
    if daily >= 1:
        return _("{n} a day").format(n=number(daily))
    return _("{n} a week").format(n=number(daily * 7))


def _buttons(found: Found, chains: Mapping[str, Chain]) -> tuple[tuple[Button, ...], ...]:
    asked = found.asked
    near = tuple(_near_button(rule, asked.period, chains) for rule, _ in found.near)
    rows = [near] if near else []
    rows.append(period_buttons(f"/preview {asked.typed}", asked.period))
    if asked.adds:
        rows.append((Button(_("✅ Tell me so"), f"/alerts add {asked.adds}"),))
    else:
        rows.append((Button(_("All alerts"), "/alerts"),))
    return tuple(rows)


def _near_button(rule: Subscription, period: int, chains: Mapping[str, Chain]) -> Button:
    """Previews the rule at a level nearby; that of a watch can only be changed by number."""
    level = level_words(rule, chains[rule.chain])
    if rule.kind is Kind.WATCH:
        amount = typed_amount(rule.amount, asset_in(rule.unit, chains[rule.chain].asset))
        label = _("Make it {level}").format(level=level)
        return Button(label, f"/alerts {rule.number} min {amount}")
    typed = f"{rule.kind} {KINDS[rule.kind].text(rule, chains)}"
    label = _("Try {level}").format(level=level)
    return Button(label, f"/preview {typed} {typed_period(period)}", replaces=True)
