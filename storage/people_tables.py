"""The tables of people and their chats, as the step `people` of the schema makes them.

A person has an account on each platform, which keeps as `role` what it was let in as itself:
they take that along where they part. `persons.language`, `timezone`, `currency` and `units`
are NULL until chosen, and then hold in all their private chats (`chats.person_id`). A mute is
a person's, or that of a chat which is nobody's alone; so are quiet hours. `members` holds
who was met in such a chat: `role` as an admin named it there ('' if none did), `admin` as the
platform said last. `chats.repeat_seconds` is after how long a critical alert that nobody
acknowledged is repeated there, 0 for never. `digests` are chats that have theirs with the daily
summary. `moved_chats`: the present address of chats that
had another one, from which old buttons are still pressed.
"""

PEOPLE = """
CREATE TABLE persons (
    id INTEGER PRIMARY KEY, role TEXT NOT NULL, preferred TEXT NOT NULL DEFAULT '',
    language TEXT, timezone TEXT, currency TEXT,
    units TEXT CHECK (units IN ('whole', 'small')), created_at INTEGER NOT NULL);
CREATE TABLE accounts (
    platform TEXT NOT NULL, address TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES persons (id),
    PRIMARY KEY (platform, address), UNIQUE (person_id, platform)) WITHOUT ROWID;
CREATE TABLE chats (
    id INTEGER PRIMARY KEY, platform TEXT NOT NULL, address TEXT NOT NULL,
    thread TEXT NOT NULL, server TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
    person_id INTEGER REFERENCES persons (id),
    language TEXT NOT NULL, timezone TEXT NOT NULL, currency TEXT NOT NULL,
    admitted INTEGER NOT NULL, bound INTEGER NOT NULL, parked TEXT NOT NULL,
    repeat_seconds INTEGER NOT NULL DEFAULT 0,
    units TEXT NOT NULL DEFAULT 'whole' CHECK (units IN ('whole', 'small')),
    created_at INTEGER NOT NULL, UNIQUE (platform, address, thread));
CREATE INDEX chats_by_server ON chats (platform, server);
CREATE INDEX chats_by_person ON chats (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX chats_parked ON chats (id) WHERE parked != '';
CREATE TABLE moved_chats (
    platform TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL,
    PRIMARY KEY (platform, old)) WITHOUT ROWID;
CREATE TABLE codes (
    code_hash TEXT PRIMARY KEY, role TEXT NOT NULL, created_by INTEGER,
    created_at INTEGER NOT NULL, expires_at INTEGER, used_by INTEGER,
    used_at INTEGER, chat_id INTEGER REFERENCES chats (id)) WITHOUT ROWID;
CREATE TABLE members (
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    person_id INTEGER NOT NULL REFERENCES persons (id),
    role TEXT NOT NULL DEFAULT '', admin INTEGER,
    PRIMARY KEY (chat_id, person_id)) WITHOUT ROWID;
CREATE INDEX members_by_person ON members (person_id);
CREATE TABLE audit (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    person_id INTEGER NOT NULL REFERENCES persons (id),
    platform TEXT NOT NULL, name TEXT NOT NULL, command TEXT NOT NULL, via TEXT NOT NULL
        CHECK (via IN ('typed', 'button', 'form')),
    UNIQUE (chat_id, person_id, at, command));
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_person ON audit (person_id);
CREATE TABLE link_codes (
    code_hash TEXT PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES persons (id),
    platform TEXT NOT NULL, expires_at INTEGER NOT NULL,
    entered_by INTEGER REFERENCES persons (id)) WITHOUT ROWID;
CREATE TABLE wrong_codes (
    id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES persons (id),
    entered_at INTEGER NOT NULL);
CREATE INDEX wrong_codes_by_person ON wrong_codes (person_id, entered_at);
CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY, chat_id INTEGER NOT NULL REFERENCES chats (id),
    kind TEXT NOT NULL, chain TEXT NOT NULL, address TEXT NOT NULL,
    label TEXT NOT NULL, unit TEXT NOT NULL, amount TEXT NOT NULL, way TEXT NOT NULL,
    ring TEXT NOT NULL, number INTEGER NOT NULL, about TEXT NOT NULL,
    since INTEGER NOT NULL, until INTEGER);
CREATE UNIQUE INDEX subscriptions_active
    ON subscriptions (chat_id, kind, chain, about) WHERE until IS NULL;
CREATE INDEX subscriptions_by_number ON subscriptions (chat_id, number);
CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL REFERENCES chats (id),
    content TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE INDEX imports_by_chat ON imports (chat_id);
CREATE TABLE budgets (
    chat_id INTEGER PRIMARY KEY REFERENCES chats (id), hourly INTEGER NOT NULL);
CREATE TABLE digests (chat_id INTEGER PRIMARY KEY REFERENCES chats (id));
CREATE TABLE mutes (
    id INTEGER PRIMARY KEY, chat_id INTEGER REFERENCES chats (id),
    person_id INTEGER REFERENCES persons (id), scope TEXT NOT NULL, chain TEXT NOT NULL,
    subject TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    ended_at INTEGER, CHECK ((chat_id IS NULL) != (person_id IS NULL)));
CREATE INDEX mutes_by_chat ON mutes (chat_id, until);
CREATE INDEX mutes_by_person ON mutes (person_id, until);
CREATE TABLE quiet_hours (
    chat_id INTEGER UNIQUE REFERENCES chats (id),
    person_id INTEGER UNIQUE REFERENCES persons (id), begins INTEGER NOT NULL,
    ends INTEGER NOT NULL, weekdays INTEGER NOT NULL,
    CHECK ((chat_id IS NULL) != (person_id IS NULL)));
CREATE TABLE buttons (
    id INTEGER PRIMARY KEY, command TEXT NOT NULL UNIQUE,
    offered_at INTEGER NOT NULL);
CREATE INDEX buttons_by_time ON buttons (offered_at);
"""
