"""Reads markdown as Discord's apps do, as far as it matters what a reader sees.

The rules are tried in this order at each place, as the apps try them; what none takes is text.
"""

import re
from typing import NamedTuple

RULES = {
    "escape": re.compile(r"\\([^0-9A-Za-z\s])"),
    "block": re.compile(
        r"```(?:[a-z0-9_+\-.#]+?\n)?\n*([^\n][^]*?)\n*```".replace("[^]", r"[\s\S]")
    ),
    "autolink": re.compile(r"<(https?://[^ >]+)>"),
    "url": re.compile(r"https?://[^\s<]+[^<.,:;\"')\]\s]"),
    "link": re.compile(
        r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]"
        r"\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?\s*\)"
    ),
    "strong": re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"),
    "underline": re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"),
    "em": re.compile(
        r"\b_((?:__|\\[\s\S]|[^\\_])+?)_\b"
        r"|\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"
    ),
    "strike": re.compile(r"~~([\s\S]+?)~~(?!_)"),
    "code": re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)"),
    "spoiler": re.compile(r"\|\|([\s\S]+?)\|\|"),
    "mention": re.compile(r"<(?:@[!&]?|#|a?:\w+:|t:-?|/[^>]+:|id:)[^>]*>|@everyone|@here"),
    "emoji": re.compile(r":([^\s:]+?(?:::skin-tone-\d)?):"),
}
LINE = re.compile(r"(?m)^\s*(?:#{1,3}\s|-#\s|>\s|>>>\s|[-*+]\s|\d+\.\s)")
INNER = {"strong", "underline", "em", "strike", "spoiler"}


class Seen(NamedTuple):
    """What a reader sees: the text, and the marks as (rule, what it applies to)."""

    text: str
    marks: list[tuple[str, str]]


def read_markdown(markup: str) -> Seen:
    """Raises AssertionError for what would begin a heading, a quote or a list."""
    found = LINE.search(re.sub(r"```[\s\S]*?```", "", markup))
    assert not found, f"a line begins with {found[0]!r}"
    return _read(markup)


def _read(markup: str) -> Seen:
    text, marks, at = "", [], 0
    while at < len(markup):
        rule, match = _match(markup, at)
        if match is None:
            text, at = text + markup[at], at + 1
            continue
        shown = _shown(rule, match)
        text += shown.text
        marks += ([(rule, shown.text)] if rule != "escape" else []) + shown.marks
        at = match.end()
    return Seen(text, marks)


def _match(markup, at):
    for rule, pattern in RULES.items():
        if match := pattern.match(markup, at):
            return rule, match
    return "", None


def _shown(rule: str, match: re.Match[str]) -> Seen:
    if rule == "link":
        inner = _read(match[1])
        return Seen(inner.text, [*inner.marks, ("to", match[2])])
    if rule in INNER:
        return _read(next(group for group in match.groups() if group is not None))
    if rule in {"escape", "autolink", "block"}:
        return Seen(match[1], [])
    return Seen(match[2] if rule == "code" else match[0], [])
