"""The units in which somebody is shown amounts: whole coins, or the small ones that make them.

As with the language, whoever speaks says once for whom (`bot.language.speaking_to`), and all that
is said within is in those units. Which small unit an asset has says its chain (`Asset.small`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from storage.model import Units
from watchers.model import Asset

CURRENCIES = ("USD", "EUR")
"""The currencies in which prices are always kept, and so can be chosen."""

_shown: ContextVar[Units] = ContextVar("units", default="whole")


@contextmanager
def counting_in(units: Units) -> Iterator[None]:
    """Show all amounts within in these units."""
    token = _shown.set(units)
    try:
        yield
    finally:
        _shown.reset(token)


def counted(asset: Asset) -> Asset:
    """What amounts of an asset are shown in: itself, or its small unit where it has one."""
    if _shown.get() == "whole" or not asset.small:
        return asset
    return Asset(asset.small, asset.small_decimals, asset.base_unit)
