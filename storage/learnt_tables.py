"""The tables of learnt detection, as the step `learnt_detection` of the schema makes them.

`features` has a row for each transaction that was scored, and a column for each feature, which
`storage.features.save_features` adds, NULL where it cannot be known; `model`, `score` and `rate`
are NULL where no model ran. Of what came before `samples.until` one in so many is kept
(`storage.thinning`). `models.file` is what the detector reads;
at most one model of a chain is running. A training without an end was cut off. `labels` are what
people said of an alert, for ever, with the features of its transaction as they were.
"""

LEARNT = """
CREATE TABLE features (
    id INTEGER PRIMARY KEY, chain TEXT NOT NULL, hash TEXT NOT NULL, time INTEGER NOT NULL,
    model INTEGER, score REAL, rate REAL, UNIQUE (chain, hash));
CREATE INDEX features_by_time ON features (chain, time);
CREATE TABLE samples (
    chain TEXT PRIMARY KEY, one_in INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE models (
    version INTEGER PRIMARY KEY AUTOINCREMENT, chain TEXT NOT NULL,
    trained_at INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    rows INTEGER NOT NULL, features TEXT NOT NULL, parameters TEXT NOT NULL,
    metrics TEXT NOT NULL, sha256 TEXT NOT NULL, file BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('refused', 'running', 'retired', 'damaged')),
    why TEXT NOT NULL);
CREATE UNIQUE INDEX models_running ON models (chain) WHERE state = 'running';
CREATE TABLE trainings (
    id INTEGER PRIMARY KEY, chain TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('first', 'nightly', 'asked', 'drift')),
    chat_id INTEGER REFERENCES chats (id), began_at INTEGER NOT NULL, ended_at INTEGER,
    outcome TEXT NOT NULL DEFAULT '', model INTEGER);
CREATE INDEX trainings_by_time ON trainings (chain, began_at);
CREATE TABLE labels (
    chain TEXT NOT NULL, hash TEXT NOT NULL, detector TEXT NOT NULL,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    person_id INTEGER NOT NULL REFERENCES persons (id),
    good INTEGER NOT NULL, at INTEGER NOT NULL, rate REAL, features TEXT NOT NULL,
    PRIMARY KEY (chain, hash, detector, chat_id, person_id)) WITHOUT ROWID;
CREATE INDEX labels_by_detector ON labels (detector, chat_id);
CREATE TABLE drift (
    chain TEXT NOT NULL, day TEXT NOT NULL, feature TEXT NOT NULL, psi REAL NOT NULL,
    model INTEGER NOT NULL, PRIMARY KEY (chain, day, feature)) WITHOUT ROWID;
CREATE VIEW features_readable AS
    SELECT datetime(time, 'unixepoch') AS seen, CAST(rate AS INTEGER) AS one_in, *
    FROM features;
CREATE VIEW models_readable AS
    SELECT version, chain, state, why, datetime(trained_at, 'unixepoch') AS trained,
        datetime(since, 'unixepoch') AS first, datetime(until, 'unixepoch') AS last,
        rows, metrics, parameters, sha256 FROM models
"""
