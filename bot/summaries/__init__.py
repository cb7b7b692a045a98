"""Summaries: when each is due, what it is compared with, and how it gets into the outbox."""
