"""Buttons on Discord: known again by what they bear, however long ago they were sent."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeAlias

from discord import Client, Interaction
from discord.ui import Button, DynamicItem, View

from storage.buttons import REPLACES, SENDS

TEMPLATE = re.compile(rf"(?P<kind>{REPLACES}|{SENDS}):\d{{1,18}}", re.ASCII)
"""What a button of ours bears: see `storage.buttons`."""
Pressed: TypeAlias = Callable[["Interaction[Client]", str], Awaitable[None]]


def button_item(pressed: Pressed) -> type[DynamicItem[Any]]:
    """The item that a client knows every button of ours by; `pressed` answers its token.

    Nothing of a message is kept for it, so that it works after a restart as before.
    """

    class Pressable(DynamicItem[Button[View]], template=TEMPLATE):
        @classmethod
        async def from_custom_id(
            cls,
            interaction: "Interaction[Client]",  # noqa: ARG003 - the library's
            item: Any,  # the library's base of all items
            match: "re.Match[str]",  # noqa: ARG003 - the library's
            /,
        ) -> Self:
            return cls(item)

        async def callback(self, interaction: "Interaction[Client]") -> None:
            await pressed(interaction, self.custom_id)

    return Pressable


def replaces(token: str) -> bool:
    """Whether a button's answer takes the place of the message that bears it."""
    return token.startswith(f"{REPLACES}:")
