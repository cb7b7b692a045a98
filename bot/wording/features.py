"""The features of transactions in words: what each is called, and how a value of it is told."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from bot.language import _, marked
from bot.wording.words import number

if TYPE_CHECKING:
    from detectors.learnt.reasons import Reason


class FeatureWords(NamedTuple):
    """What it is called, its value in words, and what most transactions do instead."""

    name: str
    says: str
    less: str
    more: str


_COUNT = (
    marked("{percent} % of transactions have fewer than {bound}"),
    marked("{percent} % of transactions have more than {bound}"),
)
_HAVE = (
    marked("{percent} % of transactions have less than {bound}"),
    marked("{percent} % of transactions have more than {bound}"),
)
_MOVE = (
    marked("{percent} % of transactions move less than {bound}"),
    marked("{percent} % of transactions move more than {bound}"),
)
_PAY = (
    marked("{percent} % of transactions pay less than {bound}"),
    marked("{percent} % of transactions pay more than {bound}"),
)
_BRING = (
    marked("{percent} % of transactions bring less than {bound}"),
    marked("{percent} % of transactions bring more than {bound}"),
)
_TAKE = (
    marked("{percent} % of transactions take less than {bound}"),
    marked("{percent} % of transactions take more than {bound}"),
)
_STAY = (
    marked("{percent} % of transactions stay less than {bound} below"),
    marked("{percent} % of transactions stay more than {bound} below"),
)
_WAIT = (
    marked("{percent} % of senders wait less than {bound}"),
    marked("{percent} % of senders wait more than {bound}"),
)
_SEND = (
    marked("{percent} % of transactions send less than {bound} times as much"),
    marked("{percent} % of transactions send more than {bound} times as much"),
)
_REST = (
    marked("{percent} % of senders rest less than {bound}"),
    marked("{percent} % of senders rest more than {bound}"),
)
_GIVE = (
    marked("{percent} % of transactions give back less than {bound}"),
    marked("{percent} % of transactions give back more than {bound}"),
)
_REPEAT = (
    marked("{percent} % of senders make fewer than {bound}"),
    marked("{percent} % of senders make more than {bound}"),
)

WORDS: Mapping[str, FeatureWords] = {
    "moved": FeatureWords(marked("amount moved"), marked("{value} moved"), *_MOVE),
    "moved_usual": FeatureWords(
        marked("amount against the usual"), marked("moved {value} times the usual of late"), *_MOVE
    ),
    "moved_alike": FeatureWords(
        marked("amount against its form"),
        marked("moved {value} times what transactions of its form do"), *_MOVE,
    ),
    "per_output": FeatureWords(marked("amount per output"), marked("{value} per output"), *_PAY),
    "per_input": FeatureWords(marked("amount per input"), marked("{value} per input"), *_BRING),
    "smallest": FeatureWords(
        marked("smallest output"), marked("a smallest output of {value}"), *_HAVE
    ),
    "fee": FeatureWords(marked("fee"), marked("a fee of {value}"), *_PAY),
    "fee_rate": FeatureWords(marked("fee rate"), marked("a fee rate of {value}"), *_PAY),
    "fee_market": FeatureWords(
        marked("fee against the market"), marked("a fee rate {value} times the market's"), *_PAY
    ),
    "fee_share": FeatureWords(
        marked("fee as a share"), marked("{value} of the value paid as fee"), *_PAY
    ),
    "inputs": FeatureWords(marked("inputs"), marked("{value} inputs"), *_COUNT),
    "outputs": FeatureWords(marked("outputs"), marked("{value} outputs"), *_COUNT),
    "dust": FeatureWords(marked("outputs of dust"), marked("{value} outputs of dust"), *_COUNT),
    "size_per_part": FeatureWords(
        marked("size per part"), marked("{value} per input and output"), *_TAKE
    ),
    "zeros": FeatureWords(
        marked("zeros at the end"), marked("an output that ends in {value} zeros"), *_COUNT
    ),
    "round_sum": FeatureWords(marked("round sum"), marked("a round sum of {value}"), *_PAY),
    "peeled": FeatureWords(
        marked("peeled coin"), marked("a coin of {value} that little was taken from"), *_MOVE
    ),
    "largest_share": FeatureWords(
        marked("share of the largest output"), marked("{value} of the value in one output"), *_HAVE
    ),
    "below_round": FeatureWords(
        marked("short of a round sum"), marked("{value} short of a round sum"), *_STAY
    ),
    "below_sum": FeatureWords(
        marked("sum short of a round one"), marked("{value}, just short of a round sum"), *_PAY
    ),
    "skirted": FeatureWords(
        marked("payments short of round sums"),
        marked("{value} in payments just short of round sums within an hour"), *_PAY,
    ),
    "alike": FeatureWords(
        marked("payments alike"),
        marked("{value} payments of nearly the same sum by its sender within an hour"), *_REPEAT,
    ),
    "idle": FeatureWords(
        marked("pause of the sender"), marked("a sender who sent {value} before"), *_WAIT
    ),
    "degree": FeatureWords(
        marked("busiest address"), marked("an address in {value} of 1,000 transactions"), *_COUNT
    ),
    "sender_usual": FeatureWords(
        marked("sum against the sender's usual"), marked("{value} times its sender's usual sum"),
        *_SEND,
    ),
    "woken": FeatureWords(
        marked("rest of the sender"), marked("a sender who was still for {value}"), *_REST
    ),
    "returned": FeatureWords(
        marked("sum that goes back"),
        marked("{value} of a sum goes back to its payer within the hour"), *_GIVE,
    ),
    "known_senders": FeatureWords(
        marked("known senders"), marked("{value} of its senders met before"), *_HAVE
    ),
    "known_recipients": FeatureWords(
        marked("known recipients"), marked("{value} of its recipients met before"), *_HAVE
    ),
}  # fmt: skip
"""By the name of the feature; see `detectors.learnt.features`."""
_SCORE = marked("score")


def feature_name(feature: str) -> str:
    """`fee rate`; `score` for what all of them add up to."""
    return _(WORDS[feature].name) if feature in WORDS else _(_SCORE)


def reason_said(reason: "Reason", value: str, bound: str) -> str:
    """`121 inputs; 99.9 % of transactions have fewer than 14`, with numbers as they are written."""
    words = WORDS[reason.feature]
    others = words.less if reason.side == "more" else words.more
    percent = number(reason.percent, 0 if reason.percent == int(reason.percent) else 1)
    said = _("{what}; {rest}")
    return said.format(
        what=_(words.says).format(value=value), rest=_(others).format(percent=percent, bound=bound)
    )
