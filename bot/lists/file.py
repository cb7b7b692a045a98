"""Lists of subscriptions as CSV and JSON; docs/lists.md tells people of the format."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct

from bot.commands.command import UsageError
from bot.kinds.kind import Chains
from bot.lists.row import COLUMNS, parse_row, row_of, same
from detectors.model import Subscription

LARGEST_BYTES = 1_000_000
MOST_ROWS = 5_000
_NAMES = {"name": "label", "account": "address", "tag": "", "tags": ""}
"""What others call our columns; "" for what is passed over."""


class Fault(Struct, frozen=True):
    """A line that was not understood."""

    line: int
    reason: str


class Listed(Struct, frozen=True):
    """What a file asks for, and what of it was not understood."""

    asked: tuple[Subscription, ...]
    faults: tuple[Fault, ...]


def write_csv(asked: Iterable[Subscription], chains: Chains) -> bytes:
    """A list for a spreadsheet; what a program there would run is disarmed by a quote."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for one in asked:
        row = row_of(one, chains)
        writer.writerow({name: _disarmed(cell) for name, cell in row.items()})
    return text.getvalue().encode("utf-8-sig")


def _disarmed(cell: str) -> str:
    """https://owasp.org/www-community/attacks/CSV_Injection."""
    return f"'{cell}" if cell[:1] in set("=+-@\t'") else cell


def write_json(asked: Iterable[Subscription], chains: Chains) -> bytes:
    """The same for programs."""
    rows = [row_of(one, chains) for one in asked]
    kept = [{name: cell for name, cell in row.items() if cell} for row in rows]
    return json.dumps({"subscriptions": kept}, ensure_ascii=False, indent=1).encode()


def read_list(content: bytes, present: Iterable[Subscription], chains: Chains) -> Listed:
    """What a file asks for; raises `UsageError` where it is no list at all."""
    if len(content) > LARGEST_BYTES:
        raise UsageError("That file is too large: at most 1 MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("I cannot read that file: save it as CSV or JSON in UTF-8.") from None
    known: dict[object, Subscription] = {same(one): one for one in present}
    found: dict[object, Subscription] = {}
    faults = []
    for line, row in _rows(text):
        try:
            meant = parse_row(row, known, chains)
        except UsageError as error:
            faults.append(Fault(line, str(error)))
        else:
            found[same(meant)] = meant
    return Listed(tuple(found.values()), tuple(faults))


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row with its line, or its place in JSON; raises `UsageError`."""
    begins = text.lstrip()[:1]
    rows = _json_rows(text) if begins and begins in "[{" else _csv_rows(text)
    for count, found in enumerate(rows):
        if count >= MOST_ROWS:
            raise UsageError(f"That list is too long: at most {MOST_ROWS:,} lines.")
        yield found


def _json_rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        rows = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        raise UsageError("That JSON is damaged.") from None
    if isinstance(rows, dict):
        rows = rows.get("subscriptions")
    if not isinstance(rows, list):
        raise UsageError("That JSON holds no list of subscriptions.")
    for place, row in enumerate(rows, 1):
        cells = row.items() if isinstance(row, dict) else ()
        yield place, _named({k: v if isinstance(v, str) else "" for k, v in cells})


def _csv_rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=max(",;\t", key=first.count))
    header: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip().lower() for cell in cells]
                if {"address", "account", "kind"} & set(header):
                    continue
                header = ["address", "label"]
            yield reader.line_num, _named(dict(zip(header, cells, strict=False)))
    except csv.Error:
        raise UsageError("That CSV is damaged.") from None


def _named(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells under our names of columns, without what only a spreadsheet needs."""
    named = {_NAMES.get(name.strip().lower(), name.strip().lower()): c for name, c in cells.items()}
    return {name: cell.strip().removeprefix("'") for name, cell in named.items() if name}
