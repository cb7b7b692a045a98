"""Buttons as Telegram's inline keyboards.

Limits (Bot API, InlineKeyboardButton and CopyTextButton): 64 bytes of callback data, 256
characters to copy; eight buttons a row and a hundred in all are what clients show.
"""

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.platforms.foreign_text import clean_text
from bot.platforms.telegram_html import is_link
from storage.model import Button, Message

ROW = 8
ALL = 100
_LABEL = 64


def render_keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons below a message, without those that Telegram would refuse."""
    rows: list[list[InlineKeyboardButton]] = []
    for row in message.buttons:
        keys = [key for button in row if (key := _render_button(button))]
        rows += [keys[start : start + ROW] for start in range(0, len(keys), ROW)]
    while sum(map(len, rows)) > ALL:
        rows.pop()
    return InlineKeyboardMarkup(rows) if rows else None


def _render_button(button: Button) -> InlineKeyboardButton | None:
    label = clean_text(button.label).strip()[:_LABEL]
    if not label:
        return None
    if is_link(button.url):
        return InlineKeyboardButton(label, url=button.url)
    if button.copy and len(button.copy) <= 256:
        return InlineKeyboardButton(label, copy_text=CopyTextButton(button.copy))
    if button.token and len(button.token.encode()) <= 64:
        return InlineKeyboardButton(label, callback_data=button.token)
    return None
