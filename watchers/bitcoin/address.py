"""Bitcoin mainnet addresses: checked really, and refused with a reason a person understands.

Three kinds exist: base58check beginning with 1 (pays to a key's hash) or 3 (to a script's hash),
and bech32 or bech32m beginning with bc1 (pays to a witness program; BIP-173 and BIP-350).
"""

import re
from typing import Final

from watchers.bitcoin import base58, bech32
from watchers.model import AddressError, PrivateKeyError

_KEY_HASH_VERSION, _SCRIPT_HASH_VERSION = b"\x00", b"\x05"
_CONTENT_BYTES = 25  # version, 20 bytes of hash, checksum

_TRANSACTION = re.compile(r"[0-9a-fA-F]{64}")
_ETHEREUM = re.compile(r"0x[0-9a-fA-F]{40}")
_EXTENDED_PUBLIC = re.compile(r"[xyzYZtuvUV]pub\w{20,}")
# A key with a mistyped character is still a secret: the shape decides, not the checksum.
_PRIVATE = re.compile(r"5\w{50}|[KL]\w{51}|[xyzYZtuvUV]prv\w{20,}|6P\w{56}")
_TESTNET = re.compile(r"(tb1|bcrt1)\w{6,}", re.IGNORECASE)
_WITNESS = re.compile(r"bc1\w{6,}", re.IGNORECASE)
_HASH = re.compile(r"[13]\w{24,35}")
_TESTNET_HASH = re.compile(f"[2mn][{base58.ALPHABET}]{{32,34}}")
_PASTED = (_WITNESS, _HASH, _TESTNET, _TESTNET_HASH, _ETHEREUM, _EXTENDED_PUBLIC, _PRIVATE)

_LOOKS_LIKE: Final = {
    "0": "o", "O": "o", "I": "1", "l": "1", "o": "0", "i": "l", "1": "l", "b": "6",
}  # fmt: skip


def parse_address(text: str) -> str:
    """The canonical form of a mainnet address (bech32 in lower case).

    Spaces around it and the `bitcoin:` of a payment link (BIP-21) are taken off. Raises
    AddressError with the reason, and PrivateKeyError where the text is a secret.
    """
    word = _bare(text)
    _refuse_what_is_something_else(word)
    if word[:2].lower() == "bc":
        return _parse_witness(word)
    if word[0] in "13":
        return _parse_hash(word)
    raise AddressError("Bitcoin addresses begin with 1, 3 or bc1.")


def looks_like_address(text: str) -> bool:
    """Whether a pasted word is meant as an address, right or wrong, or as a key.

    True promises that `parse_address` has an answer worth showing.
    """
    word = _bare(text)
    return any(pattern.fullmatch(word) for pattern in _PASTED)


def looks_like_transaction(text: str) -> bool:
    """Whether a pasted word has the form of a transaction id: 64 hexadecimal digits."""
    return _TRANSACTION.fullmatch(text.strip()) is not None


def script_address(script: bytes) -> str | None:
    """The address that an output script pays to, None where no address stands for it."""
    if len(script) == 25 and script[:3] == b"\x76\xa9\x14" and script[23:] == b"\x88\xac":
        return base58.encode(_KEY_HASH_VERSION + script[3:23])
    if len(script) == 23 and script[:2] == b"\xa9\x14" and script[22:] == b"\x87":
        return base58.encode(_SCRIPT_HASH_VERSION + script[2:22])
    return _witness_address(script)


def _witness_address(script: bytes) -> str | None:
    if not 4 <= len(script) <= 42 or script[1] != len(script) - 2:
        return None
    if script[0] == 0 and len(script) in {22, 34}:
        return bech32.encode(0, script[2:])
    if 0x51 <= script[0] <= 0x60:  # OP_1 to OP_16
        return bech32.encode(script[0] - 0x50, script[2:])
    return None


def _bare(text: str) -> str:
    word = text.strip()
    if word[:8].lower() == "bitcoin:":
        word = word[8:].partition("?")[0]
    return word


def _refuse_what_is_something_else(word: str) -> None:
    if not word:
        raise AddressError("There is no address.")
    if _PRIVATE.fullmatch(word):
        raise PrivateKeyError(
            "This is a PRIVATE KEY, not an address. Delete this message and move the funds to "
            "a new wallet now: whoever has seen the key can spend them."
        )
    if _TRANSACTION.fullmatch(word):
        raise AddressError("This is a transaction id, not an address.")
    if _ETHEREUM.fullmatch(word):
        raise AddressError("This looks like an Ethereum address, not a Bitcoin one.")
    if _EXTENDED_PUBLIC.fullmatch(word):
        raise AddressError(
            "This is an extended public key ({prefix}), which stands for a whole wallet and "
            "is not supported yet: give its addresses one by one.",
            prefix=word[:4],
        )
    if _TESTNET.fullmatch(word):
        raise _testnet(word.lower().partition("1")[0] + "1")
    if _TESTNET_HASH.fullmatch(word) and base58.is_intact(base58.decode(word)):
        raise _testnet(word[0])


def _testnet(prefix: str) -> AddressError:
    return AddressError(
        "This is a testnet address ({prefix}…): Spyhop watches mainnet.", prefix=prefix
    )


def _parse_witness(word: str) -> str:
    if word[2:3] != "1":
        raise AddressError("It begins with '{start}', and should begin with 'bc1'.", start=word[:3])
    lowered = word.lower()
    if word not in {lowered, word.upper()}:
        raise AddressError("It mixes upper and lower case, and must be all one or the other.")
    _refuse_foreign_characters(word, len(bech32.PREFIX), bech32.CHARSET, lowered)
    _refuse_witness_length(lowered)
    if not bech32.is_intact(lowered):
        raise _mistyped(word, bech32.mistyped_position(lowered))
    try:
        bech32.decode(lowered)
    except AddressError as error:
        raise AddressError("No wallet makes such an address. {reason}", reason=error) from error
    return lowered


def _refuse_witness_length(word: str) -> None:
    """Refuse impossible lengths, before the checksum: it would only say that something is wrong."""
    length = len(word)
    if word[3:4] == "q" and length not in {42, 62}:
        _refuse_length(length, 42 if length < 52 else 62)
    if word[3:4] == "p" and length != 62 and not bech32.is_intact(word):
        _refuse_length(length, 62)
    if length < len("bc1") + 7:
        raise AddressError("It is too short: {length} characters.", length=length)
    if length > bech32.MAX_LENGTH:
        raise AddressError(
            "It is too long: {length} characters, and {most} at most.",
            length=length, most=bech32.MAX_LENGTH,
        )  # fmt: skip


def _refuse_length(length: int, expected: int) -> None:
    if length < expected:
        raise AddressError(
            "It is too short: {length} characters, expected {expected}.",
            length=length, expected=expected,
        )  # fmt: skip
    raise AddressError(
        "It is too long: {length} characters, expected {expected}.",
        length=length, expected=expected,
    )  # fmt: skip


def _parse_hash(word: str) -> str:
    _refuse_foreign_characters(word, 0, base58.ALPHABET, word)
    content = base58.decode(word)
    _refuse_hash_length(word, len(content))
    if not base58.is_intact(content):
        raise _mistyped(word, base58.mistyped_position(word, _CONTENT_BYTES))
    if content[:1] not in {_KEY_HASH_VERSION, _SCRIPT_HASH_VERSION}:
        raise AddressError("It belongs to another network than Bitcoin's.")
    return word


def _refuse_hash_length(word: str, size: int) -> None:
    if word[0] == "3" and len(word) != 34:
        _refuse_length(len(word), 34)
    if size < _CONTENT_BYTES:
        raise AddressError(
            "It is too short: {length} characters, and most addresses have 33 or 34.",
            length=len(word),
        )
    if size > _CONTENT_BYTES:
        raise AddressError(
            "It is too long: {length} characters, and most addresses have 33 or 34.",
            length=len(word),
        )


def _refuse_foreign_characters(word: str, start: int, alphabet: str, folded: str) -> None:
    for position in range(start, len(word)):
        if folded[position] not in alphabet:
            raise _foreign(word[position], folded[position], position + 1)


def _foreign(shown: str, folded: str, position: int) -> AddressError:
    if shown.isspace():
        return AddressError(
            "There is a space at character {position}: write the address in one piece.",
            position=position,
        )
    if not (shown.isascii() and shown.isprintable()):
        return AddressError(
            "Character {position} is not a plain letter or digit ({code}): copy the address anew.",
            position=position, code=f"U+{ord(shown):04X}",
        )  # fmt: skip
    if not shown.isalnum():
        return AddressError(
            "Character {position} is '{shown}': addresses hold only letters and digits.",
            position=position, shown=shown,
        )  # fmt: skip
    return _confused(shown, _LOOKS_LIKE[folded], position)


def _confused(shown: str, meant: str, position: int) -> AddressError:
    """One letter or digit that such addresses do not use, for another that looks like it."""
    said = {"position": position, "shown": shown, "meant": meant}
    if shown.isdigit():
        return AddressError(
            "Character {position} is the digit '{shown}', which such addresses do not use: "
            "perhaps it is the letter '{meant}'.",
            **said,
        )
    if meant.isdigit():
        return AddressError(
            "Character {position} is the letter '{shown}', which such addresses do not use: "
            "perhaps it is the digit '{meant}'.",
            **said,
        )
    return AddressError(
        "Character {position} is the letter '{shown}', which such addresses do not use: "
        "perhaps it is the letter '{meant}'.",
        **said,
    )


def _mistyped(word: str, position: int | None) -> AddressError:
    if position is None:
        return AddressError(
            "The checksum does not match: a character is mistyped, missing or too many."
        )
    return AddressError(
        "The checksum does not match: character {position} ('{shown}') is probably mistyped.",
        position=position + 1, shown=word[position],
    )  # fmt: skip
