"""What was captured, recognised by what is in it: one line a form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
from msgspec import MsgspecError, Raw
from msgspec.json import Decoder

from watchers.bitcoin import esplora
from watchers.blockchain_com import captured
from watchers.feed import FeedError
from watchers.model import Block, Transaction

KNOWN = "transactions and blocks as Esplora gives them, frames and answers of blockchain.com"

_MEMBERS = Decoder(dict[str, Raw])


class CaptureError(ValueError):
    """A record that cannot be read; the message says why, shortly."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of records: the members that tell it, and what reads it at a time."""

    members: frozenset[str]
    parse: Callable[[bytes, int], Sequence[Transaction | Block]]


FORMS = (
    Form(frozenset({"_txid", "tx"}), esplora.parse_line),
    Form(frozenset({"id", "txs"}), esplora.parse_block),
    Form(frozenset({"vin", "vout"}), esplora.parse_tx),
    Form(frozenset({"op"}), captured.parse_message),
    Form(frozenset({"prev_block", "tx"}), captured.parse_rawblock),
    Form(frozenset({"blocks"}), captured.parse_rawblocks),
    Form(frozenset({"inputs", "out"}), captured.parse_tx),
)
WRAPPED = "msg"
"""A recording may keep each frame in a member of its own, beside where it is from."""


def parse_captured(data: bytes, time: int) -> Sequence[Transaction | Block]:
    """What a record holds, none where it only announces; what has no time was met at `time`.

    Raises `CaptureError`.
    """
    try:
        members = _MEMBERS.decode(data)
        if WRAPPED in members:
            data = bytes(members[WRAPPED])
            members = _MEMBERS.decode(data)
        form = next((form for form in FORMS if form.members <= members.keys()), None)
        if form is None:
            raise CaptureError(f"of no form that is known ({KNOWN})")
        return form.parse(data, time)
    except FeedError as error:
        raise CaptureError(str(error)) from error
    except (MsgspecError, UnicodeError) as error:
        raise CaptureError(str(error)[:200]) from error
    except RecursionError as error:
        raise CaptureError("nested too deeply") from error


def is_whole(data: bytes) -> bool:
    """Whether this is a JSON value on its own."""
    try:
        msgspec.json.decode(data, type=Raw)
    except (MsgspecError, UnicodeError, RecursionError):
        return False
    return True
