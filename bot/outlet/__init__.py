"""The way out: what is due leaves in its turn and is closed by a verdict.

`delivery` empties the outbox, `compose` says what a message says now, `pacer` keeps
ahead of a platform's limits.
"""
