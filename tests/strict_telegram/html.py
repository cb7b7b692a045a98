"""Telegram's HTML as plain text and entities.

Source: core.telegram.org/bots/api#html-style. Stricter than Telegram where it would silently
show something else than was meant: a bare `&` or `>`, a link without an address, and nesting that
the rules do not allow, such as bold code, are refused.
"""

import re
import sys
from dataclasses import dataclass, field
from html import unescape
from typing import Any

TOKEN = re.compile(
    r"<(?P<close>/)?(?P<tag>[a-zA-Z][\w-]*)(?P<attributes>[^<>]*)>"
    r"|&(?P<name>#x[0-9a-fA-F]{1,6}|#\d{1,7}|[a-zA-Z]+);"
    r"|(?P<plain>[^<>&]+)"
    r"|(?P<bad>[<>&])"
)
ATTRIBUTE = re.compile(r"\s*([\w-]+)(?:=(?:\"([^\"]*)\"|'([^']*)'|([\w-]+)))?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}
ATTRIBUTES = {"a": {"href"}, "code": {"class"}, "blockquote": {"expandable"}}
QUOTES = {"blockquote", "expandable_blockquote"}
STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler"}
# What each kind may lie in; everything else may lie in quotes and styles.
HOLDERS = {"code": QUOTES | {"pre"}, "pre": QUOTES, "text_link": QUOTES | STYLES}

Entity = dict[str, Any]


class MarkupError(ValueError):
    """Markup that the Bot API does not take; the message says where and why."""


def utf16_length(text: str) -> int:
    """The length that Telegram counts, in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities, in the order in which they open.

    Raises MarkupError for what is not Telegram's HTML.
    """
    parser = _Parser(source)
    for token in TOKEN.finditer(source):
        parser.feed(token)
    return parser.finish()


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Text without blank ends, as it is stored, and the entities moved along and cut to it."""
    kept = text.strip()
    start = utf16_length(text[: len(text) - len(text.lstrip())])
    end = start + utf16_length(kept)
    moved = []
    for entity in entities:
        first = max(entity["offset"], start)
        last = min(entity["offset"] + entity["length"], end)
        if last > first:
            moved.append({**entity, "offset": first - start, "length": last - first})
    return kept, moved


def _at(source: str, place: int) -> str:
    return f"at byte offset {len(source[:place].encode())}"


@dataclass
class _Parser:
    source: str
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    open: list[tuple[str, Entity]] = field(default_factory=list)

    def feed(self, token: re.Match[str]) -> None:
        if token["bad"]:
            where = _at(self.source, token.start())
            raise MarkupError(f"Character {token['bad']!r} must be escaped {where}")
        if token["tag"]:
            end_or_start = self._close if token["close"] else self._open
            end_or_start(token["tag"].lower(), token)
        else:
            self.text += token["plain"] or self._character(token)

    def finish(self) -> tuple[str, list[Entity]]:
        if self.open:
            tag = self.open[-1][0]
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return self.text, [entity for entity in self.entities if entity["length"]]

    def _character(self, token: re.Match[str]) -> str:
        name = token["name"]
        if name in NAMED:
            return NAMED[name]
        if not name.startswith("#"):
            where = _at(self.source, token.start())
            raise MarkupError(f"Unsupported entity {token[0]!r} {where}")
        digits, base = (name[2:], 16) if name[1] == "x" else (name[1:], 10)
        return chr(min(int(digits, base), sys.maxunicode))

    def _open(self, tag: str, token: re.Match[str]) -> None:
        where = _at(self.source, token.start())
        attributes = self._attributes(token, where)
        kind = TAGS.get(tag)
        if tag == "span" and attributes == {"class": "tg-spoiler"}:
            kind = "spoiler"
        elif kind is None:
            raise MarkupError(f'Unsupported start tag "{tag}" {where}')
        elif unknown := attributes.keys() - ATTRIBUTES.get(tag, set()):
            raise MarkupError(f'Unsupported attribute "{min(unknown)}" of tag "{tag}" {where}')
        entity: Entity = {"type": kind, "offset": utf16_length(self.text), "length": 0}
        if tag == "a":
            entity["url"] = _link(attributes, where)
        if "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        self._check_nesting(entity["type"], where)
        self.open.append((tag, entity))
        self.entities.append(entity)

    def _attributes(self, token: re.Match[str], where: str) -> dict[str, str]:
        rest = token["attributes"]
        found = list(ATTRIBUTE.finditer(rest))
        if "".join(match[0] for match in found).strip() != rest.strip():
            raise MarkupError(f'Unclosed or malformed attribute in tag "{token["tag"]}" {where}')
        return {match[1].lower(): match[2] or match[3] or match[4] or "" for match in found}

    def _check_nesting(self, kind: str, where: str) -> None:
        around = {entity["type"] for _, entity in self.open}
        allowed = STYLES if kind in QUOTES else HOLDERS.get(kind, QUOTES | STYLES | {"text_link"})
        if clash := around - allowed:
            raise MarkupError(f"{kind} can't be inside {min(clash)} {where}")

    def _close(self, tag: str, token: re.Match[str]) -> None:
        where = _at(self.source, token.start())
        if not self.open:
            raise MarkupError(f"Unexpected end tag {where}")
        opened, entity = self.open.pop()
        if opened != tag:
            raise MarkupError(
                f'Unmatched end tag {where}, expected "</{opened}>", found "</{tag}>"'
            )
        entity["length"] = utf16_length(self.text) - entity["offset"]


def _link(attributes: dict[str, str], where: str) -> str:
    url = unescape(attributes.get("href", ""))
    if not re.match(r"(?:https?|tg)://\S|mailto:\S", url):
        raise MarkupError(f"A link needs an address {where}, not {url!r}")
    return url
