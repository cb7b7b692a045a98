"""Databases to measure on: people with their subscriptions, and a past."""

import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from detectors.model import Kind, Subscription
from storage import migrations
from storage.blocks import begin_chain
from storage.chats import Defaults, save_chat
from storage.database import open_database
from storage.features import save_features
from storage.ledger import save_price
from storage.models import Learnt, save_model
from storage.subscriptions import save_subscription
from watchers.blockchain_com.frames import parse_frame
from watchers.model import Price, Transaction

CHAIN = "bitcoin"
START = 1_710_000_000
"""When the first frame comes, Unix seconds."""
CHATS = 10_000
WHALES = 5_000
ODD_CHATS = 100
MET_ONE_IN = 10
"""One transaction in so many touches a watched address."""
USD_MICRO = 65_000 * 10**6
LEARNT = Path(__file__).resolve().parents[1] / "detectors/learnt"


class Stage(Struct, frozen=True):
    """What a database holds before the first frame: past transactions, watched addresses.

    Besides, 5,000 whale thresholds from 100 to 10,000 BTC, evenly spread over the
    logarithm, half of them in USD, and 100 chats ask for what is odd. There are 10,000 chats.
    Where it is `learnt`, a model runs that knows the first half of the frames.
    """

    past: int
    watched: int = 5_000
    learnt: bool = False

    @property
    def name(self) -> str:
        """What is in it, for people."""
        runs = ", a model runs" if self.learnt else ""
        return f"{self.past:,} transactions stored, {self.watched:,} addresses watched{runs}"

    def file(self, frames: Sequence[bytes]) -> Path:
        """The prepared database, made once for a schema and these frames."""
        parts = (*msgspec.structs.astuple(self), frames[0], len(frames), _sources())
        name = sha256(repr(parts).encode()).hexdigest()[:16]
        path = Path(tempfile.gettempdir()) / f"spyhop-benchmark-{self.past}-{name}.db"
        if not path.exists():
            making = path.with_suffix(".making")
            for left in (making, *making.parent.glob(f"{making.name}-*")):
                left.unlink(missing_ok=True)
            self._make(making, frames)
            making.rename(path)
        return path

    def _make(self, path: Path, frames: Sequence[bytes]) -> None:
        db = open_database(path)
        db.conn.execute("PRAGMA cache_size=-1000000")
        with db.atomic():
            begin_chain(db, CHAIN, START)
            save_price(db, Price("BTC", "USD", USD_MICRO, START, "benchmark"))
            transactions = [_parsed(frame) for frame in frames]
            chats = self._settle(db, transactions)
            _learn(db, transactions[: len(transactions) // 2], chats[:ODD_CHATS], runs=self.learnt)
            _fill(db, self.past)
        db.close()

    def _settle(self, db: Database, transactions: Sequence[Transaction]) -> list[int]:
        defaults = Defaults("en", "UTC", "USD")
        chats = [
            save_chat(db, "telegram", str(n), "", "private", f"chat {n}", defaults, START).id
            for n in range(CHATS)
        ]
        for n, address in enumerate(_addresses(transactions, self.watched)):
            chat = chats[n % CHATS]
            watch = Subscription(0, chat, Kind.WATCH, CHAIN, address=address)
            save_subscription(db, watch, START)
        for n in range(WHALES):
            btc = int(10**8 * 10 ** (2 + 2 * n / WHALES))
            unit, amount = ("BTC", btc) if n % 2 else ("USD", btc * USD_MICRO // 10**8)
            whale = Subscription(0, chats[-1 - n], Kind.WHALES, CHAIN, unit=unit, amount=amount)
            save_subscription(db, whale, START)
        return chats


@contextmanager
def copied(prepared: Path) -> Iterator[Path]:
    """A copy to write to, on the disk before the clock starts."""
    with tempfile.TemporaryDirectory(prefix="spyhop-benchmark-") as folder:
        path = Path(folder) / "spyhop.db"
        shutil.copyfile(prepared, path)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        yield path


def _learn(
    db: Database, transactions: Sequence[Transaction], chats: Sequence[int], *, runs: bool
) -> None:
    """Let a model run that learnt these, and some ask for what is odd by it."""
    # numpy is loaded when the environment is set up for it.
    from detectors.learnt.memory import Memory  # noqa: PLC0415 - see above
    from detectors.learnt.sampling import matrix_of  # noqa: PLC0415 - see above
    from detectors.learnt.training import calibrated, candidates  # noqa: PLC0415 - see above

    matrix = matrix_of(transactions, Memory())
    model = calibrated(matrix, next(candidates(seed=1, budget=1)), seed=1)
    file, features = model.to_bytes(), model.manifest.features
    save_features(db, CHAIN, features, ())
    learnt = Learnt(CHAIN, START, START, START, len(matrix), features, {}, {}, file)
    save_model(db, learnt, "to measure with", runs=runs)
    for n, chat in enumerate(chats):
        odd = Subscription(0, chat, Kind.ANOMALIES, CHAIN, amount=100 * (1 + n))
        save_subscription(db, odd, START)


def _sources() -> bytes:
    """What the prepared file depends on: this, the schema, and how a model is made."""
    paths = [Path(__file__), Path(str(migrations.__file__)), *sorted(LEARNT.glob("*.py"))]
    return b"".join(path.read_bytes() for path in paths)


def _parsed(frame: bytes) -> Transaction:
    transaction = parse_frame(frame, START)
    assert isinstance(transaction, Transaction)
    return transaction


def _addresses(transactions: Sequence[Transaction], count: int) -> list[str]:
    """Addresses that occur once, from every tenth transaction, and others that do not."""
    touched = [{x.address for x in t.inputs + t.outputs if x.address} for t in transactions]
    often = Counter(address for addresses in touched for address in addresses)
    once = [sorted(a for a in addresses if often[a] == 1) for addresses in touched]
    met = [addresses[0] for addresses in once[::MET_ONE_IN] if addresses]
    rng = random.Random(2)
    return [*met, *(_address(rng) for _ in range(count - len(met)))]


def _address(rng: random.Random) -> str:
    return f"bc1q{rng.randbytes(19).hex()}"


def _fill(db: Database, count: int) -> None:
    """Transactions of the last 30 days with one input and two outputs each."""
    ids = f"WITH RECURSIVE ids(id) AS (VALUES(1) UNION ALL SELECT id + 1 FROM ids LIMIT {count})"
    month = 30 * 86_400
    db.conn.execute(
        f"{ids} INSERT INTO transactions SELECT id, ?, lower(hex(randomblob(32))),"
        " ? - abs(random() % ?), 'payment', id, id, '2000', 222, 561, 1, id FROM ids",
        (CHAIN, START, month),
    )
    db.conn.execute(
        f"{ids} INSERT INTO transfers SELECT id, side, place, 'bc1q' || lower(hex(randomblob(19))),"
        " id FROM ids, (SELECT 'in' AS side, 0 AS place UNION ALL VALUES ('out', 0), ('out', 1))"
    )
