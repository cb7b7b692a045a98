"""One part of a message as the body of one call to Discord: pure."""

from mimetypes import guess_type
from typing import Any

import msgspec
from msgspec import Struct

from bot.platforms.discord_embed import Embed, render_embeds
from bot.platforms.discord_keyboard import render_components
from storage.model import Message

_CHART = "chart.png"
_ALT = 1024
_SILENT = 1 << 12  # SUPPRESS_NOTIFICATIONS


class File(Struct, frozen=True):
    """What goes beside the words; `shown` in them, or else to be opened."""

    name: str
    data: bytes
    content_type: str
    description: str
    shown: bool


class Part(Struct, frozen=True):
    """What one call says."""

    embed: Embed
    components: list[dict[str, Any]]
    file: File | None
    silent: bool


def parts_of(message: Message) -> list[Part]:
    """The message in parts; only the first makes a sound, and the last has the buttons."""
    embeds = render_embeds(message)
    last = len(embeds) - 1
    return [
        Part(
            embed=embed,
            components=render_components(message) if index == last else [],
            file=None if index else _file(message),
            silent=message.silent or index > 0,
        )
        for index, embed in enumerate(embeds)
    ]


def _file(message: Message) -> File | None:
    if picture := message.picture:
        return File(_CHART, picture.png, "image/png", picture.description, shown=True)
    if document := message.document:
        described = document.description
        kind = guess_type(document.name)[0] or "application/octet-stream"
        return File(document.name, document.content, kind, described, shown=False)
    return None


def render_part(part: Part) -> dict[str, Any]:
    """What a message says, as it is sent or changed: nothing of an older one stays."""
    embed: dict[str, Any] = msgspec.to_builtins(part.embed)
    attachments = []
    if file := part.file:
        if file.shown:
            embed["image"] = {"url": f"attachment://{file.name}"}
        attachments = [{"id": 0, "filename": file.name, "description": file.description[:_ALT]}]
    return {
        "embeds": [embed],
        "components": part.components,
        "attachments": attachments,
        "allowed_mentions": {"parse": []},
    }


def render_new_part(part: Part, nonce: str, reply_to: int | None) -> dict[str, Any]:
    """A new message, which Discord makes only once in a few minutes where there is a `nonce`."""
    body = render_part(part)
    if part.silent:
        body["flags"] = _SILENT
    if nonce:
        body |= {"nonce": nonce, "enforce_nonce": True}
    if reply_to:
        body["message_reference"] = {"message_id": str(reply_to), "fail_if_not_exists": False}
    return body


def render_form(payload: dict[str, Any] | None, file: File) -> list[dict[str, Any]]:
    """A body and the file that it speaks of, as the fields of a form."""
    sent = {"value": file.data, "filename": file.name, "content_type": file.content_type}
    return [
        {"name": "payload_json", "value": msgspec.json.encode(payload).decode()},
        {"name": "files[0]", **sent},
    ]


def says(sent: dict[str, Any], part: Part) -> bool:
    """Whether a message that Discord has says what the part does."""
    (embed, *_) = sent.get("embeds") or [{}]
    said = Embed(embed.get("title", ""), embed.get("description", ""), part.embed.color)
    return said == part.embed
