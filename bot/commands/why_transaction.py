"""`/why TX`: every rule of a chat against one transaction, and what became of it here."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from bot.asking import LOOK_UP, LookUpError, look_up_button, source_for
from bot.charting.oddity import oddity_of
from bot.commands.command import Call
from bot.commands.silence import names_of
from bot.commands.tx import look_up
from bot.commands.values import TransactionOn
from bot.desk import Desk
from bot.language import _, unsealed
from bot.wording.case_words import judge_case, judged_lines, moved_line, odd_rule_lines, should_tell
from bot.wording.rule_reasons import Reader
from bot.wording.telling_words import outcome_lines, said_of, spoken
from bot.wording.unseen_words import explorer_line, met_lines, missed_line, unseen_lines
from bot.wording.words import bold, clean, quiet, refuse, say, short
from charts.theme import DARK
from detectors.judging import Judgement
from detectors.model import Alert
from storage.blocks import checkpoint_of
from storage.budget import budget_of
from storage.cases import Case, case_of, judged_as
from storage.ledger import gaps_between
from storage.lookups import TransactionRecord
from storage.model import Button, Line, Message, Picture
from watchers.model import Chain

_DAY = 86400
_DETAIL = 200


async def reader_of(call: Call, desk: Desk) -> Reader:
    """Who reads the reasons."""
    hourly = await desk.read(budget_of, call.chat.id)
    names = await names_of(call, desk)
    return Reader(call.chat.id, call.chat.timezone, names, hourly, call.now)


async def explain_transaction(call: Call, desk: Desk, meant: TransactionOn) -> Message:
    """Why a chat was told of a transaction, or was not."""
    chain, hash_ = meant.chain, meant.hash
    known = (chain.name, chain.asset.symbol, hash_)
    case = await desk.read(case_of, call.chat.id, *known, call.now)
    if case.record is None and "outside" in call.arguments:
        try:
            record = await look_up(desk, meant)
        except LookUpError as error:
            return refuse(str(error), explorer_line(chain, hash_))
        missed = replace(record, announced=False)  # to nobody here, so that a gap matters
        case = await desk.read(judged_as, call.chat.id, *known, missed, case.telling)
        return await _missed(call, desk, meant, case, record)
    if case.record is None and case.telling is None:
        return await _unknown(call, desk, meant)
    reader = await reader_of(call, desk)
    told = case.telling.about(hash_) if case.telling else ()
    reasons, picture = await odd_told(desk, chain, hash_, [part.alert for part in told])
    return replace(format_case(call, case, meant, reader, reasons), picture=picture)


async def odd_told(
    desk: Desk, chain: Chain, hash_: str, alerts: Iterable[Alert]
) -> tuple[Sequence[Line], Picture | None]:
    """What made a transaction odd that was told as such, and where it lies among the usual."""
    odd = None
    if any(alert.rate for alert in alerts):
        odd = await desk.read(oddity_of, chain, hash_)
    if odd is None:
        return (), None
    picture = Picture(await desk.draw("oddity", odd.series, DARK.name), odd.series.title)
    return (say(), *odd.lines), picture


def format_case(
    call: Call, case: Case, meant: TransactionOn, reader: Reader, reasons: Sequence[Line] = ()
) -> Message:
    """The verdict, how it was met, what each rule says, and what became of it."""
    lines: list[Line] = []
    if case.record is not None:
        lines += [moved_line(case.record.transaction, meant.chain)]
        lines += met_lines(case.record, case.gap, reader.zone)
        judgements = judge_case(case, case.record.transaction, meant.chain)
        odd = list(odd_rule_lines(case, meant.chain, reader))
        lines += [say(), *judged_lines(case, judgements, meant.chain, reader), *odd]
        if case.telling is None:
            lines += _untold(call, case, judgements, by_oddity=bool(odd))
    lines += [*reasons, *_outcome(case, meant.hash, reader)]
    return Message(_title(case, meant.hash), tuple(lines), _buttons(case, meant))


def _title(case: Case, hash_: str) -> Line:
    """Whether it was told here."""
    told = case.telling
    if told is None:
        return _untold_title(hash_)
    part = spoken(told.about(hash_))
    if said_of(told, part):
        return say(bold(_("🔔 You were told of {id}").format(id=short(hash_))))
    waits = part.muting is None and any(step.closed_at is None for step in told.steps)
    if waits:
        return say(bold(_("⏳ You are yet to be told of {id}").format(id=short(hash_))))
    return _untold_title(hash_)


def _untold_title(hash_: str) -> Line:
    return say(bold(_("🔕 You were not told of {id}").format(id=short(hash_))))


def _outcome(case: Case, hash_: str, reader: Reader) -> Iterator[Line]:
    if case.telling is None:
        return
    seen_at = None if case.record is None else case.record.transaction.time
    yield say()
    yield from outcome_lines(case.telling, spoken(case.telling.about(hash_)), seen_at, reader)


def _untold(
    call: Call, case: Case, judgements: Sequence[Judgement], *, by_oddity: bool
) -> Iterator[Line]:
    """Why nothing was told where the rules do not say it."""
    if not call.chat.bound:
        yield say(_("Nothing is told here: /alerts off."))
    elif not judgements and not by_oddity:
        yield say(_("Nothing is asked for here about transactions."))
    elif should_tell(case, judgements):
        if case.incident is not None:
            aside = _("It was set aside: {reason}")
            yield say(aside.format(reason=clean(unsealed(case.incident.detail), _DETAIL)))
        else:
            yield say(_("By the rules you should have been told. I cannot say why you were not."))


async def _missed(
    call: Call, desk: Desk, meant: TransactionOn, case: Case, record: TransactionRecord
) -> Message:
    """What was never seen here, as its source tells it."""
    reader, chain = await reader_of(call, desk), meant.chain
    since = await _known_since(call, desk, chain)
    judgements = judge_case(case, record.transaction, chain)
    lines = [
        missed_line(record, case.gap, since, reader.zone),
        moved_line(record.transaction, chain),
        say(),
        *judged_lines(case, judgements, chain, reader),
    ]
    if watcher := source_for(desk, chain):
        told = _("As {source} told just now; I have not stored it.")
        lines.append(say(quiet(told.format(source=watcher.feed.source))))
    title = say(bold(_("🔕 I never saw {id}").format(id=short(meant.hash))))
    details = Button(_("Details"), f"/tx {meant.hash} {LOOK_UP}")
    return Message(title, tuple(lines), ((details,),))


async def _unknown(call: Call, desk: Desk, meant: TransactionOn) -> Message:
    since = await _known_since(call, desk, meant.chain)
    gaps = await desk.read(gaps_between, meant.chain.name, since, call.now)
    button = look_up_button(desk, meant.chain, f"/why {meant.hash}", "id")
    lines = unseen_lines(meant.chain, meant.hash, gaps, since, call.chat.timezone)
    title = _("I do not know {id}.").format(id=short(meant.hash))
    return refuse(title, *lines, buttons=(button,) if button else ())


async def _known_since(call: Call, desk: Desk, chain: Chain) -> int:
    """From when on everything that was seen is stored."""
    begun = (await desk.read(checkpoint_of, chain.name)).history_since
    return max(begun or 0, call.now - desk.raw_days * _DAY)


def _buttons(case: Case, meant: TransactionOn) -> tuple[tuple[Button, ...], ...]:
    first = [Button(_("Details"), f"/tx {meant.hash}"), Button(_("All rules"), "/alerts")]
    if case.telling is not None:
        number = case.telling.message
        first.insert(0, Button(_("❓ Alert {n}").format(n=number), f"/why {number}"))
    return (tuple(first),)
