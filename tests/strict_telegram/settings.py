"""The methods about the bot itself, and those that ask about chats, people and files."""

import re

from tests.strict_telegram.chats import Json
from tests.strict_telegram.refusal import bad_request
from tests.strict_telegram.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"(?:[a-z]{2})?")
MOST_COMMANDS = 100


def get_me(world: World, given: Json) -> Json:
    """The bot."""
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


def set_my_commands(world: World, given: Json) -> bool:
    """The menu of one scope and language."""
    commands = given["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH", wrong=True)
    if any(not COMMAND.fullmatch(command["command"]) for command in commands):
        raise bad_request("BOT_COMMAND_INVALID", wrong=True)
    if any(not command["description"].strip() for command in commands):
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID", wrong=True)
    world.commands[_scope(world, given), _language(given)] = commands
    world.bell.ring()
    return True


def get_my_commands(world: World, given: Json) -> list[Json]:
    """The menu of one scope and language."""
    return world.commands.get((_scope(world, given), _language(given)), [])


def delete_my_commands(world: World, given: Json) -> bool:
    """Forget the menu of one scope and language."""
    world.commands.pop((_scope(world, given), _language(given)), None)
    return True


def set_my_description(world: World, given: Json) -> bool:
    """What an empty chat shows."""
    world.descriptions["description", _language(given)] = given.get("description", "")
    return True


def set_my_short_description(world: World, given: Json) -> bool:
    """What the profile shows."""
    world.descriptions["short_description", _language(given)] = given.get("short_description", "")
    return True


def set_chat_menu_button(world: World, given: Json) -> bool:
    """The button beside the text field, of a private chat or of all."""
    chat_id = given.get("chat_id")
    if chat_id is not None and world.find_chat(chat_id).is_group:
        raise bad_request("chat_id must be a private chat", wrong=True)
    world.menu_buttons[chat_id] = given.get("menu_button", {"type": "default"})
    return True


def delete_webhook(world: World, given: Json) -> bool:
    """There never is one here; pending updates can be dropped."""
    if given.get("drop_pending_updates"):
        world.updates.pending.clear()
    return True


def get_webhook_info(world: World, given: Json) -> Json:
    """No webhook, and how much is pending."""
    pending = len(world.updates.pending)
    return {"url": "", "has_custom_certificate": False, "pending_update_count": pending}


def get_chat(world: World, given: Json) -> Json:
    """A chat in full."""
    gifts = ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"]
    return world.find_chat(given["chat_id"]).as_json() | {
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys([*gifts, "gifts_from_channels"], False),
    }


def get_chat_member(world: World, given: Json) -> Json:
    """What a user is in a chat."""
    chat = world.open_chat(given["chat_id"])
    user = world.users.get(given["user_id"])
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return chat.member_json(user)


def get_chat_administrators(world: World, given: Json) -> list[Json]:
    """Those who run a group; other bots are left out."""
    chat = world.open_chat(given["chat_id"])
    if not chat.is_group:
        raise bad_request("there are no administrators in the private chat")
    return [
        chat.member_json(world.users[user_id])
        for user_id, status in chat.members.items()
        if status in {"creator", "administrator"}
    ]


def get_file(world: World, given: Json) -> Json:
    """Where a file can be fetched."""
    file_id = given["file_id"]
    if file_id not in world.files:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    size = len(world.files[file_id])
    path = f"files/{file_id}"
    told = {"file_id": file_id, "file_unique_id": f"U{file_id}", "file_path": path}
    return told | {"file_size": size}


def _scope(world: World, given: Json) -> str:
    scope = given.get("scope", {"type": "default"})
    if "chat_id" in scope:
        world.find_chat(scope["chat_id"])
    parts = [scope[name] for name in ("type", "chat_id", "user_id") if name in scope]
    return ":".join(map(str, parts))


def _language(given: Json) -> str:
    language: str = given.get("language_code", "")
    if not LANGUAGE.fullmatch(language):
        raise bad_request("LANG_CODE_INVALID", wrong=True)
    return language
