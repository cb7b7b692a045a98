"""The known word that a mistyped one was most likely meant to be: pure."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

MEANT: Mapping[str, str] = {
    "add": "alerts add", "admin": "members", "admins": "members", "balance": "address",
    "budget": "alerts budget", "claim": "start", "currency": "units", "digest": "alerts digest",
    "dnd": "quiet", "fee": "chart fees", "fees": "chart fees", "history": "audit", "join": "start",
    "list": "alerts", "log": "audit", "menu": "help", "price": "stats", "remove": "alerts",
    "role": "members", "roles": "members", "rules": "alerts", "settings": "alerts",
    "silence": "mute", "snooze": "mute", "stop": "alerts off", "subscribe": "alerts add",
    "track": "watch", "tz": "timezone", "unfollow": "unwatch", "unsubscribe": "alerts",
    "untrack": "unwatch", "users": "members", "whale": "threshold", "whales": "threshold",
    "zone": "timezone",
}  # fmt: skip
"""What people say for a command elsewhere, and what it is here."""
_CLOSE = 0.65


def nearest(word: str, known: Iterable[str]) -> str:
    """The closest of `known`, one that begins with `word` first; "" where none is close."""
    word, names = word.lower(), list(known)
    begun = [name for name in names if word and name.startswith(word)]
    return next(iter(begun or get_close_matches(word, names, 1, _CLOSE)), "")
