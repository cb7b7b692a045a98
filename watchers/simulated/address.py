"""Bitcoin's output scripts and the mainnet addresses that name them, both ways.

Written from base58check, BIP-173 (bech32) and BIP-350 (bech32m), apart from the
watcher's own checks, so that one can be tested against the other.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_HRP = [3, 3, 0, 2, 3]  # "bc", expanded as BIP-173 says
_BECH32_CONSTANT, _BECH32M_CONSTANT = 1, 0x2BC830A3
_P2PKH_VERSION, _P2SH_VERSION = 0x00, 0x05


def sha256d(data: bytes) -> bytes:
    """SHA-256 of SHA-256, Bitcoin's hash of everything."""
    return sha256(sha256(data).digest()).digest()


def p2pkh(key_hash: bytes) -> bytes:
    """The script that pays the 20-byte hash of a key."""
    return b"\x76\xa9\x14" + key_hash + b"\x88\xac"


def p2sh(script_hash: bytes) -> bytes:
    """The script that pays the 20-byte hash of a script."""
    return b"\xa9\x14" + script_hash + b"\x87"


def witness(version: int, program: bytes) -> bytes:
    """The script of a witness program: p2wpkh (0, 20 bytes), p2wsh (0, 32), p2tr (1, 32)."""
    return bytes((version + 0x50 if version else 0, len(program))) + program


def op_return(data: bytes) -> bytes:
    """The unspendable script that carries up to 75 bytes of data."""
    return bytes((0x6A, len(data))) + data


def address_of(script: bytes) -> str | None:
    """The mainnet address of an output script, None where it has none."""
    if len(script) == 25 and script.startswith(b"\x76\xa9\x14"):
        return _base58check(_P2PKH_VERSION, script[3:23])
    if len(script) == 23 and script.startswith(b"\xa9\x14"):
        return _base58check(_P2SH_VERSION, script[2:22])
    if len(script) in {22, 34} and script[0] in {0x00, 0x51} and script[1] == len(script) - 2:
        return _segwit(1 if script[0] else 0, script[2:])
    return None


def script_of(address: str) -> bytes:
    """The output script that a mainnet address names; ValueError where it is none."""
    if address.lower().startswith("bc1"):
        return witness(*_read_segwit(address))
    version, payload = _read_base58check(address)
    if version not in {_P2PKH_VERSION, _P2SH_VERSION}:
        raise ValueError(f"{address} is not a mainnet address")
    return p2pkh(payload) if version == _P2PKH_VERSION else p2sh(payload)


def _base58check(version: int, payload: bytes) -> str:
    body = bytes((version,)) + payload
    body += sha256d(body)[:4]
    number, digits = int.from_bytes(body, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = BASE58[digit] + digits
    return "1" * (len(body) - len(body.lstrip(b"\0"))) + digits


def _read_base58check(address: str) -> tuple[int, bytes]:
    number = 0
    for character in address:
        number = number * 58 + BASE58.index(character)
    body = number.to_bytes(25, "big") if number < 256**25 else b""
    if (
        not body
        or sha256d(body[:-4])[:4] != body[-4:]
        or _base58check(body[0], body[1:-4]) != address
    ):
        raise ValueError(f"{address} is not a base58check address")
    return body[0], body[1:-4]


def _polymod(values: Iterable[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            if top >> bit & 1:
                checksum ^= generator
    return checksum


def _regroup(values: Iterable[int], width: int, into: int) -> Iterator[int]:
    """The same bits in groups of another width, the last one filled up with zeros."""
    held = bits = 0
    for value in values:
        held, bits = held << width | value, bits + width
        while bits >= into:
            bits -= into
            yield held >> bits & (1 << into) - 1
    if bits and into < width:
        yield held << into - bits & (1 << into) - 1


def _segwit(version: int, program: bytes) -> str:
    data = [version, *_regroup(program, 8, 5)]
    constant = _BECH32M_CONSTANT if version else _BECH32_CONSTANT
    checksum = _polymod([*_HRP, *data, 0, 0, 0, 0, 0, 0]) ^ constant
    data += [checksum >> 5 * place & 31 for place in range(5, -1, -1)]
    return "bc1" + "".join(BECH32[value] for value in data)


def _read_segwit(address: str) -> tuple[int, bytes]:
    data = [BECH32.index(character) for character in address.lower()[3:]]
    program = bytes(_regroup(data[1:-6], 5, 8))
    if not data or _segwit(data[0], program) != address.lower():
        raise ValueError(f"{address} is not a segwit address")
    return data[0], program
