"""`/train [chain]`: learn a chain anew, now."""

from bot.commands.command import Call, Parameter, Type
from bot.desk import Desk
from bot.language import marked
from bot.learning.due import NEEDED
from bot.learning.lesson import not_enough_words
from bot.wording.models import format_begun, format_busy, format_too_little
from storage.features import KEPT_SECONDS, Amount, amount_of
from storage.model import Message
from watchers.model import Chain


class Train:
    """Begins a training; what came of it is told in a message of its own."""

    name = "train"
    summary = marked("Learn anew, now, what is usual on a chain")
    parameters = (Parameter("chain", Type.CHAIN, marked("The one to learn"), required=False),)
    examples = ("/train", "/train bitcoin")
    changes = True
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer, at once."""
        chain: Chain = call.arguments.get("chain") or next(iter(desk.chains.values()))
        since = call.now - KEPT_SECONDS
        amount: Amount = await desk.read(amount_of, chain.name, since, NEEDED)
        if amount.rows < NEEDED:
            return format_too_little(chain, not_enough_words(amount.rows))
        begun = await desk.train(chain.name, call.chat.id)
        return format_begun(chain) if begun else format_busy()
