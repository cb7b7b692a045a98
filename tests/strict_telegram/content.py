"""The content of a message as a call gives it, refused where the Bot API would refuse it."""

import re
from dataclasses import dataclass
from typing import Any

from tests.png import PictureError, measure_photo
from tests.strict_telegram.chats import Json
from tests.strict_telegram.html import MarkupError, parse_html, trim, utf16_length
from tests.strict_telegram.refusal import Refusal, bad_request
from tests.strict_telegram.spec import Upload
from tests.strict_telegram.world import World

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
MOST_ENTITIES = 100
# Not documented; seen by those who went beyond.
MOST_BUTTONS = 100
MOST_BUTTONS_IN_ROW = 8
DOCUMENT_BYTES = 50 * 1024 * 1024
LABELS = {"text", "icon_custom_emoji_id", "style"}
ADDRESS = re.compile(r"(?:https?|tg|ton)://[^\s/]+\.?\S*")


@dataclass
class Words:
    """A text or caption: plain, as it was sent, and its entities."""

    plain: str
    source: str
    entities: list[Json]


def read_text(given: Json) -> Words:
    """The text of a message. Raises the refusal of an empty or too long one."""
    words = _read_words(given.get("text", ""), given, "entities")
    if not words.plain:
        raise bad_request("message text is empty", wrong=True)
    if utf16_length(words.plain) > TEXT_LENGTH:
        raise bad_request("message is too long", wrong=True)
    return words


def read_caption(given: Json) -> Words:
    """The caption of a medium, which may be empty. Raises the refusal of a too long one."""
    words = _read_words(given.get("caption", ""), given, "caption_entities")
    if utf16_length(words.plain) > CAPTION_LENGTH:
        raise bad_request("message caption is too long", wrong=True)
    return words


def read_markup(given: Json) -> Json | None:
    """The keyboard, or none without buttons. Raises the refusal of what Telegram would not show."""
    markup: Json | None = given.get("reply_markup")
    if markup is None:
        return None
    if "inline_keyboard" not in markup:
        return markup
    rows = markup["inline_keyboard"]
    if any(len(row) > MOST_BUTTONS_IN_ROW for row in rows) or sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long", wrong=True)
    for row in rows:
        for button in row:
            _check_button(button)
    return {"inline_keyboard": [row for row in rows if row]} if any(rows) else None


def read_photo(world: World, value: Any) -> tuple[bytes, Json]:
    """A picture's bytes and the fields that tell it. Raises the refusal of what is none."""
    data = _read_file(world, value)
    try:
        width, height = measure_photo(data)
    except PictureError as error:
        raise bad_request(str(error), wrong=True) from error
    told = _file_json(world, data) | {"width": width, "height": height}
    return data, {"photo": [told]}


def read_document(world: World, value: Any) -> tuple[bytes, Json]:
    """A document's bytes and the fields that tell it."""
    data = _read_file(world, value)
    if not data:
        raise bad_request("file must be non-empty", wrong=True)
    if len(data) > DOCUMENT_BYTES:
        raise Refusal(413, "Request Entity Too Large", wrong=True)
    name = {"file_name": value.name} if isinstance(value, Upload) else {}
    return data, {"document": _file_json(world, data) | name}


def _read_words(source: str, given: Json, entities_field: str) -> Words:
    mode = given.get("parse_mode", "")
    entities = given.get(entities_field, [])
    if mode.upper() == "HTML":
        try:
            plain, entities = parse_html(source)
        except MarkupError as error:
            raise bad_request(f"can't parse entities: {error}", wrong=True) from error
    elif mode:
        raise Refusal(501, f"parse mode {mode!r} is not known to this server", wrong=True)
    else:
        plain = source
    if len(entities) > MOST_ENTITIES:
        raise bad_request(f"{len(entities)} entities in one message", wrong=True)
    plain, entities = trim(plain, entities)
    return Words(plain, source, entities)


def _check_button(button: Json) -> None:
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty", wrong=True)
    acts = button.keys() - LABELS
    if len(acts) != 1:
        label = button["text"]
        reason = f"can't parse inline keyboard button {label!r}: it does {len(acts)} things"
        raise bad_request(reason, wrong=True)
    if "url" in button and not ADDRESS.fullmatch(button["url"]):
        reason = f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
        raise bad_request(reason, wrong=True)


def _read_file(world: World, value: Any) -> bytes:
    if isinstance(value, Upload):
        return value.data
    if value not in world.files:
        raise bad_request("wrong file identifier/HTTP URL specified", wrong=True)
    return world.files[value]


def _file_json(world: World, data: bytes) -> Json:
    file_id = world.keep_file(data)
    return {"file_id": file_id, "file_unique_id": f"U{file_id}", "file_size": len(data)}
