"""Text that strangers wrote, made harmless wherever it is shown."""

import unicodedata


def clean_text(text: str) -> str:
    """Foreign text on one line: no controls, and nothing invisible or right-to-left forced."""
    return "".join(_visible(character) for character in text)


def count_units(text: str) -> int:
    """The length of `text` in UTF-16 code units, as chat platforms count it."""
    return len(text) + sum(character > "\uffff" for character in text)


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in {"Cc", "Cf", "Cs"} else character
