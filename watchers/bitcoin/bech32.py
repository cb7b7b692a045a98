"""Bech32 and bech32m: how Bitcoin writes witness programs (BIP-173 and BIP-350).

A text is `bc`, the separator `1`, and values of five bits: the witness version, the program,
and six values of checksum. Version 0 is checked by bech32, later versions by bech32m. The
checksum is a cyclic code that tells up to four wrong characters in 89, so that a single wrong
one can be located.
"""

from collections.abc import Iterable, Sequence

from watchers.model import AddressError

CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
PREFIX = "bc1"
MAX_LENGTH = 90

_VALUE = {character: value for value, character in enumerate(CHARSET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32, _BECH32M = 1, 0x2BC830A3
_CHECKSUM_VALUES = 6
_EXPANDED_PREFIX = (3, 3, 0, 2, 3)  # "bc": the high bits of both letters, 0, their low bits


def encode(version: int, program: bytes) -> str:
    """The lower-case text of a witness program."""
    values = [version, *_regroup(program, 8, 5)]
    residue = _polymod((*_EXPANDED_PREFIX, *values, *[0] * _CHECKSUM_VALUES))
    checksum = residue ^ _constant(version)
    values += [checksum >> 5 * (_CHECKSUM_VALUES - 1 - i) & 31 for i in range(_CHECKSUM_VALUES)]
    return PREFIX + "".join(CHARSET[value] for value in values)


def is_intact(text: str) -> bool:
    """Whether a lower-case `bc1…` ends in a checksum, of either kind, of what precedes it."""
    return _residue(_values(text)) in {_BECH32, _BECH32M}


def decode(text: str) -> tuple[int, bytes]:
    """Witness version and program of an intact lower-case `bc1…`.

    Raises AddressError where the standards forbid what it holds.
    """
    values = _values(text)
    data = values[:-_CHECKSUM_VALUES]
    if not data:
        raise AddressError("It holds no data.")
    version = data[0]
    if version > 16:
        raise AddressError("Its version is {version}, and versions end at 16.", version=version)
    if _residue(values) != _constant(version):
        raise AddressError("Its checksum is of the wrong kind for its version.")
    program = _program(data[1:])
    size = len(program)
    if not 2 <= size <= 40:
        raise AddressError("Its program has {size} bytes, and 2 to 40 are allowed.", size=size)
    if version == 0 and size not in {20, 32}:
        raise AddressError("Its program has {size} bytes, and version 0 takes 20 or 32.", size=size)
    return version, program


def mistyped_position(text: str) -> int | None:
    """Where one other character would make a lower-case `bc1…` valid, if there is one such place.

    The checksum is linear, so a wrong character shows as a residue that depends only on its
    place and on the difference; both kinds of checksum are tried.
    """
    values = _values(text)
    found = {
        position
        for constant in (_BECH32, _BECH32M)
        for position, change in _single_changes(_residue(values) ^ constant, len(values))
        if _is_valid(text, position, values[position] ^ change)
    }
    return len(PREFIX) + found.pop() if len(found) == 1 else None


def _single_changes(residue: int, count: int) -> Iterable[tuple[int, int]]:
    for change in range(1, 32):
        effect = change
        for position in reversed(range(count)):
            if effect == residue:
                yield position, change
            effect = _shifted(effect)


def _is_valid(text: str, position: int, value: int) -> bool:
    at = len(PREFIX) + position
    try:
        decode(text[:at] + CHARSET[value] + text[at + 1 :])
    except AddressError:
        return False
    return True


def _program(values: Sequence[int]) -> bytes:
    spare_bits = len(values) * 5 % 8
    if spare_bits > 4 or (values and values[-1] & ((1 << spare_bits) - 1)):
        raise AddressError("It carries padding that no wallet writes.")
    return bytes(_regroup(values, 5, 8))[: len(values) * 5 // 8]


def _regroup(values: Iterable[int], from_bits: int, to_bits: int) -> list[int]:
    """The same bits in groups of another size, the last one filled up with zeros."""
    groups, buffer, bits = [], 0, 0
    for value in values:
        buffer, bits = buffer << from_bits | value, bits + from_bits
        while bits >= to_bits:
            bits -= to_bits
            groups.append(buffer >> bits)
            buffer &= (1 << bits) - 1
    return [*groups, buffer << (to_bits - bits)] if bits else groups


def _values(text: str) -> list[int]:
    return [_VALUE[character] for character in text[len(PREFIX) :]]


def _constant(version: int) -> int:
    return _BECH32M if version else _BECH32


def _residue(values: Sequence[int]) -> int:
    return _polymod((*_EXPANDED_PREFIX, *values))


def _polymod(values: Iterable[int]) -> int:
    residue = 1
    for value in values:
        residue = _shifted(residue) ^ value
    return residue


def _shifted(residue: int) -> int:
    top = residue >> 25
    residue = (residue & 0x1FFFFFF) << 5
    for bit, term in enumerate(_GENERATOR):
        if top >> bit & 1:
            residue ^= term
    return residue
