"""A language in which every translated letter is a wide one: plain ones were not translated.

What stands in placeholders stays as it is.
"""

import re
from contextlib import contextmanager
from gettext import NullTranslations
from unittest.mock import patch

from bot import language

CODE = "xx"
_PIECE = re.compile(r"(\{[^{}]*\})")
_WIDE = {code: code - 0x21 + 0xFF01 for code in (*range(0x41, 0x5B), *range(0x61, 0x7B))}


def wide(text):
    """A text with wide letters outside its placeholders."""
    return "".join(
        piece if piece.startswith("{") else piece.translate(_WIDE) for piece in _PIECE.split(text)
    )


class Wide(NullTranslations):
    """Every message there is, in wide letters."""

    def gettext(self, message):
        return wide(message)

    def pgettext(self, context, message):
        return wide(message)

    def ngettext(self, singular, plural, count):
        return wide(singular if count == 1 else plural)


_SIGNS = language.Signs(
    ".", ",", tuple(map(wide, language.signs_of("en").months)),
    tuple(map(wide, language.signs_of("en").weekdays)), "{day} {month}", "{sign}{amount}",
)  # fmt: skip


@contextmanager
def spoken():
    """Add the language to those that there are."""
    catalogues, signs = language.catalogue, language.signs_of

    def catalogue(code):
        return Wide() if code == CODE else catalogues(code)

    def signs_of(code):
        return _SIGNS if code == CODE else signs(code)

    with (
        patch.object(language, "LANGUAGES", {**language.LANGUAGES, CODE: wide("Wide")}),
        patch.object(
            language, "catalogue", lambda code: Wide() if code == CODE else catalogue(code)
        ),
        patch.object(language, "signs_of", signs_of),
    ):
        yield
