"""What a person may mean by the first letters of an argument, told from memory alone.

It is asked at every key that is pressed, and must answer while the database is busy.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct

from bot.commands.command import Parameter, Type, UsageError
from bot.commands.times import FOREVER, parse_duration, parse_period
from bot.commands.values import Chains
from bot.units import CURRENCIES
from bot.wording.amounts import USD
from bot.wording.words import short
from detectors.interests import Interests
from storage.model import Chat

Place: TypeAlias = tuple[str, str, str]
"""A platform, and the address and thread of a chat there."""

MOST = 25
"""As many candidates as anybody reads, and as Discord shows."""
_DURATIONS = ("30m", "1h", "8h", "24h", "7d", FOREVER)
_PERIODS = ("1h", "24h", "7d", "30d", "365d")


class Offer(Struct, frozen=True):
    """A candidate: the text that would be given, and what it is in words, "" for nothing more."""

    text: str
    meaning: str = ""


class Completion:
    """Candidates for a parameter in a chat; `places` are the ids of the chats known so far."""

    def __init__(self, chains: Chains, interests: Interests, places: Mapping[Place, int]) -> None:
        self.chains = chains
        self._interests = interests
        self._places = dict(places)

    def meet(self, chat: Chat) -> None:
        """Remember a chat in which whoever is there may ask."""
        self._places[chat.platform, chat.address, chat.thread] = chat.id

    def __call__(
        self,
        place: Place,
        parameter: Parameter,
        typed: str,
        given: Mapping[str, str] = MappingProxyType({}),
    ) -> Sequence[Offer]:
        """What fits what is typed so far, the likeliest first; no more than `MOST`.

        `given`: the other arguments, as far as they are known.
        """
        begun = typed.strip().casefold()
        offered = parameter.offers(typed, given) if parameter.offers else ()
        texts = dict.fromkeys((*parameter.choices, *offered))
        choices = [Offer(text) for text in texts if text.casefold().startswith(begun)]
        return [*choices, *self._of_type(parameter.type, place, begun)][:MOST]

    def _of_type(self, type_: Type, place: Place, begun: str) -> Iterable[Offer]:
        match type_:
            case Type.ADDRESS | Type.WATCH:
                return self._watches(place, begun)
            case Type.CHAIN:
                return self._named_chains(begun)
            case Type.DURATION:
                return _spans(begun, _DURATIONS, parse_duration)
            case Type.PERIOD:
                return _spans(begun, _PERIODS, parse_period)
            case Type.UNIT | Type.UNITS:
                units = self._units() if type_ is Type.UNIT else self._shown()
                return [Offer(unit) for unit in units if unit.casefold().startswith(begun)]
            case _:
                return ()

    def _units(self) -> Iterable[str]:
        return (*dict.fromkeys(chain.asset.symbol for chain in self.chains.values()), USD.symbol)

    def _shown(self) -> Iterator[str]:
        """Units to show amounts in, currencies to show their worth in, and each pair."""
        assets = [chain.asset for chain in self.chains.values()]
        units = [name for asset in assets for name in (asset.symbol, asset.small) if name]
        yield from (*units, *CURRENCIES)
        yield from (f"{unit} {currency}" for unit in units for currency in CURRENCIES)

    def _watches(self, place: Place, begun: str) -> Iterator[Offer]:
        """What the chat watches: by the beginning of its address, or any part of its label."""
        for watch in self._interests.watched_in(self._places.get(place, 0)):
            if watch.address.casefold().startswith(begun) or begun in watch.label.casefold():
                yield Offer(watch.address, f"{watch.label} {short(watch.address)}".lstrip())

    def _named_chains(self, begun: str) -> Iterator[Offer]:
        for chain in self.chains.values():
            names = (chain.name, chain.title, chain.asset.symbol)
            if any(name.casefold().startswith(begun) for name in names):
                yield Offer(chain.name, chain.title)


def _spans(begun: str, common: Iterable[str], parse: Callable[[str], int]) -> Iterator[Offer]:
    """The common ones that begin so, and what was typed itself where it can be read."""
    fitting = [text for text in common if text.startswith(begun)]
    if begun and begun not in fitting:
        try:
            parse(begun)
        except UsageError:
            pass
        else:
            yield Offer(begun)
    yield from map(Offer, fitting)
