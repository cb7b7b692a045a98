"""Lists of subscriptions as CSV and JSON; docs/lists.md tells people of the format."""

import csv
import io
import json
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from bot.commands.command import UsageError
from bot.kinds.kind import Chains
from bot.language import _, marked
from bot.lists.row import COLUMNS, Row, parse_row, row_of, same
from bot.wording.words import number
from detectors.model import Subscription

LARGEST_BYTES = 1_000_000
MOST_ROWS = 5_000
_NAMES = {"name": "label", "account": "address", "tag": "", "tags": ""}
"""What others call our columns; "" for what is passed over."""
_TOO_WIDE = marked("It has more columns than there are names: put a label with commas in quotes.")
_JSON = msgspec.json.Decoder(float_hook=str)
"""Amounts stay as they were written."""


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
    return f"'{cell}" if _is_live(cell) else cell


def _armed(cell: str) -> str:
    """What was disarmed, as it was."""
    return cell[1:] if cell.startswith("'") and _is_live(cell[1:]) else cell


def _is_live(cell: str) -> bool:
    return cell[:1] in set("=+-@\t'")


def write_json(asked: Iterable[Subscription], chains: Chains) -> bytes:
    """The same for programs."""
    rows = [row_of(one, chains) for one in asked]
    kept = [{name: cell for name, cell in row.items() if cell} for row in rows]
    return json.dumps({"subscriptions": kept}, ensure_ascii=False, indent=1).encode()


def read_list(content: bytes, present: Iterable[Subscription], chains: Chains) -> Listed:
    """What a file asks for; raises `UsageError` where it is no list at all."""
    if len(content) > LARGEST_BYTES:
        raise UsageError(_("That file is too large: at most 1 MB."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(_("I cannot read that file: save it as CSV or JSON in UTF-8.")) from None
    known: dict[object, Subscription] = {same(one): one for one in present}
    found: dict[object, Subscription] = {}
    faults = []
    for line, row in _rows(text):
        if isinstance(row, str):
            faults.append(Fault(line, row))
            continue
        try:
            meant = parse_row(row, known, chains)
        except UsageError as error:
            faults.append(Fault(line, str(error)))
        else:
            found[same(meant)] = meant
    return Listed(tuple(found.values()), tuple(faults))


def _rows(text: str) -> Iterator[tuple[int, Row | str]]:
    """Each row with its line, or its place in JSON; its fault where it is none.

    Raises `UsageError`.
    """
    begins = text.lstrip()[:1]
    rows = _json_rows(text) if begins and begins in "[{" else _csv_rows(text)
    for count, found in enumerate(rows):
        if count >= MOST_ROWS:
            long = _("That list is too long: at most {most} lines.")
            raise UsageError(long.format(most=number(MOST_ROWS)))
        yield found


def _json_rows(text: str) -> Iterator[tuple[int, Row | str]]:
    try:
        rows = _JSON.decode(text)
    except (msgspec.DecodeError, RecursionError):
        raise UsageError(_("That JSON is damaged.")) from None
    if isinstance(rows, dict):
        rows = rows.get("subscriptions")
    if not isinstance(rows, list):
        raise UsageError(_("That JSON holds no list of subscriptions."))
    for place, row in enumerate(rows, 1):
        cells = row.items() if isinstance(row, dict) else ()
        yield place, _named({name: _text(cell) for name, cell in cells})


def _text(cell: object) -> str:
    """A number as it was written; "" for what no column of ours holds."""
    is_number = isinstance(cell, int) and not isinstance(cell, bool)
    return str(cell) if is_number or isinstance(cell, str) else ""


def _csv_rows(text: str) -> Iterator[tuple[int, Row | str]]:
    first = text.partition("\n")[0]
    header: list[str] | None = None
    for line, cells in _lines(text.replace("\0", ""), max(",;\t", key=first.count)):
        if isinstance(cells, str):
            yield line, cells
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = [cell.strip().lower() for cell in cells]
            if {"address", "account", "kind"} & set(header):
                continue
            header = ["address", "label"]
        if any(cell.strip() for cell in cells[len(header) :]):
            yield line, _(_TOO_WIDE)
        else:
            row = dict(zip(header, cells, strict=False))
            yield line, _named({name: _armed(cell.strip()) for name, cell in row.items()})


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """The cells of each row with its first line.

    Where a quote is left open, which would swallow what follows, each line stands for itself.
    """
    try:
        yield from list(_whole(text, delimiter))
    except csv.Error:
        for number, line in enumerate(io.StringIO(text, newline=None), 1):
            try:
                yield from ((number, cells) for _, cells in _whole(line, delimiter))
            except csv.Error:
                yield number, _("Its quotes do not match.")


def _whole(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Raises `csv.Error`."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _named(cells: Row) -> dict[str, str]:
    """The cells under our names of columns."""
    named = {_NAMES.get(name.strip().lower(), name.strip().lower()): c for name, c in cells.items()}
    return {name: cell.strip() for name, cell in named.items() if name}
