"""What is no command: a pasted address, id, height or amount, or just words."""

from bot.commands.command import Call
from bot.desk import Desk
from bot.words import refuse
from storage.model import Button, Message


async def answer_text(text: str, call: Call, desk: Desk) -> Message:
    """What can be done with what was pasted, as buttons."""
    del text, call, desk
    return refuse(
        "Paste an address, a transaction id or a block height, or see what I can do.",
        buttons=((Button("Help", "/help"),),),
    )
