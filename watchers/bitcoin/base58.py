"""Base58 with a checksum: how Bitcoin writes its oldest addresses and its keys.

Base58Check: version and payload, then the first four bytes of their double SHA-256, written as
one number in base 58; each leading zero byte is a leading `1`.
"""

from hashlib import sha256

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGIT = {character: digit for digit, character in enumerate(ALPHABET)}
_CHECKSUM_BYTES = 4


def encode(payload: bytes) -> str:
    """`payload` (version byte included) with its checksum, as text."""
    content = payload + _checksum(payload)
    number = int.from_bytes(content)
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "1" * zeros + digits


def decode(text: str) -> bytes:
    """The bytes of `text`, checksum included and unchecked; its characters must be ALPHABET's."""
    zeros = len(text) - len(text.lstrip("1"))
    number = _number(text)
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def is_intact(content: bytes) -> bool:
    """Whether decoded bytes end in the checksum of what precedes it."""
    payload, checksum = content[:-_CHECKSUM_BYTES], content[-_CHECKSUM_BYTES:]
    return len(checksum) == _CHECKSUM_BYTES and _checksum(payload) == checksum


def mistyped_position(text: str, size: int) -> int | None:
    """Where one other character would make `text` an intact content of `size` bytes.

    None when no single place would, or more than one. The first character is taken for right.
    """
    number = _number(text)
    found: set[int] = set()
    for position in range(1, len(text)):
        weight = 58 ** (len(text) - 1 - position)
        without = number - _DIGIT[text[position]] * weight
        if any(_is_intact_number(without + digit * weight, size) for digit in range(58)):
            found.add(position)
    return found.pop() if len(found) == 1 else None


def _is_intact_number(number: int, size: int) -> bool:
    return number.bit_length() <= size * 8 and is_intact(number.to_bytes(size))


def _number(text: str) -> int:
    number = 0
    for character in text:
        number = number * 58 + _DIGIT[character]
    return number


def _checksum(payload: bytes) -> bytes:
    return sha256(sha256(payload).digest()).digest()[:_CHECKSUM_BYTES]
