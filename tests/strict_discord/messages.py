"""Messages as the server remembers them and as the API tells them."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.png import PictureError, measure_photo

if TYPE_CHECKING:
    from tests.strict_discord.channels import Channel

Json = dict[str, Any]

CDN = "https://cdn.discordapp.com/attachments"
EPHEMERAL = 1 << 6
SILENT = 1 << 12


def iso(seconds: float) -> str:
    """A time as the API writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


@dataclass(eq=False)
class File:
    """What was attached to a message."""

    id: int
    name: str
    data: bytes
    kind: str
    description: str | None = None

    def as_json(self, channel_id: int) -> Json:
        """The attachment of the API."""
        url = f"{CDN}/{channel_id}/{self.id}/{self.name}"
        told: Json = {"id": str(self.id), "filename": self.name, "size": len(self.data)}
        told |= {"url": url, "proxy_url": url, "content_type": self.kind}
        if self.description is not None:
            told["description"] = self.description
        return told | self._size()

    def _size(self) -> Json:
        try:
            width, height = measure_photo(self.data)
        except PictureError:
            return {}
        return {"width": width, "height": height}


@dataclass(eq=False)
class Message:
    """A message as it stands; `edits` are its earlier states, oldest first.

    `created` and `edited` are seconds of the server's clock. `interaction` is the metadata of
    the interaction that it answered. `ephemeral` messages are seen by one person only.
    """

    id: int
    channel: "Channel"
    author: Json
    created: float
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    flags: int = 0
    nonce: str | int | None = None
    reply_to: int | None = None
    interaction: Json | None = None
    application_id: int | None = None
    edited: float | None = None
    edits: list["Message"] = field(default_factory=list)
    deleted: bool = False
    taken: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def silent(self) -> bool:
        """Whether nobody is notified."""
        return bool(self.flags & SILENT)

    @property
    def text(self) -> str:
        """Everything that can be read, content first, then embeds from top to bottom."""
        lines = [self.content, *(line for embed in self.embeds for line in _embed_lines(embed))]
        return "\n".join(line for line in lines if line)

    @property
    def buttons(self) -> list[list[str]]:
        """Rows of labels."""
        return [
            [str(each.get("label", "")) for each in row["components"] if each["type"] == 2]
            for row in self.components
            if row["type"] == 1
        ]

    def button(self, label: str) -> Json:
        """The button with this label, or whose label begins so, an ellipsis aside.

        Raises AssertionError when there is none, more than one, or it cannot be pressed.
        """
        buttons = [each for row in self.components for each in row.get("components", [])]
        exact = [each for each in buttons if each.get("label") == label]
        begun = label.rstrip("…").strip()
        found = exact or [each for each in buttons if str(each.get("label")).startswith(begun)]
        assert len(found) == 1, f"{len(found)} buttons {label!r} among {self.buttons}"
        assert "custom_id" in found[0], f"the button {label!r} is a link"
        assert not found[0].get("disabled"), f"the button {label!r} is disabled"
        return dict(found[0])

    def remember(self) -> None:
        """Keep the present state among the edits, before it is changed."""
        state = copy.copy(self)
        state.edits = []
        self.edits.append(state)

    def restore(self) -> None:
        """Go back to the state before, because the change was refused."""
        before = self.edits.pop()
        self.content, self.embeds, self.files = before.content, before.embeds, before.files
        self.components, self.flags = before.components, before.flags

    def as_json(self) -> Json:
        """The message of the API."""
        told: Json = {
            "id": str(self.id),
            "type": 0 if self.interaction is None else 20,
            "channel_id": str(self.channel.id),
            "author": self.author,
            "content": self.content,
            "timestamp": iso(self.created),
            "edited_timestamp": None if self.edited is None else iso(self.edited),
            "embeds": [self._told_embed(embed) for embed in self.embeds],
            "components": self.components,
            "attachments": [file.as_json(self.channel.id) for file in self.files],
            "flags": self.flags,
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
        }
        return told | self._optional()

    def _optional(self) -> Json:
        told: Json = {"nonce": self.nonce, "interaction_metadata": self.interaction}
        if self.application_id is not None:
            told["application_id"] = told["webhook_id"] = str(self.application_id)
        if self.reply_to is not None:
            reference = {"type": 0, "channel_id": str(self.channel.id)}
            told["message_reference"] = reference | {"message_id": str(self.reply_to)}
        return {name: value for name, value in told.items() if value is not None}

    def _told_embed(self, embed: Json) -> Json:
        told: Json = {key: value for key, value in embed.items() if value is not None}
        told["type"] = "rich"
        told["fields"] = [{"inline": False} | each for each in embed.get("fields") or []]
        for place in ("image", "thumbnail"):
            if place in told:
                told[place] = {"url": self._address(told[place]["url"])}
        return told

    def _address(self, url: str) -> str:
        name = url.removeprefix("attachment://")
        found = [file for file in self.files if file.name == name and name != url]
        return f"{CDN}/{self.channel.id}/{found[0].id}/{name}" if found else url


def _embed_lines(embed: Json) -> Iterator[str]:
    yield (embed.get("author") or {}).get("name", "")
    yield embed.get("title") or ""
    yield embed.get("description") or ""
    for each in embed.get("fields") or []:
        yield each["name"]
        yield each["value"]
    yield (embed.get("footer") or {}).get("text", "")
