"""Why a text is no address of a chain, in the language of whoever typed it: pure."""

from bot.language import _
from watchers.model import AddressError


def reason_of(error: AddressError) -> str:
    """Why a text is no address, in the language in which is spoken."""
    values = {
        name: reason_of(value) if isinstance(value, AddressError) else value
        for name, value in error.values.items()
    }
    return _(error.message).format(**values)
