"""The methods that change messages, and the answer to a pressed button."""

from tests.strict_telegram.chats import Json, Message
from tests.strict_telegram.content import read_caption, read_markup, read_text
from tests.strict_telegram.refusal import bad_request
from tests.strict_telegram.sending import attached, fill_medium
from tests.strict_telegram.world import QUERY_SECONDS, World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
STALE = "query is too old and response timeout expired or query ID is invalid"


def edit_message_text(world: World, given: Json) -> Json:
    """New words and a new keyboard, or none, for a text."""
    words = read_text(given)
    markup = read_markup(given)
    message = world.find_message(given, "edit")
    if message.media:
        raise bad_request("there is no text in the message to edit")
    _refuse_same(
        (message.text, message.entities, message.markup), (words.plain, words.entities, markup)
    )
    message.remember()
    message.text, message.html, message.entities = words.plain, words.source, words.entities
    return _edited(world, message, markup)


def edit_message_caption(world: World, given: Json) -> Json:
    """A new caption and a new keyboard, or none, for a medium."""
    words = read_caption(given)
    markup = read_markup(given)
    message = world.find_message(given, "edit")
    if not message.media:
        raise bad_request("there is no caption in the message to edit")
    _refuse_same(
        (message.caption, message.entities, message.markup), (words.plain, words.entities, markup)
    )
    message.remember()
    message.caption, message.html, message.entities = words.plain, words.source, words.entities
    return _edited(world, message, markup)


def edit_message_media(world: World, given: Json) -> Json:
    """Another picture or file, with its caption and keyboard."""
    markup = read_markup(given)
    message = world.find_message(given, "edit")
    medium = given["media"]
    message.remember()
    fill_medium(world, message, {**medium, "media": attached(given, medium["media"])})
    return _edited(world, message, markup)


def edit_message_reply_markup(world: World, given: Json) -> Json:
    """Another keyboard, or none."""
    markup = read_markup(given)
    message = world.find_message(given, "edit")
    _refuse_same(message.markup, markup)
    message.remember()
    return _edited(world, message, markup)


def delete_message(world: World, given: Json) -> bool:
    """Take a message of the bot away."""
    world.find_message(given, "delete").deleted = True
    world.bell.ring()
    return True


def answer_callback_query(world: World, given: Json) -> bool:
    """Answer a pressed button, once and in time."""
    query = world.queries.get(given["callback_query_id"])
    if query is None or query.answer is not None:
        raise bad_request(STALE)
    if world.clock() - query.pressed_at > QUERY_SECONDS:
        raise bad_request(STALE)
    query.answer = given
    world.bell.ring()
    return True


def _refuse_same(before: object, after: object) -> None:
    if before == after:
        raise bad_request(NOT_MODIFIED)


def _edited(world: World, message: Message, markup: Json | None) -> Json:
    message.markup = markup
    world.bell.ring()
    return world.told(message)
