"""Buttons as Discord's message components.

Limits (docs.discord.com, "Component Reference"): five rows of five buttons, a label of 80
characters, a `custom_id` of 100 that no other button of the message has, a URL of 512.
"""

from typing import Any

from bot.platforms.discord_markdown import is_link
from bot.platforms.foreign_text import clean_text
from storage.model import Button, Message

ROW = 5
ROWS = 5
_LABEL = 80
_TOKEN = 100
_ACTION_ROW, _BUTTON = 1, 2
_SECONDARY, _LINK = 2, 5


def render_components(message: Message) -> list[dict[str, Any]]:
    """The buttons below a message, without those that Discord would refuse.

    A text to copy has no button here: the embed shows it.
    """
    rows: list[dict[str, Any]] = []
    known: set[str] = set()
    for row in message.buttons:
        keys = [key for button in row if (key := _render_button(button, known))]
        starts = range(0, len(keys), ROW)
        rows += [{"type": _ACTION_ROW, "components": keys[at : at + ROW]} for at in starts]
    return rows[:ROWS]


def _render_button(button: Button, known: set[str]) -> dict[str, Any] | None:
    label = clean_text(button.label).strip()[:_LABEL]
    if not label:
        return None
    if is_link(button.url):
        return {"type": _BUTTON, "style": _LINK, "label": label, "url": button.url}
    if button.token in known or not 0 < len(button.token) <= _TOKEN:
        return None
    known.add(button.token)
    return {"type": _BUTTON, "style": _SECONDARY, "label": label, "custom_id": button.token}
