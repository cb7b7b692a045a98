"""The command table as Discord's slash commands.

Limits (https://discord.com/developers/docs/interactions/application-commands): names of 32
characters, descriptions of 100, 25 options, 25 choices of 100 characters; what must be given
stands before what may be left out.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from inspect import Parameter as Argument
from inspect import Signature
from typing import Any, Protocol, TypeAlias

from discord import Attachment, Client, Interaction, InteractionType, app_commands
from discord.app_commands import Choice
from discord.http import Route

from bot.commands.command import Command, Parameter, Type
from bot.commands.completion import MOST, Offer
from bot.commands.values import Chains
from bot.language import _, load_languages, marked, offered, speaking
from bot.platforms.discord_translator import Descriptions

Payload: TypeAlias = Mapping[str, Any]
Options: TypeAlias = Mapping[str, str]
Given: TypeAlias = "Interaction[Client]"
SlashCommand: TypeAlias = "app_commands.Command[Any, ..., None]"

_LOG = logging.getLogger(__name__)
_STALE = marked("Discord shows an older list of my commands. Reload Discord, then try again.")
_DESCRIPTION = 100
_CHOICE = 100
_HIGHEST = 10**12 - 1
"""As many digits as a block height may have; Discord's integers end at 2 ** 53."""
_COMPLETED = {
    Type.ADDRESS, Type.CHAIN, Type.DURATION, Type.PERIOD, Type.UNIT, Type.UNITS, Type.WATCH,
}  # fmt: skip


class Asked(Protocol):
    """Who takes what people ask; see `discord_answers`."""

    async def give(
        self, interaction: Given, command: Command, options: Options, file: Attachment | None
    ) -> None:
        """Answer a command."""

    async def complete(
        self, interaction: Given, parameter: Parameter, typed: str
    ) -> list[Choice[str]]:
        """What may be meant by what is typed so far, beside the other options."""


class SlashTree(app_commands.CommandTree[Client]):
    """The slash commands of one client."""

    async def show(self) -> bool:
        """Tell Discord of the commands, where it does not know them as they are.

        Whether it had to be told. Raises `discord.HTTPException`.
        """
        await asyncio.to_thread(load_languages)
        translator = Descriptions()
        await self.set_translator(translator)
        told = [await c.get_translated_payload(self, translator) for c in self.get_commands()]
        # Without being asked, Discord leaves the other languages out of its answer.
        way = "/applications/{application}/commands?with_localizations=true"
        route = Route("GET", way, application=self.client.application_id or 0)
        kept: Sequence[Payload] = await self.client.http.request(route)
        if is_current(told, kept):
            return False
        await self.sync()
        return True

    async def on_error(self, interaction: Given, error: app_commands.AppCommandError, /) -> None:
        """Say what cannot be answered: most likely Discord still shows what was yesterday."""
        _LOG.error("an interaction could not be handled", exc_info=error)
        shown = interaction.type is InteractionType.application_command
        if shown and not interaction.response.is_done():
            with speaking(offered(str(interaction.locale))):
                stale = _(_STALE)
            await interaction.response.send_message(stale, ephemeral=True)


def slash_tree(
    client: Client, commands: Sequence[Command], chains: Chains, asked: Asked
) -> SlashTree:
    """The tree that answers a client's interactions; a client has only one."""
    tree = SlashTree(client)
    for command in slash_commands(commands, chains, asked):
        tree.add_command(command)
    return tree


def slash_commands(commands: Sequence[Command], chains: Chains, asked: Asked) -> list[SlashCommand]:
    """Each command as Discord shows it."""
    return [_slash_command(command, chains, asked) for command in commands]


def _slash_command(command: Command, chains: Chains, asked: Asked) -> SlashCommand:
    async def callback(interaction: Given, **options: object) -> None:
        given = {name: value for name, value in options.items() if value is not None}
        files = [value for value in given.values() if isinstance(value, Attachment)]
        texts = {n: str(v) for n, v in given.items() if not isinstance(v, Attachment)}
        await asked.give(interaction, command, texts, files[0] if files else None)

    parameters = command.parameters
    _sign(callback, parameters)
    app_commands.describe(**{p.name: p.summary[:_DESCRIPTION] for p in parameters})(callback)
    chosen = {p.name: c for p in parameters if (c := choices_of(p, chains))}
    app_commands.choices(**chosen)(callback)
    completed = {p.name: _completion(p, asked) for p in parameters if _is_completed(p, chosen)}
    app_commands.autocomplete(**completed)(callback)
    if command.changes:  # a hint that a server may change: whoever gives it is checked anyway
        app_commands.default_permissions(manage_guild=True)(callback)
    return app_commands.Command(
        name=command.name,
        description=command.summary[:_DESCRIPTION],
        callback=callback,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )


def _sign(callback: Callable[..., Awaitable[None]], parameters: Sequence[Parameter]) -> None:
    """Give a callback the signature from which the library reads a command's options."""
    arguments = [Argument("interaction", Argument.POSITIONAL_OR_KEYWORD)]
    for parameter in parameters:
        default = Argument.empty if parameter.required else None
        arguments.append(
            Argument(
                parameter.name,
                Argument.KEYWORD_ONLY,
                default=default,
                annotation=_annotation(parameter),
            )
        )
    callback.__signature__ = Signature(arguments)  # type: ignore[attr-defined]


def _annotation(parameter: Parameter) -> object:
    if parameter.type is Type.FILE:
        return Attachment
    if parameter.type in {Type.HEIGHT, Type.NUMBER} and not parameter.choices:
        return app_commands.Range[int, 0, _HIGHEST]
    return str


def choices_of(parameter: Parameter, chains: Chains) -> list[Choice[str]]:
    """The only values that a parameter takes; none where others are taken, too."""
    if parameter.type is Type.CHOICE:
        choices = [Choice(name=choice, value=choice) for choice in parameter.choices]
    elif parameter.type is Type.CHAIN and not parameter.choices:
        choices = [Choice(name=chain.title, value=chain.name) for chain in chains.values()]
    else:
        choices = []
    return choices if len(choices) <= MOST else []


def _is_completed(parameter: Parameter, chosen: Mapping[str, object]) -> bool:
    if parameter.name in chosen:
        return False
    return parameter.type in _COMPLETED or bool(parameter.choices or parameter.offers)


def _completion(
    parameter: Parameter, asked: Asked
) -> Callable[[Given, str], Coroutine[Any, Any, list[Choice[str]]]]:
    async def complete(interaction: Given, typed: str) -> list[Choice[str]]:
        return await asked.complete(interaction, parameter, typed)

    return complete


def format_offers(offers: Sequence[Offer]) -> list[Choice[str]]:
    """Candidates as Discord takes them; one that is too long to be given is left out."""
    fitting = [offer for offer in offers if len(offer.text) <= _CHOICE]
    return [
        Choice(name=(offer.meaning or offer.text)[:_CHOICE], value=offer.text)
        for offer in fitting[:MOST]
    ]


def is_current(told: Sequence[Payload], kept: Sequence[Payload]) -> bool:
    """Whether the commands that Discord keeps are those that it would be told of.

    What it keeps is compared rather than a note of what was once said: it stays right when
    the token becomes another application's, or another program changes the commands.
    """
    return sorted(map(_core, told)) == sorted(map(_core, kept))


def _core(command: Payload) -> str:
    """What of a command is ours to say, however Discord completes, orders and spells it."""
    rights = command.get("default_member_permissions")
    core = [
        command["name"],
        command.get("description"),
        sorted((command.get("description_localizations") or {}).items()),
        None if rights is None else str(rights),
        sorted(command.get("contexts") or ()),
        sorted(command.get("integration_types") or ()),
        [_core_of_option(option) for option in command.get("options") or ()],
    ]
    return json.dumps(core)


def _core_of_option(option: Payload) -> list[object]:
    return [
        *(option.get(key) for key in ("name", "type", "description", "min_value", "max_value")),
        *(bool(option.get(key)) for key in ("required", "autocomplete")),
        sorted((option.get("description_localizations") or {}).items()),
        [[choice["name"], choice["value"]] for choice in option.get("choices") or ()],
    ]
