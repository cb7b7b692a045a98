"""Follows the main chain: which blocks are missing, and where it left the one we knew.

Blocks are told strictly oldest first. Each must follow the header before it; where one
does not, the chain is walked back one height at a time to the common ancestor, and what
was asked ahead is forgotten. Older blocks, down to where the history shall begin, are
told newest first, each found by the hash that its successor names as its parent.
"""

import math
from collections.abc import Sequence
from itertools import takewhile

from msgspec.structs import replace

from watchers.blockchain_com.requests import Want
from watchers.blockchain_com.rest import CHAIN, SOURCE
from watchers.model import HEADERS_KEPT, Block, Checkpoint, Event, Header, Incident, Reorg, sealed

BLOCK_SECONDS = 600


class MainChain:
    """The headers that were told, and the blocks that wait for one before them."""

    def __init__(self, history_seconds: int) -> None:
        self._history_seconds = history_seconds
        self._history_since: int | None = None
        self._headers: list[Header] = []
        self._oldest: Header | None = None
        self._waiting: dict[int, tuple[Block, ...]] = {}
        self._hashes: dict[int, str] = {}
        self._checking: int | None = None
        self._was_cut = False
        self._polled: int | None = None
        self._late_up_to: int | None = None
        self._live: set[int] = set()
        self.tip: int | None = None
        self.is_in_doubt = False
        """Whether what was taken last did not follow: ask for it again, but not at once."""

    @property
    def head(self) -> Header | None:
        """The newest header that was told."""
        return self._headers[-1] if self._headers else None

    @property
    def missing(self) -> int:
        """How many blocks the source has on top of ours."""
        return max(0, self.tip - self.head.height) if self.tip is not None and self.head else 0

    @property
    def history_missing(self) -> int:
        """About how many blocks of the history are still to come."""
        if self._oldest is None or self._history_since is None:
            return 0
        seconds = self._oldest.time - self._history_since
        return min(max(math.ceil(seconds / BLOCK_SECONDS), 0), self._oldest.height)

    @property
    def is_placed(self) -> bool:
        """Whether this session has asked the source for its tip, and got it."""
        return self._polled is not None

    def begin(self, checkpoint: Checkpoint, now: float, *, was_cut: bool) -> None:
        """Take up the story where the checkpoint left it."""
        self._headers = _linked(checkpoint.headers)
        self._oldest = checkpoint.oldest or next(iter(self._headers), None)
        if checkpoint.history_since is not None:
            self._history_since = checkpoint.history_since
        elif self._history_since is None:
            self._history_since = int(now) - self._history_seconds
        self._waiting.clear()
        self._hashes.clear()
        self._live.clear()
        self._was_cut = was_cut
        self._checking = self._polled = self._late_up_to = self.tip = None

    def polled(self, height: int, hash: str) -> None:  # noqa: A002
        """The source was asked for its tip. Blocks up to the first were mined unheard.

        A tip below the announced one counts when it is named twice: answers may be stale.
        """
        if self._polled is None:
            self._late_up_to = height
        again = self._polled is not None and self._polled < (self.tip or 0)
        if self.tip is None or height > self.tip or again:
            self.tip = height
        self._polled = height
        self._meet(height, hash)

    def announced(self, height: int, hash: str) -> None:  # noqa: A002
        """The source pushes a new block: it is not late."""
        if self._late_up_to is None or height > self._late_up_to:
            self._live.add(height)
        self.tip = height if self.tip is None else max(self.tip, height)
        self._meet(height, hash)

    def _meet(self, height: int, hash: str) -> None:  # noqa: A002
        """The source names a block; one that is not ours at its height is looked at again."""
        ours = self._header_at(height)
        if ours is None:
            self.names(height, hash)
        elif ours.hash != hash:
            self._check(height)

    def names(self, height: int, hash: str) -> None:  # noqa: A002
        """A block by which a missing height can be asked for as well."""
        self._hashes[height] = hash

    def wants(self, window: int) -> list[Want]:
        """The blocks to ask for, the most urgent first."""
        if self.tip is None:
            return []
        if self._checking is not None:
            return [Want("block", self._checking, (_by_height(self._checking),))]
        head = self.head
        first = head.height + 1 if head else self.tip
        ahead = range(first, min(self.tip, first + window - 1) + 1)
        return [self._want(height) for height in ahead if height not in self._waiting]

    def wants_history(self) -> list[Want]:
        """The block before the oldest, while the history shall reach back farther."""
        oldest = self._oldest
        if oldest is None or self._history_since is None or oldest.height == 0:
            return []
        if oldest.time <= self._history_since:
            return []
        paths = f"/rawblock/{oldest.parent}", _by_height(oldest.height - 1)
        return [Want("history", oldest.parent, paths)]

    def _want(self, height: int) -> Want:
        hash_ = self._hashes.get(height)
        by_hash = (f"/rawblock/{hash_}",) if hash_ else ()
        return Want("block", height, (_by_height(height), *by_hash))

    def expects(self, want: Want) -> tuple[int, str]:
        """The height and the hash (empty where only the height is known) of a wanted block."""
        if isinstance(want.subject, str):
            return (self._oldest.height - 1 if self._oldest else 0), want.subject
        return want.subject, self._hashes.get(want.subject, "")

    def take_history(self, block: Block) -> list[Event]:
        """Tell the block before the oldest."""
        self._oldest = header = block.header
        if 0 < len(self._headers) < HEADERS_KEPT and self._headers[0].parent == header.hash:
            self._headers.insert(0, header)
        return [replace(block, historic=True)]

    def take(self, height: int, blocks: tuple[Block, ...], now: float) -> list[Event]:
        """Tell what can be told now that the block at `height` is here."""
        self.is_in_doubt = False
        if height == self._checking:
            return self._compare(height, blocks, now)
        self._waiting[height] = blocks
        return self._tell_waiting()

    def _tell_waiting(self) -> list[Event]:
        if not self._headers:
            return self._tell_first()
        events: list[Event] = []
        while blocks := self._waiting.pop(self._headers[-1].height + 1, None):
            block = _choose(blocks, self._headers[-1].hash)
            if block.header.parent != self._headers[-1].hash:
                self._check(self._headers[-1].height)
                self.is_in_doubt = True
                break
            events.append(self._tell(block))
        return events

    def _tell_first(self) -> list[Event]:
        """The first block of all is where everything begins: it is not news."""
        height = min(self._waiting)
        first = replace(_choose(self._waiting.pop(height), None), historic=True)
        return [self._tell(first), *self._tell_waiting()]

    def _tell(self, block: Block) -> Block:
        header = block.header
        self._headers = [*self._headers[-HEADERS_KEPT + 1 :], header]
        self._oldest = self._oldest or header
        self._hashes.pop(header.height, None)
        late = self._was_late(header.height) and not block.historic
        return replace(block, late=True) if late else block

    def _was_late(self, height: int) -> bool:
        if not self._was_cut or height in self._live:
            return False
        return self._late_up_to is None or height <= self._late_up_to

    def _check(self, height: int) -> None:
        """Look at a height again; nothing above it counts until that is done."""
        self._checking = height if self._checking is None else max(height, self._checking)
        self._waiting.clear()

    def _compare(self, height: int, blocks: tuple[Block, ...], now: float) -> list[Event]:
        """Compare the source's block at `height` with ours: the same, a reorg, or look lower."""
        ours = self._header_at(height)
        self._checking = None
        if ours is None:
            return []
        block = _choose(blocks, ours.parent)
        if block.header.hash == ours.hash:
            return []
        if block.header.parent == ours.parent:
            return self._replace_from(block, now)
        if self._header_at(height - 1):
            self._checking = height - 1
            return []
        detail = sealed(
            "all {n} known headers down to {height} left the main chain",
            n=len(self._headers), height=height,
        )  # fmt: skip
        deep = Incident(SOURCE, sealed("deep reorg"), detail, int(now))
        return [deep, *self._replace_from(block, now)]

    def _replace_from(self, block: Block, now: float) -> list[Event]:
        ancestor = block.header.height - 1
        self._headers = list(takewhile(lambda kept: kept.height <= ancestor, self._headers))
        if self._oldest and self._oldest.height > ancestor:
            self._oldest = None
        return [Reorg(CHAIN, ancestor, int(now)), self._tell(block)]

    def _header_at(self, height: int) -> Header | None:
        if not self._headers:
            return None
        index = height - self._headers[0].height
        return self._headers[index] if 0 <= index < len(self._headers) else None


def _linked(headers: Sequence[Header]) -> list[Header]:
    """The newest of the headers as far as each follows the one before."""
    found = list(headers[-1:])
    for header in headers[-2 : -HEADERS_KEPT - 1 : -1]:
        if header.hash != found[0].parent or header.height != found[0].height - 1:
            break
        found.insert(0, header)
    return found


def _by_height(height: int) -> str:
    return f"/block-height/{height}?format=json"


def _choose(blocks: Sequence[Block], parent: str | None) -> Block:
    """The one of several blocks at a height that follows `parent`, else the first."""
    following = [block for block in blocks if block.header.parent == parent]
    return following[0] if following else blocks[0]
