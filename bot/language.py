"""The language in which somebody is spoken to: gettext catalogues and the locale's signs.

Messages are whole English sentences with named placeholders, which are their own ids:
`_("{name} was here.").format(name=…)`. Whoever answers, composes or writes a notice says once
for whom (`speaking_to`); what is said within is in that language. The catalogues in
`bot/languages/` are read once, when they are first needed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from threading import Lock

from msgspec import Struct

from bot.units import counting_in
from storage.model import Chat
from watchers import model

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {ENGLISH: "English", "de": "Deutsch", "es": "Español"}
"""The languages there are, by ISO 639-1 code, each in its own name."""
CATALOGUES = Path(__file__).with_name("languages")

_LOADING = Lock()
_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


class Signs(Struct, frozen=True):
    """How numbers and dates are written: `day` is `{day} {month}`, `money` `{sign}{amount}`."""

    decimal: str
    group: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    day: str
    money: str


_ENGLISH_SIGNS = Signs(
    ".",
    ",",
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "{day} {month}",
    "{sign}{amount}",
)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say all that is said within in a language, English where it is not there."""
    token = _spoken.set(language if language in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _spoken.reset(token)


@contextmanager
def speaking_to(chat: Chat) -> Iterator[None]:
    """Say all that is said within as a chat wants it: in its language and its units."""
    with speaking(chat.language), counting_in(chat.units):
        yield


def spoken() -> str:
    """The language in which is spoken."""
    return _spoken.get()


def offered(tag: str) -> str:
    """The language that a platform's tag (`de-AT`) means, "" where it is not there."""
    language = tag.replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else ""


def _(message: str) -> str:
    """A message in the language in which is spoken."""
    return catalogue(_spoken.get()).gettext(message)


def pgettext(context: str, message: str) -> str:
    """As `_`, for what means different things in different places."""
    return catalogue(_spoken.get()).pgettext(context, message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form of a message for a number of things; `bot.wording.words.many` fills it in."""
    return catalogue(_spoken.get()).ngettext(singular, plural, count)


def marked(message: str) -> str:
    """A message as it is, to be translated by `_` where it is said: for constants."""
    return message


def unsealed(text: str) -> str:
    """What was kept to be said later (`watchers.model.sealed`), in the language spoken."""
    return model.unsealed(text, catalogue(_spoken.get()).gettext)


def signs() -> Signs:
    """How the language in which is spoken writes numbers and dates."""
    return signs_of(_spoken.get())


@cache
def catalogue(language: str) -> NullTranslations:
    """The messages of a language; what it does not have stays English."""
    if language == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - English needs none of it
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    compiled = BytesIO()
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def signs_of(language: str) -> Signs:
    """How a language writes numbers and dates, as its locale says (Unicode CLDR)."""
    if language == ENGLISH:
        return _ENGLISH_SIGNS
    from babel import Locale  # noqa: PLC0415 - English needs none of it

    locale = Locale.parse(language)
    numbers, months = locale.number_symbols["latn"], locale.months["format"]["abbreviated"]
    days = locale.days["format"]["abbreviated"]
    day = str(locale.datetime_skeletons["MMMd"].pattern)
    before = locale.currency_formats["standard"].pattern.startswith("¤")
    return Signs(
        numbers["decimal"],
        numbers["group"],
        tuple(months[number].rstrip(".") for number in range(1, 13)),  # else "22. Nov.."
        tuple(days[number] for number in range(7)),
        day.replace("MMM", "{month}").replace("d", "{day}", 1),
        "{sign}{amount}" if before else "{amount}\N{NO-BREAK SPACE}{sign}",
    )


def load_languages() -> None:
    """Have every language ready, so that nobody waits for the first word in theirs.

    Takes a good part of a second: for another thread. Whoever comes second waits for the first.
    """
    with _LOADING:
        for language in LANGUAGES:
            catalogue(language)
            signs_of(language)
