from pathlib import Path

import pytest

from bot.setting_values import Secret
from bot.settings import VARIABLES, SettingsError, chain_variables, parse_settings
from watchers.registry import CHAINS

TOKEN = "12345:" + "x" * 35


def test_an_empty_environment_gives_the_defaults():
    settings = parse_settings({})
    assert settings.chains == ("bitcoin",)
    assert settings.history == 86400
    assert not settings.telegram_token
    (endpoint,) = settings.endpoints
    assert endpoint.source == "blockchain.com"
    assert endpoint.ws == "wss://ws.blockchain.info/inv"


def test_every_problem_is_reported_at_once_by_its_name():
    wrong = {
        "TELEGRAM_TOKEN": "no token",
        "TELEGRAM_API": "ftp://x",
        "ACCESS": "perhaps",
        "OWNERS": "me",
        "CHAINS": "dogecoin",
        "HISTORY": "long",
        "RAW_DAYS": "0",
        "CURRENCY": "dollars",
        "TIMEZONE": "Mars/Olympus",
        "LANGUAGE": "tlh",
        "CONSOLE": "maybe",
        "DISCORD_TOKEN": "x",
    }
    with pytest.raises(SettingsError) as problems:
        parse_settings(wrong)
    lines = str(problems.value).splitlines()
    assert sorted(line.split()[0].rstrip(":") for line in lines) == sorted(wrong)


def test_a_refused_token_is_not_repeated():
    with pytest.raises(SettingsError) as problem:
        parse_settings({"TELEGRAM_TOKEN": "hunter2"})
    assert "hunter2" not in str(problem.value)


def test_a_secret_prints_as_stars_and_reveals_itself_only_when_asked():
    secret = parse_settings({"TELEGRAM_TOKEN": TOKEN}).telegram_token
    assert TOKEN not in f"{secret} {secret!r} {secret!s} {[secret]}"
    assert secret.reveal() == TOKEN
    assert not Secret()


def test_addresses_are_paired_with_sources_by_position_and_an_empty_item_is_the_default():
    settings = parse_settings(
        {
            "BITCOIN_SOURCE": "blockchain.com,blockchain.com",
            "BITCOIN_WS": ",ws://127.0.0.1:1/inv",
            "BITCOIN_HTTP": "http://127.0.0.1:2",
            "BITCOIN_STREAM": "addresses",
        }
    )
    first, second = settings.endpoints
    assert (first.ws, first.http) == ("wss://ws.blockchain.info/inv", "http://127.0.0.1:2")
    assert (second.ws, second.http) == ("ws://127.0.0.1:1/inv", "https://blockchain.info")
    assert second.stream == "addresses"


def test_an_unknown_source_and_a_bad_address_are_named():
    with pytest.raises(SettingsError, match="BITCOIN_SOURCE: “oracle” is unknown"):
        parse_settings({"BITCOIN_SOURCE": "oracle"})
    with pytest.raises(SettingsError, match="BITCOIN_WS must be an address"):
        parse_settings({"BITCOIN_WS": "http://x"})


def example():
    """(name, default, comment) of every variable in `.env.example`."""
    comment, found = [], []
    for line in Path(__file__).parents[2].joinpath(".env.example").read_text().splitlines():
        if line.startswith("#"):
            comment.append(line.removeprefix("#").strip())
        elif "=" in line:
            name, _, default = line.partition("=")
            found.append((name, default, " ".join(comment)))
            comment = []
        else:
            comment = []
    return found


def test_the_example_lists_each_variable_with_its_default_and_meaning():
    variables = [*VARIABLES, *(v for chain in CHAINS for v in chain_variables(chain))]
    assert example() == [(v.name, v.default, v.meaning) for v in variables]


def test_the_example_itself_can_be_used():
    assert parse_settings({name: default for name, default, _ in example()}) == parse_settings({})


def test_a_history_longer_than_the_database_can_count_is_refused():
    with pytest.raises(SettingsError, match="HISTORY must be a time like"):
        parse_settings({"HISTORY": "99999999999999999999w"})


def test_a_chain_that_is_named_twice_is_watched_once():
    assert len(parse_settings({"CHAINS": "bitcoin, Bitcoin"}).endpoints) == 1


def test_a_list_of_no_sources_is_refused():
    with pytest.raises(SettingsError, match="BITCOIN_SOURCE: “” is unknown"):
        parse_settings({"BITCOIN_SOURCE": ","})


def test_prices_are_kept_in_dollars_in_euros_and_in_the_currency_of_new_chats():
    assert parse_settings({}).currencies == ("USD", "EUR")
    assert parse_settings({"CURRENCY": "CHF"}).currencies == ("USD", "EUR", "CHF")
