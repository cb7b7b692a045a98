"""When addresses were last seen in a transaction."""

from collections.abc import Iterable

import msgspec
from sqlite_utils import Database


def last_seen(db: Database, chain: str, addresses: Iterable[str]) -> dict[str, int]:
    """When each address was last part of a transaction that is still kept; others are absent."""
    rows = db.conn.execute(
        "SELECT a.value, max(t.seen_at) FROM json_each(?) a"
        " CROSS JOIN transfers f ON f.address = a.value"
        " JOIN transactions t ON t.id = f.transaction_id AND t.chain = ?"
        " GROUP BY a.value",
        (msgspec.json.encode(list(addresses)).decode(), chain),
    )
    return dict(rows.fetchall())
