"""The methods that make new messages."""

from typing import Any

from tests.strict_telegram.chats import Chat, Json, Message
from tests.strict_telegram.content import (
    read_caption,
    read_document,
    read_markup,
    read_photo,
    read_text,
)
from tests.strict_telegram.refusal import Refusal, bad_request
from tests.strict_telegram.spec import Upload
from tests.strict_telegram.world import World

ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def send_message(world: World, given: Json) -> Json:
    """A text."""
    words = read_text(given)
    markup = read_markup(given)
    message = _new_message(world, given)
    message.text, message.html, message.entities = words.plain, words.source, words.entities
    message.markup = markup
    return world.told(world.post(message))


def send_photo(world: World, given: Json) -> Json:
    """A picture with a caption."""
    return world.told(_send_medium(world, {**given, "type": "photo", "media": given["photo"]}))


def send_document(world: World, given: Json) -> Json:
    """A file with a caption."""
    medium = {**given, "type": "document", "media": given["document"]}
    return world.told(_send_medium(world, medium))


def send_media_group(world: World, given: Json) -> list[Json]:
    """An album of 2 to 10 pictures, or of as many files."""
    media = given["media"]
    if not 2 <= len(media) <= 10:
        raise bad_request("an album has 2 to 10 items", wrong=True)
    album = f"1{next(world.numbers):016}"
    items = [{**given, **medium, "media": attached(given, medium["media"])} for medium in media]
    messages = [_medium_message(world, item) for item in items]
    for message in messages:
        message.album = album
    return [world.told(world.post(message)) for message in messages]


def send_chat_action(world: World, given: Json) -> bool:
    """Typing, uploading and the like."""
    chat = world.open_chat(given["chat_id"])
    world.open_thread(chat, given.get("message_thread_id"))
    if given["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request", wrong=True)
    return True


def fill_medium(world: World, message: Message, medium: Json) -> None:
    """Give a message a picture or file and its caption."""
    words = read_caption(medium)
    if (kind := f"{medium['type']}s") in message.chat.forbidden:
        raise bad_request(f"not enough rights to send {kind} to the chat")
    if medium["type"] == "photo":
        message.photo, message.media = read_photo(world, medium["media"])
        message.document = None
    elif medium["type"] == "document":
        message.document, message.media = read_document(world, medium["media"])
        message.photo = None
    else:
        raise Refusal(501, f"{medium['type']} is not known to this server", wrong=True)
    message.text = ""
    message.caption, message.html, message.entities = words.plain, words.source, words.entities


def attached(given: Json, media: str) -> Upload | str:
    """The upload that `attach://name` speaks of, or the file_id that it is."""
    if not media.startswith("attach://"):
        return media
    upload: Any = given.get(media.removeprefix("attach://"))
    if not isinstance(upload, Upload):
        raise bad_request(f"file {media} was not uploaded", wrong=True)
    return upload


def _send_medium(world: World, medium: Json) -> Message:
    return world.post(_medium_message(world, medium))


def _medium_message(world: World, medium: Json) -> Message:
    message = _new_message(world, medium)
    message.markup = read_markup(medium)
    fill_medium(world, message, medium)
    return message


def _new_message(world: World, given: Json) -> Message:
    chat = world.open_chat(given["chat_id"])
    thread = world.open_thread(chat, given.get("message_thread_id"))
    reply_to = _replied(chat, given.get("reply_parameters"))
    silent = given.get("disable_notification", False)
    return Message(chat.next_id(), chat, thread=thread, reply_to=reply_to, silent=silent)


def _replied(chat: Chat, reply: Json | None) -> int | None:
    if reply is None:
        return None
    message_id: int = reply["message_id"]
    if chat.knows(message_id):
        return message_id
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")
