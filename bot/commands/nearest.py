"""The known word that a mistyped one was most likely meant to be: pure."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

MEANT: Mapping[str, str] = {
    "add": "alerts add", "admin": "members", "admins": "members", "ajustes": "alerts",
    "anomalias": "alerts add anomalies", "anomalien": "alerts add anomalies",
    "anomalies": "alerts add anomalies", "anomaly": "alerts add anomalies",
    "ayuda": "help", "balance": "address", "beobachten": "watch", "bloque": "block",
    "budget": "alerts budget", "claim": "start", "commands": "help", "currency": "units",
    "digest": "alerts digest", "dnd": "quiet", "einstellungen": "alerts", "estado": "status",
    "fee": "chart fees", "fees": "chart fees", "hilfe": "help", "history": "audit",
    "idioma": "language", "info": "help", "join": "start", "kurs": "stats", "list": "alerts",
    "log": "audit", "menu": "help", "parar": "alerts off", "precio": "stats", "preis": "stats",
    "price": "stats", "remove": "alerts", "role": "members", "roles": "members",
    "rules": "alerts", "seguir": "watch", "settings": "alerts", "silence": "mute",
    "silenciar": "mute", "snooze": "mute", "sprache": "language", "stop": "alerts off",
    "stopp": "alerts off", "stumm": "mute", "subscribe": "alerts add", "track": "watch",
    "tz": "timezone", "unfollow": "unwatch", "unsubscribe": "alerts", "untrack": "unwatch",
    "users": "members", "wale": "threshold", "warum": "why", "whale": "threshold",
    "whales": "threshold", "zeitzone": "timezone", "zone": "timezone",
}  # fmt: skip
"""What people say for a command elsewhere or in their language, and what it is here."""
_CLOSE = 0.65
_MOST = 8
_LONG = 9
"""From so many letters on a word may have two slips."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The closest of `known`, one that begins with `word` first; "" where none is close."""
    word, names = word.lower(), list(known)
    begun = [name for name in names if word and name.startswith(word)]
    return next(iter(begun or get_close_matches(word, names, 1, _CLOSE)), "")


def mistyped(word: str, known: Iterable[str]) -> list[str]:
    """Those of `known` that are the word but for a slip, two in a long one; the closest first."""
    allowed = 2 if len(word) >= _LONG else 1
    close = get_close_matches(word, list(known), _MOST, _CLOSE)
    return sorted((name for name in close if slips(word, name) <= allowed),
                  key=lambda name: slips(word, name))  # fmt: skip


def slips(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many, or swapped with the next one."""
    older: list[int] = []
    before = list(range(len(other) + 1))
    for at, letter in enumerate(one):
        row = [at + 1]
        for place, its in enumerate(other):
            least = min(before[place + 1] + 1, row[place] + 1, before[place] + (letter != its))
            if at and place and (one[at - 1], letter) == (its, other[place - 1]):
                least = min(least, older[place - 1] + 1)
            row.append(least)
        older, before = before, row
    return before[-1]
