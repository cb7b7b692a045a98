"""The content of a message as a call gives it, refused where Discord would refuse it.

Source of the limits: docs.discord.com/developers/resources/message#embed-object-embed-limits,
docs.discord.com/developers/components/reference.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.png import PictureError, measure_photo
from tests.strict_discord.messages import EPHEMERAL, File, Json, Message
from tests.strict_discord.refusal import Refusal, empty_message, invalid_form
from tests.strict_discord.world import World

LONGEST_CONTENT = 2000
LONGEST_EMBEDS = 6000
LARGEST_FILE = 10 * 1024 * 1024
SILENT, NO_EMBEDS = 1 << 12, 1 << 2
LINK = 5


@dataclass
class Upload:
    """A part of a form that is a file."""

    name: str
    data: bytes
    kind: str


@dataclass
class Given:
    """A request as it was read: path and query as text, the JSON and the files."""

    path: dict[str, str]
    query: dict[str, str]
    body: Any
    files: dict[str, Upload] = field(default_factory=dict)


def fill(world: World, message: Message, given: Given, told: Json | None = None) -> Message:
    """Set on a message what a call names; what it does not name stays.

    Raises the refusal of content that breaks a limit, or of a message that is left empty.
    """
    told = (given.body if told is None else told) or {}
    if any(len(file.data) > LARGEST_FILE for file in given.files.values()):
        raise Refusal(413, 40005, "Request entity too large", wrong=True)
    problems = [*_problems(told), *_problems_of_files(told, given.files)]
    if problems:
        raise invalid_form(problems)
    kept_files = message.files
    if given.files or told.get("attachments") is not None:
        kept_files = list(_attached(world, message, told, given.files))
    content = told.get("content", message.content) or ""
    embeds = told.get("embeds", message.embeds) or []
    if not (content.strip() or embeds or kept_files):
        raise empty_message()
    names = {file.name for file in kept_files}
    if dangling := [name for embed in embeds for name in _referred(embed) if name not in names]:
        raise invalid_form([f"embeds: attachment://{name} is not attached" for name in dangling])
    message.content, message.embeds, message.files = content, embeds, kept_files
    message.components = list(_numbered(told.get("components", message.components) or []))
    message.flags = told.get("flags", message.flags) or 0
    return message


def is_ephemeral(told: Json) -> bool:
    """Whether the call asks for a message that one person sees."""
    return bool((told.get("flags") or 0) & EPHEMERAL)


def needed_permissions(message: Message) -> Iterator[str]:
    """What the bot must be allowed to do where it sends this."""
    yield "send_messages_in_threads" if message.channel.parent else "send_messages"
    if message.embeds:
        yield "embed_links"
    if message.files:
        yield "attach_files"


def _problems(told: Json) -> Iterator[str]:
    if len(told.get("content") or "") > LONGEST_CONTENT:
        yield f"content: must be {LONGEST_CONTENT} or fewer in length"
    if (told.get("flags") or 0) & ~(EPHEMERAL | SILENT | NO_EMBEDS):
        yield f"flags: {told['flags']} may not be set here"
    embeds = told.get("embeds") or []
    if (size := sum(map(_size, embeds))) > LONGEST_EMBEDS:
        yield f"embeds: {size} characters over all, {LONGEST_EMBEDS} at most"
    if any(_size(embed) == 0 and not list(_pictures(embed)) for embed in embeds):
        yield "embeds: an embed must not be empty"
    for embed in embeds:
        yield from _problems_of_fields(embed)
    yield from _problems_of_components(told.get("components") or [])


def _problems_of_fields(embed: Json) -> Iterator[str]:
    """The description gives fields no lower bound; Discord requires both texts."""
    for number, each in enumerate(embed.get("fields") or []):
        for name in ("name", "value"):
            if not str(each.get(name) or "").strip():
                yield f"embeds.fields.{number}.{name}: this field is required"
    for name in ("footer", "author"):
        part = embed.get(name)
        if part and not (part.get("text") or part.get("name")):
            yield f"embeds.{name}: this field is required"


def _problems_of_components(rows: list[Json]) -> Iterator[str]:
    if len(rows) > 5:
        yield f"components: {len(rows)} rows, 5 at most"
    buttons = [each for row in rows for each in row.get("components", []) if each["type"] == 2]
    ids = [each["custom_id"] for each in buttons if each.get("custom_id")]
    for twice in {each for each in ids if ids.count(each) > 1}:
        yield f"components: custom_id {twice!r} is not unique"
    for each in buttons:
        link = each["style"] == LINK
        if bool(each.get("url")) != link or bool(each.get("custom_id")) == link:
            yield "components: a link has an url, any other button a custom_id"
        if not (each.get("label") or each.get("emoji")):
            yield "components: a button needs a label or an emoji"


def _problems_of_files(told: Json, files: dict[str, Upload]) -> Iterator[str]:
    """Parts are named files[n], and the attachments with a small id n refer to them."""
    numbers = {f"files[{number}]" for number in range(10)}
    for name, file in files.items():
        if name not in numbers:
            yield f"{name}: no such part"
        if file.name.endswith(".png") and _is_broken(file.data):
            yield f"{name}: {file.name} is no PNG"
    described = [each for each in told.get("attachments") or [] if int(each["id"]) < 10]
    for each in described:
        part = files.get(f"files[{each['id']}]")
        if part is None:
            yield f"attachments: there is no part files[{each['id']}]"
        elif each.get("filename") not in {None, part.name}:
            yield f"attachments: files[{each['id']}] is {part.name}, not {each['filename']}"


def _is_broken(data: bytes) -> bool:
    try:
        measure_photo(data)
    except PictureError:
        return True
    return False


def _attached(
    world: World, message: Message, told: Json, files: dict[str, Upload]
) -> Iterator[File]:
    described = {str(each["id"]): each for each in told.get("attachments") or []}
    if "attachments" not in told:
        yield from message.files
    for file in message.files:
        if str(file.id) in described:
            yield file
    for name, part in sorted(files.items()):
        about = described.get(name.removeprefix("files[").removesuffix("]"), {})
        kind = "image/png" if part.name.endswith(".png") else part.kind
        yield File(world.new_id(world.now()), part.name, part.data, kind, about.get("description"))


def _size(embed: Json) -> int:
    """What counts of an embed: docs.discord.com, embed limits."""
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    for each in embed.get("fields") or []:
        texts += [each.get("name"), each.get("value")]
    return sum(len(text.strip()) for text in texts if text)


def _pictures(embed: Json) -> Iterator[str]:
    for place in ("image", "thumbnail"):
        if url := (embed.get(place) or {}).get("url"):
            yield str(url)


def _referred(embed: Json) -> Iterator[str]:
    for url in _pictures(embed):
        if url.startswith("attachment://"):
            yield url.removeprefix("attachment://")


def _numbered(rows: list[Json]) -> Iterator[Json]:
    """The components with ids, which Discord gives where none are sent."""
    number = 0
    for row in rows:
        number += 1
        numbered = {"id": number} | {k: v for k, v in row.items() if v is not None}
        children = []
        for child in row.get("components", []):
            number += 1
            children.append({"id": number} | {k: v for k, v in child.items() if v is not None})
        yield numbered | {"components": children}
