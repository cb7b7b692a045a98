"""The calls about the bot itself and about where the gateway is."""

from tests.strict_discord.content import Given
from tests.strict_discord.messages import Json
from tests.strict_discord.refusal import unknown
from tests.strict_discord.world import World


def get_my_user(world: World, given: Given) -> Json:
    """GET /users/@me."""
    private = {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}
    told = world.bot_user | private
    told.pop("primary_guild")
    return told


def get_my_application(world: World, given: Given) -> Json:
    """GET /oauth2/applications/@me and /applications/@me."""
    count = len(world.guilds)
    return {
        "id": str(world.bot_id),
        "name": world.bot_name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": world.bot_user,
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": world.owner,
        "approximate_guild_count": count,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }


def get_bot_gateway(world: World, given: Given) -> Json:
    """GET /gateway/bot."""
    gateway = world.gateway
    limit = {"total": 1000, "remaining": gateway.starts, "reset_after": 86_400_000}
    limit["max_concurrency"] = 1
    return {"url": gateway.url, "shards": gateway.shards, "session_start_limit": limit}


def get_user(world: World, given: Given) -> Json:
    """GET /users/{id}."""
    person = world.people.get(int(given.path["user_id"]))
    if person is None:
        raise unknown("User")
    return person.user


def get_guild_member(world: World, given: Given) -> Json:
    """GET /guilds/{id}/members/{id}."""
    guild = world.guilds.get(int(given.path["guild_id"]))
    if guild is None or not guild.present:
        raise unknown("Guild")
    member = guild.members.get(int(given.path["user_id"]))
    if member is None:
        raise unknown("Member")
    return member.as_member()


def leave_guild(world: World, given: Given) -> None:
    """DELETE /users/@me/guilds/{id}."""
    guild = world.guilds.get(int(given.path["guild_id"]))
    if guild is None or not guild.present:
        raise unknown("Guild")
    guild.kick_bot()
