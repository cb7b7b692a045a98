"""The known word that a mistyped one was most likely meant to be: pure."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str:
    """The closest of `known`, one that begins with `word` first; "" where none is close."""
    word, names = word.lower(), list(known)
    begun = [name for name in names if word and name.startswith(word)]
    return next(iter(begun or get_close_matches(word, names, 1, 0.6)), "")
