"""Every operation that this server answers, by its id in the description."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.strict_discord import account, commands, posting, responding
from tests.strict_discord.content import Given
from tests.strict_discord.world import World

METHODS: Mapping[str, Callable[[World, Given], Any]] = {
    "bulk_set_application_commands": commands.bulk_set_application_commands,
    "bulk_set_guild_application_commands": commands.bulk_set_guild_application_commands,
    "create_dm": posting.create_dm,
    "create_interaction_response": responding.create_interaction_response,
    "create_message": posting.create_message,
    "delete_message": posting.delete_message,
    "delete_original_webhook_message": responding.delete_original_webhook_message,
    "delete_webhook_message": responding.delete_webhook_message,
    "execute_webhook": responding.execute_webhook,
    "get_bot_gateway": account.get_bot_gateway,
    "get_channel": posting.get_channel,
    "get_guild_member": account.get_guild_member,
    "get_message": posting.get_message,
    "get_my_application": account.get_my_application,
    "get_my_oauth2_application": account.get_my_application,
    "get_my_user": account.get_my_user,
    "get_original_webhook_message": responding.get_original_webhook_message,
    "get_user": account.get_user,
    "get_webhook_message": responding.get_webhook_message,
    "leave_guild": account.leave_guild,
    "list_application_commands": commands.list_application_commands,
    "list_guild_application_commands": commands.list_guild_application_commands,
    "trigger_typing_indicator": posting.trigger_typing_indicator,
    "update_message": posting.update_message,
    "update_original_webhook_message": responding.update_original_webhook_message,
    "update_webhook_message": responding.update_webhook_message,
}
