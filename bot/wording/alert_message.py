"""How an alert reads: the verdict, who to whom, what it is, how it stands."""

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from bot.kinds.registry import KINDS
from bot.language import _
from bot.wording.alert_verdict import verdict
from bot.wording.alert_view import View
from bot.wording.amounts import format_round
from bot.wording.kept_words import title_of, waited_words
from bot.wording.odd import judge_buttons, odd_lines
from bot.wording.severity import with_severity
from bot.wording.transaction_words import (
    MARKS,
    fee_rate_words,
    kind_words,
    parties_line,
    state_phrase,
    state_words,
    watch_buttons,
)
from bot.wording.useful import judged_line
from bot.wording.words import at, bold, clean, clock, link, many, quiet, say, short
from detectors.model import Kind
from detectors.watched import Watched
from storage.acknowledgements import Acknowledged
from storage.alerts import Story
from storage.labels import Label
from storage.model import Button, Line, Message
from storage.states import BAD_ENDS
from watchers.model import Chain, Transaction

ACKNOWLEDGED = "acknowledged"
"""What stands, among the transactions that a message shows, for whoever has seen it."""
_NAME = 40


def shown(
    stories: Sequence[Story], acknowledged: Acknowledged | None = None, judged: Sequence[Label] = ()
) -> str:
    """The states that a message shows, to notice when there is something new to show."""
    seen = [f"{ACKNOWLEDGED}:{acknowledged.at}"] if acknowledged else []
    seen += [f"judged-{label.person}:{'yes' if label.good else 'no'}" for label in judged]
    states = (f"{story.hash}:{story.state.shown}" for story in stories if story.hash)
    return " ".join([*states, *seen])


def told_by_name(stories: Sequence[Story], before: Collection[str] = ()) -> list[Story]:
    """Of what a message owns all but what a rival that it owns, too, took the place of.

    Of the transactions that it showed `before` it goes on telling: how they ended is news.
    """
    hashes = {story.hash for story in stories if story.hash}
    return [
        story for story in stories if story.state.replaced_by not in hashes or story.hash in before
    ]


def format_alerts(stories: Sequence[Story], chains: Mapping[str, Chain], view: View) -> Message:
    """One message for all transactions that a message owns."""
    told = told_by_name(stories)
    if len(told) == 1:
        form = _single if told[0].hash else _event
        message = form(told[0], chains[told[0].chain], view)
    else:
        message = format_list(title_of(told, view.kept), told, chains, view)
    message = with_severity(message, told)
    if view.judged:
        message = replace(message, lines=(*message.lines, judged_line(view.judged)))
    return with_acknowledgement(message, next((s.hash for s in told if s.hash), ""), view)


def with_acknowledgement(message: Message, hash_: str, view: View) -> Message:
    """Who has seen it, else the button with which somebody says so, of a transaction or of all."""
    seen, which = view.acknowledged, hash_ or (f"alert {view.message}" if view.message else "")
    if seen is None and not which:
        return message
    if seen is None:
        first, *rows = message.buttons
        ack = Button(_("✅ Ack"), f"/ack {which}")
        return replace(message, buttons=((*first, ack), *rows))
    line = _seen_line(seen, view)
    news = line if view.news else message.news
    return replace(message, lines=(*message.lines, line), news=news)


def _seen_line(seen: Acknowledged, view: View) -> Line:
    name = clean(seen.name, _NAME) or _("somebody")
    return say(bold(f"✅ {name}, {clock(seen.at, view.timezone)}"))


def format_end(stories: Sequence[Story], chains: Mapping[str, Chain], view: View) -> Message:
    """A reply that says aloud which transactions came to a bad end.

    Where none did, it says how they stand: the message itself can no longer show it.
    """
    ended = [story for story in stories if story.state.name in BAD_ENDS]
    told = ended or [story for story in stories if story.hash]
    lines: list[Line] = []
    for story in told:
        chain = chains[story.chain]
        lines += [verdict(story, chain, view), _state_line(story, chain), _links(story, chain)]
    if not lines:
        lines = [in_group(story, chains[story.chain], view) for story in stories]
    if view.kept:
        lines.append(say(quiet(waited_words(view.kept))))
    if view.acknowledged is not None:
        lines.append(_seen_line(view.acknowledged, view))
    mark = "⚠️" if ended else "🔔"
    news = many(
        max(len(told), 1),
        "News of a transaction you were told of",
        "News of {n} transactions you were told of",
    )
    return Message(say(bold(f"{mark} {news}")), tuple(lines))


def _event(story: Story, chain: Chain, view: View) -> Message:
    """What has no transaction: its kind knows the words."""
    (alert,) = story.alerts
    words = KINDS[Kind(alert.detector)]
    buttons = (mute_button(view), *_why(view), *words.buttons(alert, chain))
    return Message(words.tell(alert, chain, view.timezone), (), (buttons,))


def mute_button(view: View) -> Button:
    """Offers what a message has in common that tells of many things, or of no transaction."""
    return Button(_("🔕 Mute…"), f"/mute alert {view.message}" if view.message else "/mute")


def _why(view: View) -> tuple[Button, ...]:
    return (Button(_("❓ Why?"), f"/why {view.message}"),) if view.message else ()


def _single(story: Story, chain: Chain, view: View) -> Message:
    transaction = story.transaction
    lines = odd_lines(story, view.reasons.get(story.hash, ()))
    if transaction is not None:
        lines += [parties_line(transaction, view.labels), _kind_line(story, transaction, chain)]
    lines.append(_state_line(story, chain))
    if _is_late(story):
        met = at(story.met_at, view.timezone)
        lines.append(say(quiet(_("Late news: first met {time}").format(time=met))))
    if view.kept:
        lines.append(say(quiet(waited_words(view.kept))))
    lines.append(_links(story, chain))
    return Message(
        verdict(story, chain, view),
        tuple(lines),
        _buttons(story, chain, view),
        news=say(state_words(story.state)),
    )


def _is_late(story: Story) -> bool:
    return any(alert.late for alert in story.alerts)


def _kind_line(story: Story, transaction: Transaction, chain: Chain) -> Line:
    whole = ""
    if any(alert.detector == Watched.name for alert in story.alerts):
        whole = _(" · {amount} moved in all").format(
            amount=format_round(transaction.moved, chain.asset)
        )
    return say(f"{kind_words(transaction)}{whole}")


def _state_line(story: Story, chain: Chain) -> Line:
    rate = fee_rate_words(story.transaction, chain)
    return say(f"{state_words(story.state)}{' · ' if rate else ''}{rate}")


def _links(story: Story, chain: Chain) -> Line:
    return say(link(short(story.hash), chain.transaction_url.format(story.hash)))


def _buttons(story: Story, chain: Chain, view: View) -> tuple[tuple[Button, ...], ...]:
    """What short words do stands first: a phone cuts long ones that share a row."""
    about = Button(_("🔕 Mute…"), f"/mute about {story.hash}")
    url = chain.transaction_url.format(story.hash)
    more = (Button(_("Details"), f"/tx {story.hash}"), Button(_("🔗 Explorer"), url=url))
    watch = watch_buttons(story.transaction, view.labels) if story.transaction else ()
    rows = ((about, *_why(view)), judge_buttons(story, view.message), watch, more)
    return tuple(row for row in rows if row)


def format_list(
    title: str, stories: Sequence[Story], chains: Mapping[str, Chain], view: View
) -> Message:
    """Every transaction named, a line each."""
    lines = [in_group(story, chains[story.chain], view) for story in stories]
    transactions = [story for story in stories if story.hash]
    confirmed = sum(story.state.name == "confirmed" for story in transactions)
    news = (
        say(_("{n} of {all} confirmed").format(n=confirmed, all=len(transactions)))
        if transactions
        else ()
    )
    ends = (news,) if news else ()
    buttons = (mute_button(view), *_why(view))
    return Message(say(bold(title)), (*lines, *ends), (buttons,), news=news)


def in_group(story: Story, chain: Chain, view: View) -> Line:
    """A line of a message that tells of many."""
    if not story.hash:
        (alert,) = story.alerts
        return KINDS[Kind(alert.detector)].tell(alert, chain, view.timezone)
    before = story.hash in view.before
    return say(
        f"{MARKS[story.state.name]} ",
        *verdict(story, chain, view),
        " · ",
        *_links(story, chain),
        f" · {state_phrase(story.state)}" if before or story.state.name in BAD_ENDS else "",
        _(" · told before") if before else "",
        _(" · late") if _is_late(story) else "",
    )
