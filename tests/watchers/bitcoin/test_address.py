"""Addresses: every good one is known, every bad one is refused with a reason that helps."""

import csv
import gzip
import json
from collections.abc import Iterable, Iterator
from itertools import islice

import btclib.b32
import btclib.b58
import embit.script
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.real import real_data
from watchers.bitcoin import base58, bech32
from watchers.bitcoin.address import (
    looks_like_address,
    looks_like_transaction,
    parse_address,
    script_address,
)
from watchers.model import AddressError, PrivateKeyError

# Mainnet ones of BIP-350, "Test vectors for v0-v16 native segregated witness addresses".
BIP_350_VALID = {
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": "0014751e76e8199196d454941c45d1b3a323f1433bd6",
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y": (
        "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6"
    ),
    "BC1SW50QGDZ25J": "6002751e",
    "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs": "5210751e76e8199196d454941c45d1b3a323",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0": (
        "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    ),
}

# The invalid ones of BIP-350 and BIP-173, with a word of the reason each is refused for here.
BIP_INVALID = {
    "tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut": "begin with",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd": "wrong kind",
    "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf": "testnet",
    "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL": "wrong kind",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh": "wrong kind",
    "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47": "testnet",
    "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4": "letter 'o'",
    "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R": "version is 17",
    "bc1pw5dgrnzv": "1 bytes",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav": "41 bytes",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P": "expected 42",
    "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq": "testnet",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf": "padding",
    "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j": "testnet",
    "bc1gmk9yu": "too short",
    "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty": "begin with",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5": "character 42 ('5')",
    "BC13W508D6QEJXTDG4Y5R3ZARVARY0C5XW7KN40WF2": "version is 17",
    "bc1rw5uspcuh": "wrong kind",
    "bc10w508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kw5rljs90": "wrong kind",
    "bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du": "wrong kind",
    # Valid under BIP-173, replaced by BIP-350.
    "BC1SW50QA3JX3S": "wrong kind",
    "bc1zw508d6qejxtdg4y5r3zarvaryvg6kdaj": "wrong kind",
}

GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
SCRIPT = "3P14159f73E4gFr7JterCCQh9QjiTjiZrG"
WITNESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
# The worked example of the Bitcoin wiki's page on wallet import format.
PRIVATE = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
# BIP-32, test vector 1, chain m.
XPUB = (
    "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265"
    "TMg7usUDFdp6W1EGMcet8"
)
XPRV = (
    "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3"
    "TGtRBeJgk33yuGBxrMPHi"
)

hashes = st.binary(min_size=20, max_size=20)
programs = st.one_of(
    st.tuples(st.just(0), st.one_of(hashes, st.binary(min_size=32, max_size=32))),
    st.tuples(st.integers(1, 16), st.binary(min_size=2, max_size=40)),
)
scripts = st.one_of(
    hashes.map(lambda key_hash: b"\x76\xa9\x14" + key_hash + b"\x88\xac"),
    hashes.map(lambda script_hash: b"\xa9\x14" + script_hash + b"\x87"),
    programs.map(lambda it: bytes([it[0] and 0x50 + it[0], len(it[1])]) + it[1]),
)
addresses = scripts.map(script_address)


def reason(text: str) -> str:
    with pytest.raises(AddressError) as caught:
        parse_address(text)
    return str(caught.value)


@pytest.mark.parametrize(("address", "script"), BIP_350_VALID.items())
def test_the_standards_good_addresses_are_accepted_and_pay_to_their_scripts(address, script):
    assert parse_address(address) == address.lower()
    assert script_address(bytes.fromhex(script)) == address.lower()


@pytest.mark.parametrize(("text", "word"), BIP_INVALID.items())
def test_the_standards_bad_addresses_are_refused_with_the_reason(text, word):
    assert word in reason(text)


@pytest.mark.parametrize("address", [GENESIS, SCRIPT, WITNESS, "1111111111111111111114oLvT2"])
def test_a_good_address_is_its_own_canonical_form(address):
    assert parse_address(address) == address


@pytest.mark.parametrize("text", [f" {WITNESS}\n", f"bitcoin:{WITNESS}?amount=1", WITNESS.upper()])
def test_an_address_may_come_with_spaces_as_a_payment_link_or_in_capitals(text):
    assert parse_address(text) == WITNESS


@given(addresses)
def test_an_address_made_from_a_script_is_accepted(address):
    assert parse_address(address) == address
    assert looks_like_address(address)


@given(scripts)
def test_embit_agrees_on_the_address_of_every_script(script):
    assume(script[0] in {0x00, 0x51, 0x76, 0xA9})  # embit knows versions 0 and 1
    assume(script[0] != 0x51 or len(script) == 34)
    assert script_address(script) == embit.script.Script(script).address()


@given(programs)
def test_btclib_agrees_on_every_witness_program(version_and_program):
    version, program = version_and_program
    address = bech32.encode(version, program)
    assume(version == 0 or len(program) == 32 or version > 1)  # btclib: taproot has 32 bytes
    assert btclib.b32.address_from_witness(version, program) == address
    assert btclib.b32.witness_from_address(address)[:2] == (version, program)


@given(hashes, st.sampled_from([(b"\x00", "p2pkh"), (b"\x05", "p2sh")]))
def test_btclib_agrees_on_every_base58_address(payload, kind):
    version, name = kind
    decoded = btclib.b58.h160_from_address(base58.encode(version + payload))
    assert decoded[:2] == (name, payload)


@given(addresses, st.data())
def test_one_mistyped_character_is_never_accepted(address, data):
    position = data.draw(st.integers(0, len(address) - 1))
    other = data.draw(st.sampled_from(base58.ALPHABET + "0OIl"))
    assume(other != address[position])
    with pytest.raises(AddressError):
        parse_address(address[:position] + other + address[position + 1 :])


@given(programs, st.data())
def test_one_mistyped_character_of_bech32_is_located(version_and_program, data):
    address = bech32.encode(*version_and_program)
    # The version decides which checksum is meant; the length is judged by it, too.
    position = data.draw(st.integers(4, len(address) - 1))
    other = data.draw(st.sampled_from(bech32.CHARSET))
    assume(other != address[position])
    assume(version_and_program[0] != 1 or len(address) == 62)
    mistyped = address[:position] + other + address[position + 1 :]
    assert f"character {position + 1} ('{other}')" in reason(mistyped)


@given(hashes, st.data())
def test_one_mistyped_character_of_base58_is_located(payload, data):
    address = base58.encode(b"\x05" + payload)
    position = data.draw(st.integers(1, len(address) - 1))
    other = data.draw(st.sampled_from(base58.ALPHABET))
    assume(other != address[position])
    mistyped = address[:position] + other + address[position + 1 :]
    assert f"character {position + 1} ('{other}')" in reason(mistyped)


@given(
    st.sampled_from(["", "1", "3", "bc1", "bc1q", "BC1P", "tb1", "0x", "xpub", "m"]),
    st.one_of(st.text(), st.text(base58.ALPHABET), st.text(bech32.CHARSET)),
)
def test_any_text_is_refused_with_a_sentence(prefix, rest):
    assert reason(prefix + rest).endswith(".")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is no address"),
        ("satoshi", "begin with 1, 3 or bc1"),
        (WITNESS[:-1], "too short: 41 characters, expected 42"),
        (WITNESS + "q", "too long: 43 characters, expected 42"),
        (
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj",
            "61 characters, expected",
        ),
        ("bc1z" + "q" * 100, "too long: 104 characters"),
        (SCRIPT[:-1], "too short: 33 characters, expected 34"),
        (GENESIS[:-4], "too short: 30 characters"),
        (GENESIS + "aa", "too long: 36 characters"),
        (GENESIS.replace("5", "0"), "Character 9 is the digit '0'"),
        (GENESIS.replace("5", "O", 1), "perhaps it is the letter 'o'"),
        (WITNESS.replace("y", "b", 1), "perhaps it is the digit '6'"),
        (WITNESS.replace("y", "Y", 1), "mixes upper and lower case"),
        ("bcl" + WITNESS[3:], "should begin with 'bc1'"),
        (GENESIS.replace("L", "l"), "perhaps it is the digit '1'"),
        (f"{GENESIS[:10]} {GENESIS[10:]}", "a space at character 11"),
        (f"{GENESIS[:10]}\u200b{GENESIS[10:]}", "U+200B"),
        (f"{GENESIS[:10]}-{GENESIS[10:]}", "is '-'"),
        ("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "testnet address (m…)"),
        ("2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc", "testnet address (2…)"),
        ("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "testnet address (tb1…)"),
        ("0x742d35Cc6634C0532925a3b844Bc454e4438f44e", "Ethereum"),
        (XPUB, "extended public key (xpub)"),
        ("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b", "transaction id"),
        (base58.encode(b"\x06" + bytes(20)), "another network"),
    ],
)
def test_what_is_not_an_address_is_refused_in_words_that_help(text, words):
    assert words in reason(text)


@pytest.mark.parametrize(
    "secret", [PRIVATE, XPRV, PRIVATE[:-1] + "z", base58.encode(b"\x80" + bytes(range(32)) + b"\1")]
)
def test_a_private_key_is_called_one_and_never_echoed(secret):
    with pytest.raises(PrivateKeyError) as caught:
        parse_address(secret)
    assert "PRIVATE KEY" in str(caught.value)
    assert not any(secret[at : at + 4] in str(caught.value) for at in range(len(secret) - 3))
    assert looks_like_address(secret)


@pytest.mark.parametrize("text", [GENESIS[:-1], WITNESS[:-1], f"bitcoin:{SCRIPT}", XPUB])
def test_a_pasted_word_that_is_meant_as_an_address_is_noticed(text):
    assert looks_like_address(text)


@pytest.mark.parametrize("text", ["", "hello", "1234", "3 o'clock", "bc1", "/watch", "0x12"])
def test_other_words_are_not_taken_for_addresses(text):
    assert not looks_like_address(text)


def test_a_transaction_id_is_known_by_its_form():
    assert looks_like_transaction(" " + "aB" * 32)
    assert not looks_like_transaction("ab" * 31)
    assert not looks_like_transaction("xy" * 32)


@pytest.mark.parametrize("script", ["", "6a", "00", "0014", "0015" + "00" * 21, "51" * 34, "a914"])
def test_a_script_without_an_address_has_none(script):
    assert script_address(bytes.fromhex(script)) is None


def outputs_of_real_transactions(count: int) -> Iterator[dict]:
    path = real_data("bitcoin_mempool", "sob2024_mempool_part.jsonl.gz")
    with gzip.open(path, "rt") as lines:
        for line in islice(lines, count):
            transaction = json.loads(line)["tx"]
            yield from transaction["vout"]
            yield from (source["prevout"] for source in transaction["vin"])


def test_real_outputs_have_the_addresses_their_scripts_say():
    for output in outputs_of_real_transactions(2000):
        address = output.get("scriptpubkey_address")
        assert script_address(bytes.fromhex(output["scriptpubkey"])) == address
        assert address is None or parse_address(address) == address


def refused(addresses: Iterable[str]) -> set[str]:
    return {address for address in addresses if not is_accepted(address)}


def is_accepted(address: str) -> bool:
    try:
        return parse_address(address) == address
    except AddressError:
        return False


def is_known_to_btclib(address: str) -> bool:
    decode = (
        btclib.b32.witness_from_address if address[:2] == "bc" else btclib.b58.h160_from_address
    )
    try:
        decode(address)
    except ValueError:
        return False
    return True


def test_labelled_addresses_are_accepted_but_for_those_that_btclib_refuses_too():
    path = real_data("labels", "graphsense_tags_flat.csv.gz")
    with gzip.open(path, "rt", newline="") as lines:
        addresses = {row["address"] for row in csv.DictReader(lines) if row["currency"] == "BTC"}
    assert len(addresses) > 100_000
    wrong = refused(addresses)
    assert len(wrong) < 20  # typed by hand, one of them Tron's
    assert not {address for address in wrong if is_known_to_btclib(address)}


def test_sanctioned_addresses_are_accepted_but_for_those_that_btclib_refuses_too():
    lines = real_data("labels", "ofac_lists", "sanctioned_addresses_XBT.txt").read_text().split()
    assert len(lines) > 100
    assert not {address for address in refused(lines) if is_known_to_btclib(address)}
