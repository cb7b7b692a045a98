"""The schema, step by step. A released step is never edited: append a new one.

Amounts are exact as TEXT (wei does not fit 64 bits), with a REAL beside them where rows
are ranked or drawn. Times are INTEGER Unix seconds, UTC; the views whose names end in
`_readable` show them as text.
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from storage.chain_tables import CHAIN_DATA
from storage.learnt_tables import LEARNT
from storage.people_tables import PEOPLE

migrations = Migrations("spyhop")


def _run(db: Database, script: str) -> None:
    """Run statements one by one: `executescript` would end the step's transaction."""
    for statement in script.split(";"):
        if statement.strip():
            db.conn.execute(statement)


@migrations()
def chain_data(db: Database) -> None:
    """Transactions with their inputs and outputs, blocks, prices, gaps and incidents."""
    _run(db, CHAIN_DATA)


@migrations()
def rollups(db: Database) -> None:
    """Counts per minute, quarter of an hour and UTC day, which a reorg can subtract again.

    `basis` is 'seen' (when first met) or 'chain' (in main-chain blocks, by block time).
    """
    _run(
        db,
        """
    CREATE TABLE rollups (
        chain TEXT NOT NULL, basis TEXT NOT NULL CHECK (basis IN ('seen', 'chain')),
        span_seconds INTEGER NOT NULL CHECK (span_seconds IN (60, 900, 86400)),
        start INTEGER NOT NULL, transactions INTEGER NOT NULL, moved TEXT NOT NULL,
        fees TEXT NOT NULL,
        PRIMARY KEY (chain, basis, span_seconds, start)) WITHOUT ROWID;
    CREATE TABLE histograms (
        chain TEXT NOT NULL, basis TEXT NOT NULL, measure TEXT NOT NULL
            CHECK (measure IN ('moved', 'fee_rate')),
        span_seconds INTEGER NOT NULL CHECK (span_seconds IN (900, 86400)),
        start INTEGER NOT NULL, bucket INTEGER NOT NULL, transactions INTEGER NOT NULL,
        PRIMARY KEY (chain, basis, measure, span_seconds, start, bucket)) WITHOUT ROWID;
    """,
    )


@migrations()
def people(db: Database) -> None:
    """Chats, people, invitations, and what each chat asked to be told."""
    _run(db, PEOPLE)


@migrations()
def alerts_and_outbox(db: Database) -> None:
    """Alerts by their unique key, messages with what they tell, deliveries with verdicts."""
    _run(
        db,
        """
    CREATE TABLE alerts (
        id INTEGER PRIMARY KEY, chain TEXT NOT NULL, transaction_hash TEXT NOT NULL,
        detector TEXT NOT NULL, subject TEXT NOT NULL, time INTEGER NOT NULL,
        amount TEXT NOT NULL, usd_micro TEXT, severity INTEGER NOT NULL,
        late INTEGER NOT NULL, window_seconds INTEGER NOT NULL DEFAULT 0,
        rate INTEGER NOT NULL DEFAULT 0,
        UNIQUE (chain, transaction_hash, detector, subject, window_seconds));
    CREATE INDEX alerts_by_time ON alerts (time);
    CREATE TABLE detector_states (
        detector TEXT NOT NULL, chain TEXT NOT NULL, version INTEGER NOT NULL,
        state BLOB NOT NULL, PRIMARY KEY (detector, chain)) WITHOUT ROWID;

    CREATE TABLE messages (
        id INTEGER PRIMARY KEY, chat_id INTEGER NOT NULL REFERENCES chats (id),
        key TEXT NOT NULL, body TEXT, created_at INTEGER NOT NULL,
        reference TEXT NOT NULL DEFAULT '', shown TEXT NOT NULL DEFAULT '',
        grouped_into INTEGER REFERENCES messages (id), collects_until INTEGER,
        UNIQUE (chat_id, key));
    CREATE INDEX messages_by_group ON messages (grouped_into) WHERE grouped_into IS NOT NULL;
    CREATE INDEX messages_pending ON messages (created_at) WHERE instr(shown, ':pending');
    CREATE INDEX messages_collecting ON messages (chat_id, collects_until)
        WHERE collects_until IS NOT NULL;
    CREATE TABLE message_alerts (
        message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
        subscription_id INTEGER NOT NULL,
        mute_id INTEGER REFERENCES mutes (id), PRIMARY KEY (message_id, alert_id))
        WITHOUT ROWID;
    CREATE INDEX message_alerts_by_mute ON message_alerts (mute_id) WHERE mute_id IS NOT NULL;
    CREATE INDEX message_alerts_by_alert ON message_alerts (alert_id, message_id);
    CREATE TABLE acknowledgements (
        message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
        person_id INTEGER NOT NULL REFERENCES persons (id), name TEXT NOT NULL,
        at INTEGER NOT NULL);
    CREATE INDEX acknowledgements_by_person ON acknowledgements (person_id);

    CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY,
        message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        chat_id INTEGER NOT NULL REFERENCES chats (id),
        action TEXT NOT NULL CHECK (action IN ('send', 'edit', 'reply')),
        priority INTEGER NOT NULL, due_at REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN
            ('due', 'sending', 'standby', 'sent', 'rejected', 'gone', 'muted', 'grouped',
            'needless')),
        attempts INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
        kept TEXT NOT NULL DEFAULT '', reference TEXT NOT NULL DEFAULT '',
        created_at INTEGER NOT NULL, closed_at INTEGER);
    CREATE INDEX deliveries_open ON deliveries (state, due_at, chat_id)
        WHERE state IN ('due', 'sending');
    CREATE INDEX deliveries_standby ON deliveries (message_id, chat_id) WHERE state = 'standby';
    CREATE INDEX deliveries_said ON deliveries (chat_id, closed_at)
        WHERE state = 'sent' AND action = 'send';
    CREATE INDEX deliveries_by_message ON deliveries (message_id);
    CREATE INDEX deliveries_by_chat ON deliveries (chat_id, state);
    CREATE INDEX deliveries_closed ON deliveries (closed_at, state)
        WHERE closed_at IS NOT NULL;
    """,
    )


@migrations()
def readable_views(db: Database) -> None:
    """What somebody who opens the file in a browser of tables wants to see first."""
    _run(
        db,
        """
    CREATE VIEW transactions_readable AS
        SELECT datetime(t.seen_at, 'unixepoch') AS seen, t.chain, t.category, t.moved, t.fee,
            max(CASE WHEN b.canonical THEN b.height END) AS height, t.hash
        FROM transactions t
        LEFT JOIN block_transactions l ON l.transaction_id = t.id
        LEFT JOIN blocks b ON b.id = l.block_id
        GROUP BY t.id;
    CREATE VIEW blocks_readable AS
        SELECT chain, height, datetime(time, 'unixepoch') AS mined, canonical, transactions,
            size, reward, fees, hash FROM blocks;
    CREATE VIEW outbox_readable AS
        SELECT datetime(d.created_at, 'unixepoch') AS created,
            datetime(d.closed_at, 'unixepoch') AS closed, c.platform, c.title AS chat,
            d.action, d.state, d.attempts, d.reason, m.key AS message
        FROM deliveries d JOIN messages m ON m.id = d.message_id
        JOIN chats c ON c.id = d.chat_id;
    CREATE VIEW alerts_readable AS
        SELECT datetime(time, 'unixepoch') AS raised, chain, detector, subject, amount,
            usd_micro, late, transaction_hash FROM alerts;
    """,
    )


@migrations()
def summaries(db: Database) -> None:
    """When each chat wants a summary, and what one is written from.

    `timezone` is NULL where it follows the chat's; `told` is the newest local date told.
    """
    _run(
        db,
        """
    CREATE TABLE summaries (
        chat_id INTEGER NOT NULL REFERENCES chats (id),
        cadence TEXT NOT NULL CHECK (cadence IN ('daily', 'weekly')),
        weekday INTEGER, minute INTEGER NOT NULL, timezone TEXT, told TEXT NOT NULL,
        PRIMARY KEY (chat_id, cadence)) WITHOUT ROWID;
    CREATE INDEX messages_by_time ON messages (chat_id, created_at);
    CREATE INDEX alerts_by_subject ON alerts (subject, time);
    """,
    )


@migrations()
def learnt_detection(db: Database) -> None:
    """Features, models, trainings, what people said of alerts, and how the chain drifts."""
    _run(db, LEARNT)


@migrations()
def doubts(db: Database) -> None:
    """When a delivery was last tried with an outcome that nobody knows, where a key tells that."""
    _run(db, "ALTER TABLE deliveries ADD COLUMN doubted_at REAL;")
