"""Which rows the pipeline writes, so that the floor can write the same ones."""

from typing import Any, TypeAlias

from sqlite_utils import Database

NEW = (
    "transactions", "transfers", "spends", "block_transactions", "features", "alerts", "messages",
    "message_alerts", "deliveries",
)  # fmt: skip
"""What a step adds rows to; those that others refer to come first.

Of all other tables it may change rows, too: these are replaced, which costs a little more.
"""

Rows: TypeAlias = list[tuple[str, list[tuple[Any, ...]]]]
"""What one database transaction writes: an INSERT and its rows, a table at a time."""


def begin_recording(db: Database) -> None:
    """Let temporary triggers copy every row that is written from now on."""
    for table in _tables(db):
        values = ", ".join(f"new.{column.name}" for column in db.table(table).columns)
        db.conn.execute(f"CREATE TEMP TABLE new_{table} AS SELECT * FROM {table} WHERE 0")
        for event in ("INSERT", "UPDATE"):
            db.conn.execute(
                f"CREATE TEMP TRIGGER {event}_{table} AFTER {event} ON main.{table}"
                f" BEGIN INSERT INTO new_{table} VALUES ({values}); END"
            )


def taken(db: Database) -> Rows:
    """The rows written since the last call, each as it was at the end."""
    found = []
    for table in _tables(db):
        rows = _last_versions(db, table)
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            verb = "INSERT" if table in NEW else "INSERT OR REPLACE"
            found.append((f"{verb} INTO {table} VALUES ({marks})", rows))
            db.conn.execute(f"DELETE FROM temp.new_{table}")
    return found


def _tables(db: Database) -> list[str]:
    others = (name for name in db.table_names() if not name.startswith("sqlite_"))
    return [*NEW, *(name for name in others if name not in NEW)]


def _last_versions(db: Database, table: str) -> list[tuple[Any, ...]]:
    rows = db.conn.execute(f"SELECT * FROM temp.new_{table} ORDER BY rowid").fetchall()
    if not rows:
        return []
    names = [column.name for column in db.table(table).columns]
    key = [names.index(name) for name in db.table(table).pks]
    return list({tuple(row[place] for place in key): row for row in rows}.values())
