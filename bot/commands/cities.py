"""Names of zones beyond their own: cities and countries in each language, and abbreviations."""

import unicodedata
from collections.abc import Mapping

from msgspec import Struct

from bot.language import LANGUAGES

_LARGE: Mapping[str, str] = {
    "Africa/Johannesburg": "cape_town kapstadt durban pretoria",
    "Africa/Lagos": "abuja kano",
    "America/Bogota": "medellin cali",
    "America/Chicago": "houston dallas austin san_antonio new_orleans",
    "America/Los_Angeles": "san_francisco portland seattle san_diego las_vegas",
    "America/Mexico_City": "guadalajara cdmx",
    "America/New_York": "nyc boston miami washington philadelphia atlanta orlando",
    "America/Sao_Paulo": "rio_de_janeiro brasilia belo_horizonte",
    "America/Toronto": "montreal ottawa quebec",
    "Asia/Dubai": "abu_dhabi",
    "Asia/Jerusalem": "tel_aviv",
    "Asia/Kolkata": "mumbai bombay delhi new_delhi bangalore bengaluru chennai hyderabad pune",
    "Asia/Shanghai": "beijing peking pekin shenzhen guangzhou hangzhou",
    "Asia/Tokyo": "osaka kyoto",
    "Europe/Berlin": "munich munchen hamburg frankfurt cologne koln stuttgart dusseldorf leipzig",
    "Europe/Istanbul": "ankara izmir",
    "Europe/London": "manchester edinburgh glasgow birmingham liverpool",
    "Europe/Madrid": "barcelona valencia sevilla bilbao malaga",
    "Europe/Paris": "lyon marseille nice toulouse",
    "Europe/Rome": "milan mailand milano naples neapel napoli turin",
    "Europe/Vienna": "graz linz salzburg innsbruck",
    "Europe/Zurich": "geneva genf ginebra basel bern lausanne",
}
"""Cities that people name and that have no zone of their own name."""
ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    "bst": ("Europe/London",), "cet": ("Europe/Berlin", "Europe/Paris", "Europe/Madrid"),
    "cst": ("America/Chicago", "Asia/Shanghai"), "eet": ("Europe/Athens", "Europe/Kyiv"),
    "est": ("America/New_York", "America/Toronto"), "gmt": ("Europe/London", "UTC"),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"), "jst": ("Asia/Tokyo",),
    "mez": ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich"), "msk": ("Europe/Moscow",),
    "mst": ("America/Denver", "America/Phoenix"), "pst": ("America/Los_Angeles",),
    "wat": ("Africa/Lagos",), "wet": ("Europe/Lisbon",), "aest": ("Australia/Sydney",),
}  # fmt: skip
"""What an abbreviation may mean: offered, never taken, for each means one half of the year."""
_SUMMER = {"cest": "cet", "cdt": "cst", "eest": "eet", "edt": "est", "et": "est", "mdt": "mst",
           "mesz": "mez", "pdt": "pst", "pt": "pst", "ct": "cst", "west": "wet"}  # fmt: skip


class Place(Struct, frozen=True):
    """A zone that may be meant, and the name of the place there, "" where it is its own."""

    zone: str
    name: str = ""

    @property
    def label(self) -> str:
        """`Atlanta (America/New_York)`, or the zone alone."""
        return f"{self.name} ({self.zone})" if self.name else self.zone


class Named(Struct, frozen=True):
    """How a city or a country is written, and the zones that it has."""

    name: str
    zones: tuple[str, ...]


def folded(text: str) -> str:
    """A name without case, accents and the marks between its words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "_".join(letters.replace("-", " ").replace("_", " ").replace(",", " ").split())


def abbreviated(text: str) -> tuple[str, ...]:
    """The zones that an abbreviation may mean, none for what is none."""
    name = folded(text)
    return ABBREVIATIONS.get(_SUMMER.get(name, name), ())


def other_names(zones: frozenset[str]) -> dict[str, Named]:
    """What a folded name of a city or of a country means, in each language."""
    from babel import Locale  # noqa: PLC0415 - wanted by who names a zone alone
    from babel.core import get_global  # noqa: PLC0415 - as above

    lands: dict[str, tuple[str, ...]] = {}
    for zone, land in get_global("zone_territories").items():
        lands[land] = (*lands.get(land, ()), *((zone,) if zone in zones else ()))
    names = [
        Named(name.replace("_", " ").title(), (zone,))
        for zone, found in _LARGE.items()
        for name in found.split()
    ]
    for language in LANGUAGES:
        locale = Locale.parse(language)
        names += [Named(name, lands.get(land, ())) for land, name in locale.territories.items()]
        cities = {zone: words.get("city") for zone, words in locale.time_zones.items()}
        names += [Named(city, (zone,)) for zone, city in cities.items() if city and zone in zones]
    return {folded(named.name): named for named in names if named.zones}
