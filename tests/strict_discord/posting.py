"""The calls that make, change, read and delete messages in channels."""

from tests.strict_discord.channels import Channel
from tests.strict_discord.content import Given, fill, needed_permissions
from tests.strict_discord.messages import Json, Message
from tests.strict_discord.permissions import BITS
from tests.strict_discord.refusal import (
    Refusal,
    closed_to_bots,
    invalid_form,
    missing_permissions,
)
from tests.strict_discord.world import World

HOUR = 3600.0


def create_message(world: World, given: Given) -> Json:
    """POST /channels/{id}/messages."""
    channel = world.find_channel(given.path["channel_id"])
    message = Message(world.new_id(world.now()), channel, world.bot_user, world.now())
    fill(world, message, given)
    if message.ephemeral:
        raise invalid_form(["flags: only an answer to an interaction can be ephemeral"])
    _check_entry(world, channel, message)
    message.reply_to = _replied(channel, given.body)
    message.nonce = given.body.get("nonce")
    if given.body.get("enforce_nonce") and (earlier := _same_nonce(world, message)):
        world.repeats.append(earlier)
        return earlier.as_json()
    if channel.archived:
        channel.unarchive()
    return world.keep(message).as_json()


def update_message(world: World, given: Given) -> Json:
    """PATCH /channels/{id}/messages/{id}."""
    message = _own(world, given)
    channel = message.channel
    if channel.archived:
        raise Refusal(400, 50083, "Tried to perform an operation on an archived thread")
    _check_age(world, message)
    message.remember()
    try:
        fill(world, message, given)
        if given.files:
            _demand(channel, "attach_files")
    except Refusal:
        message.restore()
        raise
    return world.change(message).as_json()


def get_message(world: World, given: Given) -> Json:
    """GET /channels/{id}/messages/{id}."""
    channel = world.find_channel(given.path["channel_id"])
    if (
        channel.guild
        and not channel.permissions_of(channel.guild.me) & BITS["read_message_history"]
    ):
        raise missing_permissions()
    return world.find_message(channel, given.path["message_id"]).as_json()


def delete_message(world: World, given: Given) -> None:
    """DELETE /channels/{id}/messages/{id}."""
    message = _own(world, given)
    if message.channel.archived:
        raise Refusal(400, 50083, "Tried to perform an operation on an archived thread")
    message.deleted = True
    world.bell.ring()


def trigger_typing_indicator(world: World, given: Given) -> None:
    """POST /channels/{id}/typing."""
    channel = world.find_channel(given.path["channel_id"])
    _demand(channel, "send_messages")


def get_channel(world: World, given: Given) -> Json:
    """GET /channels/{id}."""
    return world.find_channel(given.path["channel_id"]).as_json()


def create_dm(world: World, given: Given) -> Json:
    """POST /users/@me/channels."""
    person = world.people.get(int(given.body.get("recipient_id") or 0))
    if person is None:
        raise Refusal(400, 50033, "Invalid Recipient(s)")
    return world.dm_of(person).as_json()


def _own(world: World, given: Given) -> Message:
    channel = world.find_channel(given.path["channel_id"])
    message = world.find_message(channel, given.path["message_id"])
    if message.author["id"] != world.bot_user["id"]:
        raise Refusal(403, 50005, "Cannot edit a message authored by another user")
    return message


def _check_entry(world: World, channel: Channel, message: Message) -> None:
    if channel.person is not None and not world.is_reachable(channel.person):
        raise closed_to_bots()
    for name in needed_permissions(message):
        _demand(channel, name)
    if channel.locked:
        raise Refusal(400, 160005, "Thread is locked")


def _demand(channel: Channel, name: str) -> None:
    guild = channel.guild
    if guild is not None and not channel.permissions_of(guild.me) & BITS[name]:
        raise missing_permissions()


def _replied(channel: Channel, body: Json) -> int | None:
    """The message that is answered; one that is gone is an error unless told otherwise."""
    reference = body.get("message_reference")
    if not reference:
        return None
    message = channel.history.get(int(reference["message_id"]))
    if message is not None and not message.deleted:
        return message.id
    if reference.get("fail_if_not_exists", True):
        raise invalid_form(["message_reference: Unknown message"])
    return None


def _same_nonce(world: World, message: Message) -> Message | None:
    """The message with the same nonce of the past few minutes, in whichever channel it is."""
    if message.nonce is None:
        return None
    since = world.now() - world.nonce_seconds
    for earlier in reversed(world.sent):
        if earlier.created < since:
            return None
        if earlier.nonce == message.nonce:
            return earlier
    return None


def _check_age(world: World, message: Message) -> None:
    """Messages of more than an hour can be edited seldom; the real numbers are not published."""
    now = world.now()
    if now - message.created < HOUR:
        return
    recent = [
        at
        for at, other in world.edited
        if other.channel is message.channel
        and at - other.created >= HOUR
        and at > now - world.old_edits_seconds
    ]
    if len(recent) >= world.old_edits:
        text = "Maximum number of edits to messages older than 1 hour reached. Try again later."
        wait = recent[0] + world.old_edits_seconds - now if recent else world.old_edits_seconds
        raise Refusal(429, 30046, text, more={"retry_after": round(wait, 3), "global": False})
