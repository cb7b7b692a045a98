"""The tables of what is known of chains, as the step `chain_data` of the schema makes them.

`blocks.met_at` is when a block came that was waited for, NULL where it came late. `moments`
are those at which levels and waits were judged, with what they were judged by.
"""

CHAIN_DATA = """
CREATE TABLE transactions (
    id INTEGER PRIMARY KEY, chain TEXT NOT NULL, hash TEXT NOT NULL,
    seen_at INTEGER NOT NULL, category TEXT NOT NULL,
    moved TEXT NOT NULL, moved_real REAL NOT NULL, fee TEXT, size INTEGER NOT NULL,
    weight INTEGER, unconfirmed INTEGER NOT NULL, conflict_set INTEGER NOT NULL,
    UNIQUE (chain, hash));
CREATE INDEX transactions_by_time ON transactions (chain, seen_at);
CREATE INDEX transactions_by_amount ON transactions (chain, moved_real);
CREATE INDEX transactions_by_conflict ON transactions (conflict_set);

CREATE TABLE transfers (
    transaction_id INTEGER NOT NULL REFERENCES transactions (id) ON DELETE CASCADE,
    side TEXT NOT NULL CHECK (side IN ('in', 'out')), position INTEGER NOT NULL,
    address TEXT, amount TEXT NOT NULL,
    PRIMARY KEY (transaction_id, side, position)) WITHOUT ROWID;
CREATE INDEX transfers_by_address ON transfers (address, transaction_id)
    WHERE address IS NOT NULL;

CREATE TABLE spends (
    outpoint TEXT NOT NULL,
    transaction_id INTEGER NOT NULL REFERENCES transactions (id) ON DELETE CASCADE,
    PRIMARY KEY (outpoint, transaction_id)) WITHOUT ROWID;
CREATE INDEX spends_by_transaction ON spends (transaction_id);

CREATE TABLE blocks (
    id INTEGER PRIMARY KEY, chain TEXT NOT NULL, height INTEGER NOT NULL,
    hash TEXT NOT NULL, parent TEXT NOT NULL, time INTEGER NOT NULL, met_at INTEGER,
    canonical INTEGER NOT NULL, orphaned INTEGER NOT NULL DEFAULT 0,
    size INTEGER NOT NULL, weight INTEGER, difficulty REAL,
    reward TEXT NOT NULL, fees TEXT NOT NULL, transactions INTEGER NOT NULL,
    UNIQUE (chain, hash));
CREATE INDEX blocks_by_height ON blocks (chain, canonical, height);
CREATE INDEX blocks_by_time ON blocks (chain, canonical, time);

CREATE TABLE block_transactions (
    block_id INTEGER NOT NULL REFERENCES blocks (id) ON DELETE CASCADE,
    transaction_id INTEGER NOT NULL REFERENCES transactions (id) ON DELETE CASCADE,
    PRIMARY KEY (block_id, transaction_id)) WITHOUT ROWID;
CREATE INDEX block_transactions_by_transaction
    ON block_transactions (transaction_id, block_id);

CREATE TABLE checkpoints (
    chain TEXT PRIMARY KEY, heard_at INTEGER, history_since INTEGER,
    quarters_since INTEGER) WITHOUT ROWID;

CREATE TABLE prices (
    asset TEXT NOT NULL, currency TEXT NOT NULL, time INTEGER NOT NULL,
    micro INTEGER NOT NULL, source TEXT NOT NULL,
    PRIMARY KEY (asset, currency, time)) WITHOUT ROWID;
CREATE INDEX prices_by_time ON prices (time);

CREATE TABLE moments (
    chain TEXT NOT NULL, at INTEGER NOT NULL, heard_at INTEGER, fee_rate INTEGER,
    PRIMARY KEY (chain, at)) WITHOUT ROWID;

CREATE TABLE gaps (
    id INTEGER PRIMARY KEY, chain TEXT NOT NULL, source TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, reason TEXT NOT NULL,
    UNIQUE (chain, source, start));
CREATE INDEX gaps_by_end ON gaps (chain, "end");

CREATE TABLE incidents (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, kind TEXT NOT NULL,
    first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, times INTEGER NOT NULL,
    detail TEXT NOT NULL, sample TEXT NOT NULL);
CREATE INDEX incidents_by_time ON incidents (last_at);
"""
