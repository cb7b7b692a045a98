"""Every method that this server answers, by its name in the description."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.strict_telegram import editing, sending, settings
from tests.strict_telegram.chats import Json
from tests.strict_telegram.world import World

METHODS: Mapping[str, Callable[[World, Json], Any]] = {
    "answerCallbackQuery": editing.answer_callback_query,
    "deleteMessage": editing.delete_message,
    "deleteMyCommands": settings.delete_my_commands,
    "deleteWebhook": settings.delete_webhook,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "editMessageText": editing.edit_message_text,
    "getChat": settings.get_chat,
    "getChatAdministrators": settings.get_chat_administrators,
    "getChatMember": settings.get_chat_member,
    "getFile": settings.get_file,
    "getMe": settings.get_me,
    "getMyCommands": settings.get_my_commands,
    "getWebhookInfo": settings.get_webhook_info,
    "sendChatAction": sending.send_chat_action,
    "sendDocument": sending.send_document,
    "sendMediaGroup": sending.send_media_group,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "setChatMenuButton": settings.set_chat_menu_button,
    "setMyCommands": settings.set_my_commands,
    "setMyDescription": settings.set_my_description,
    "setMyShortDescription": settings.set_my_short_description,
}
# What the limits on speed count: everything that a reader sees.
COUNTED = {
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "sendMediaGroup",
    "editMessageCaption",
    "editMessageMedia",
    "editMessageReplyMarkup",
    "editMessageText",
}
