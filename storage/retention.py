"""What is deleted when: what is large after a while, in slices; keys and sums stay."""

from itertools import product

from sqlite_utils import Database

from storage.buttons import forget_buttons
from storage.features import KEPT_SECONDS as FEATURES_KEPT_SECONDS
from storage.features import delete_features
from storage.rollups import BASES, DAY, MEASURES, MINUTE, QUARTER
from storage.thinning import thin_features

SLICE = 500
MINUTES_KEPT_SECONDS = 3 * 86400
BUTTONS_KEPT_SECONDS = 90 * 86400
DELIVERIES_KEPT_SECONDS = 90 * 86400
AUDIT_KEPT_SECONDS = 365 * 86400
PRICES_KEPT_SECONDS = 30 * 86400
"""Longer than any message waits for its end, which then shows the worth of its alerts again.
So long the moments are kept, too, which say with prices what a rule would have told."""


def delete_old(db: Database, now: int, raw_seconds: int) -> bool:
    """Delete one slice of what is too old; True while there is more."""
    chains = [chain for (chain,) in db.conn.execute("SELECT chain FROM checkpoints").fetchall()]
    deleted = [_delete_transactions(db, chain, now - raw_seconds) for chain in chains]
    deleted += [_delete_quarters(db, chain, now - raw_seconds) for chain in chains]
    deleted += [delete_features(db, chain, now - FEATURES_KEPT_SECONDS) for chain in chains]
    deleted += [thin_features(db, chain, now) for chain in chains]
    deleted.append(_delete_deliveries(db, now - DELIVERIES_KEPT_SECONDS))
    deleted.append(_delete_prices(db, now - max(raw_seconds, PRICES_KEPT_SECONDS)))
    deleted += [
        _delete_moments(db, chain, now - max(raw_seconds, PRICES_KEPT_SECONDS)) for chain in chains
    ]
    if any(deleted):
        return True
    for chain, basis in product(chains, BASES):
        db.conn.execute(
            "DELETE FROM rollups WHERE chain = ? AND basis = ? AND span_seconds = ? AND start < ?",
            (chain, basis, MINUTE, now - MINUTES_KEPT_SECONDS),
        )
    forget_buttons(db, now - BUTTONS_KEPT_SECONDS)
    db.conn.execute("DELETE FROM audit WHERE at < ?", (now - AUDIT_KEPT_SECONDS,))
    return False


def _delete_transactions(db: Database, chain: str, before: int) -> bool:
    """Delete a slice of a chain; what stands in a newer block, or in a message that is not
    yet sent or whose end is open, stays until it does not.
    """
    deleted = db.conn.execute(
        "DELETE FROM transactions WHERE id IN (SELECT t.id FROM transactions t"
        " WHERE t.chain = ?1 AND t.seen_at < ?2"
        " AND NOT EXISTS (SELECT 1 FROM block_transactions l JOIN blocks b ON b.id = l.block_id"
        "  WHERE l.transaction_id = t.id AND b.time >= ?2)"
        " AND NOT EXISTS (SELECT 1 FROM alerts a JOIN message_alerts x ON x.alert_id = a.id"
        "  JOIN messages m ON m.id = x.message_id"
        "  WHERE a.chain = t.chain AND a.transaction_hash = t.hash"
        "  AND (instr(m.shown, ':pending') OR EXISTS (SELECT 1 FROM deliveries d"
        "   WHERE d.message_id = m.id AND d.state IN ('due', 'sending', 'standby'))))"
        " ORDER BY t.seen_at LIMIT ?3)",
        (chain, before, SLICE),
    ).rowcount
    return bool(deleted)


def _delete_deliveries(db: Database, before: int) -> bool:
    """Delete what was closed long ago; messages and alerts stay, so that once is for ever."""
    deleted = db.conn.execute(
        "DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries"
        " WHERE closed_at < ? ORDER BY closed_at LIMIT ?)",
        (before, SLICE),
    ).rowcount
    return bool(deleted)


def _delete_prices(db: Database, before: int) -> bool:
    deleted = db.conn.execute(
        "DELETE FROM prices WHERE (asset, currency, time) IN (SELECT asset, currency, time"
        " FROM prices WHERE time < ? ORDER BY time LIMIT ?)",
        (before, SLICE),
    ).rowcount
    return bool(deleted)


def _delete_moments(db: Database, chain: str, before: int) -> bool:
    deleted = db.conn.execute(
        "DELETE FROM moments WHERE (chain, at) IN"
        " (SELECT chain, at FROM moments WHERE chain = ? AND at < ? ORDER BY at LIMIT ?)",
        (chain, before, SLICE),
    ).rowcount
    return bool(deleted)


def _delete_quarters(db: Database, chain: str, before: int) -> bool:
    """Delete the oldest histograms of a quarter of an hour; those of whole days stay.

    A day counts as gone before its first quarter is: nobody reads a part of one.
    """
    before -= before % DAY
    db.conn.execute(
        "UPDATE checkpoints SET quarters_since = ?1"
        " WHERE chain = ?2 AND coalesce(quarters_since, 0) < ?1",
        (before, chain),
    )
    deleted = 0
    for basis, measure in product(BASES, MEASURES):
        deleted += db.conn.execute(
            "DELETE FROM histograms"
            " WHERE chain = ?1 AND basis = ?2 AND measure = ?3 AND span_seconds = ?4"
            " AND start = (SELECT min(start) FROM histograms"
            "  WHERE chain = ?1 AND basis = ?2 AND measure = ?3 AND span_seconds = ?4"
            "  AND start < ?5)",
            (chain, basis, measure, QUARTER, before),
        ).rowcount
    return deleted > 0
