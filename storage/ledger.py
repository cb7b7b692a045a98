"""What is known beside the chain: prices, gaps in what was heard, and incidents."""

from msgspec import Struct
from sqlite_utils import Database

from watchers.model import Gap, Incident, Price

PRICE_MAX_AGE_SECONDS = 2 * 3600
"""A ticker is refreshed about every 15 minutes; older than this it says nothing of now."""
INCIDENT_PEACE_SECONDS = 3600
"""Equal incidents are counted in one row, until there was none for so long ..."""
INCIDENT_LASTS_SECONDS = 86400
"""... or until the first of them is so old: what lasts is new again each day."""


_INCIDENT_ROW = "source, kind, detail, first_at, last_at, times"


class IncidentRow(Struct, frozen=True):
    """An incident and how often it happened."""

    source: str
    kind: str
    detail: str
    first_at: int
    last_at: int
    times: int


def save_price(db: Database, price: Price) -> None:
    """Keep a price; one a second is enough."""
    db.conn.execute(
        "INSERT OR REPLACE INTO prices VALUES (?, ?, ?, ?, ?)",
        (price.asset, price.currency, price.time, price.micro, price.source),
    )


def price_at(
    db: Database, asset: str, currency: str, time: int, max_age_seconds: int
) -> Price | None:
    """The newest price at a time, None where it is older than `max_age_seconds`."""
    row = db.conn.execute(
        "SELECT asset, currency, micro, time, source FROM prices"
        " WHERE asset = ? AND currency = ? AND time <= ? AND time >= ?"
        " ORDER BY time DESC LIMIT 1",
        (asset, currency, time, time - max_age_seconds),
    ).fetchone()
    return Price(*row) if row else None


def price_after(db: Database, asset: str, currency: str, time: int) -> Price | None:
    """The first price after a time, None where none is known yet."""
    row = db.conn.execute(
        "SELECT asset, currency, micro, time, source FROM prices"
        " WHERE asset = ? AND currency = ? AND time > ? ORDER BY time LIMIT 1",
        (asset, currency, time),
    ).fetchone()
    return Price(*row) if row else None


def prices_between(
    db: Database, asset: str, currency: str, since: int, until: int
) -> list[tuple[int, int]]:
    """(time, micro) of every price in [since, until), oldest first."""
    rows = db.conn.execute(
        "SELECT time, micro FROM prices WHERE asset = ? AND currency = ? AND time >= ?"
        " AND time < ? ORDER BY time",
        (asset, currency, since, until),
    )
    return [(time, micro) for time, micro in rows]


def save_gap(db: Database, gap: Gap) -> int:
    """Note a time in which nothing was heard; returns its id."""
    db.conn.execute(
        'INSERT INTO gaps (chain, source, start, "end", reason) VALUES (?, ?, ?, ?, ?)'
        ' ON CONFLICT DO UPDATE SET "end" = excluded."end"',
        (gap.chain, gap.source, gap.start, gap.end, gap.reason),
    )
    found = db.conn.execute(
        "SELECT id FROM gaps WHERE chain = ? AND source = ? AND start = ?",
        (gap.chain, gap.source, gap.start),
    )
    return int(found.fetchone()[0])


def gaps_between(db: Database, chain: str, since: int, until: int) -> list[Gap]:
    """The gaps that touch [since, until), oldest first."""
    rows = db.conn.execute(
        'SELECT chain, source, start, "end", reason FROM gaps'
        ' WHERE chain = ? AND "end" > ? AND start < ? ORDER BY start',
        (chain, since, until),
    )
    return [Gap(*row) for row in rows]


def last_gap(db: Database, chain: str) -> tuple[int, Gap] | None:
    """The newest gap with its id."""
    row = db.conn.execute(
        'SELECT id, chain, source, start, "end", reason FROM gaps WHERE chain = ?'
        ' ORDER BY "end" DESC LIMIT 1',
        (chain,),
    ).fetchone()
    return (row[0], Gap(*row[1:])) if row else None


def save_incident(db: Database, incident: Incident) -> bool:
    """Note an incident; True where it begins a row of its own."""
    changed = db.conn.execute(
        "UPDATE incidents SET times = times + 1, last_at = ?, detail = ?, sample = ?"
        " WHERE source = ? AND kind = ? AND last_at > ? AND first_at > ?",
        (
            incident.time, incident.detail, incident.sample, incident.source, incident.kind,
            incident.time - INCIDENT_PEACE_SECONDS, incident.time - INCIDENT_LASTS_SECONDS,
        ),
    ).rowcount  # fmt: skip
    if changed:
        return False
    db.conn.execute(
        "INSERT INTO incidents (source, kind, first_at, last_at, times, detail, sample)"
        " VALUES (?, ?, ?, ?, 1, ?, ?)",
        (
            incident.source, incident.kind, incident.time, incident.time, incident.detail,
            incident.sample,
        ),
    )  # fmt: skip
    return True


def incident_about(db: Database, sample: str) -> IncidentRow | None:
    """The newest incident that set this aside."""
    row = db.conn.execute(
        f"SELECT {_INCIDENT_ROW} FROM incidents WHERE instr(sample, ?)"
        " ORDER BY last_at DESC LIMIT 1",
        (sample,),
    ).fetchone()
    return IncidentRow(*row) if row else None


def lasting_incident(db: Database, incident: Incident) -> IncidentRow | None:
    """The row of equal incidents that this one goes on with, None where there was peace."""
    row = db.conn.execute(
        f"SELECT {_INCIDENT_ROW} FROM incidents WHERE source = ? AND kind = ? AND last_at > ?"
        " ORDER BY last_at DESC LIMIT 1",
        (incident.source, incident.kind, incident.time - INCIDENT_PEACE_SECONDS),
    ).fetchone()
    return IncidentRow(*row) if row else None


def incidents_since(db: Database, since: int) -> list[IncidentRow]:
    """The incidents of late, newest first."""
    rows = db.conn.execute(
        f"SELECT {_INCIDENT_ROW} FROM incidents WHERE last_at >= ? ORDER BY last_at DESC",
        (since,),
    )
    return [IncidentRow(*row) for row in rows]


def newest_moment(db: Database) -> int:
    """The latest time that was noted as now, to some seconds; 0 where nothing was."""
    (moment,) = db.conn.execute(
        "SELECT max(coalesce((SELECT max(heard_at) FROM checkpoints), 0),"
        " coalesce((SELECT created_at FROM messages ORDER BY id DESC LIMIT 1), 0))"
    ).fetchone()
    return int(moment)
