"""Commands whose arguments come by name, as from a form."""

from types import SimpleNamespace

import pytest

from bot.commands.command import MissingError, Parameter, Type, UsageError
from bot.commands.parse import parse_named
from bot.commands.registry import COMMANDS
from bot.commands.values import AmountIn, SecretError
from tests.bot.desk import ADDRESS, OTHER_ADDRESS, PRIVATE_KEY, Talk, plain
from tests.bot.forms import as_form
from tests.make import hash_of
from watchers.registry import CHAINS

COMMAND_BY_NAME = {command.name: command for command in COMMANDS}
EXAMPLES = [example for command in COMMANDS for example in command.examples]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_can_be_given_by_name(example):
    assert as_form(example).name == example.removeprefix("/").split()[0]


@pytest.mark.parametrize(
    ("name", "options", "reason"),
    [
        ("chart", {"kind": "volume", "period": "soon"}, "“soon” is no period"),
        ("chart", {"kind": "pie"}, "“pie” is not one of"),
        ("stats", {"chain": "7d"}, "“7d” is no chain I watch"),
        ("threshold", {"amount": "much"}, "much"),
        ("threshold", {"amount": "5", "unit": "XYZ"}, "“XYZ” is no unit I know: use BTC or USD."),
        ("threshold", {"amount": "5 BTC", "unit": "USD"}, "“5 BTC USD” names two units."),
        ("threshold", {"amount": "much", "unit": "BTC"}, "“much BTC” is not an amount."),
        ("threshold", {"amount": "5", "colour": "red"}, "/threshold has no “colour”."),
        ("watch", {"address": f"{ADDRESS} Cold"}, "is no address"),
        ("mute", {"duration": "8h 3d"}, "“8h 3d” is no duration"),
    ],
)  # fmt: skip
def test_each_option_is_refused_for_itself(name, options, reason):
    with pytest.raises(UsageError) as refused:
        parse_named(COMMAND_BY_NAME[name], options, CHAINS)
    assert reason in str(refused.value)


def test_what_is_required_is_asked_for_and_blank_is_left_out():
    with pytest.raises(MissingError, match="Which address"):
        parse_named(COMMAND_BY_NAME["watch"], {"address": " ", "label": "Cold"}, CHAINS)
    assert parse_named(COMMAND_BY_NAME["stats"], {"chain": "", "period": "''"}, CHAINS) == {}


def test_a_private_key_is_a_secret_here_too():
    with pytest.raises(SecretError):
        parse_named(COMMAND_BY_NAME["watch"], {"address": PRIVATE_KEY}, CHAINS)


def test_a_choice_beside_another_type_is_taken():
    amount = Parameter("amount", Type.AMOUNT, "", choices=("off",))
    command = SimpleNamespace(name="do", parameters=(amount,))
    assert parse_named(command, {"amount": "OFF"}, CHAINS) == {"amount": "off"}


@pytest.mark.parametrize(
    ("amount", "unit", "meant"),
    [
        ("500", "BTC", AmountIn(500 * 10**8, "BTC")),
        ("10M", "$", AmountIn(10**13, "USD")),
        ("2.5m", "btc", AmountIn(2_500_000 * 10**8, "BTC")),
        ("500", "sats", AmountIn(500, "BTC")),
        ("500 BTC", "BTC", AmountIn(500 * 10**8, "BTC")),
        ("$500", "USD", AmountIn(500 * 10**6, "USD")),
        ("500 sat", "BTC", AmountIn(500, "BTC")),
    ],
)
def test_an_amount_and_its_unit_may_be_filled_in_one_by_one(amount, unit, meant):
    options = {"amount": amount, "unit": unit}
    assert parse_named(COMMAND_BY_NAME["threshold"], options, CHAINS) == {"amount": meant}


def test_off_and_a_unit_alone_stay_what_they_are():
    for options in ({"amount": "off", "unit": "BTC"}, {"unit": "BTC"}):
        assert parse_named(COMMAND_BY_NAME["threshold"], options, CHAINS) == options


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        (f"/watch {ADDRESS} Cold wallet", {"address": ADDRESS, "label": "Cold wallet"}),
        ("/watchlist", {}),
        ("/threshold whales 5 BTC", {"amount": "5 BTC"}),
        ("/threshold whales 5 USD", {"amount": "5", "unit": "USD"}),
        ("/stats bitcoin 7d", {"period": "7 days", "chain": "btc"}),
        (f"/tx {hash_of(1)} lookup", {"id": hash_of(1), "outside": "lookup"}),
        ("/unwatch 3", {"which": "3"}),
        ("/nonsense", {}),
    ],
)
async def test_a_form_is_answered_as_what_is_typed(desk, typed, options):
    name = typed.split()[0].removeprefix("/")
    said = await Talk(desk).say(typed)
    if name == "watch":
        await Talk(desk).say(f"/unwatch {ADDRESS}")
    talk = Talk(desk, command=name, options=options)
    assert plain(await talk.send("")) == said


async def test_a_form_is_answered_in_a_group_and_its_secrets_are_kept_nowhere(desk, tmp_path):
    talk = Talk(desk, kind="group", command="watch", options={"address": PRIVATE_KEY})
    answer = plain(await talk.send(""))
    assert "PRIVATE KEY" in answer
    assert PRIVATE_KEY not in answer
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert PRIVATE_KEY.encode() not in files


async def test_an_option_without_sense_is_refused_with_usage(desk):
    talk = Talk(desk, command="threshold", options={"amount": "$5", "unit": "btc"})
    assert "“$5 btc” names two units." in plain(await talk.send(""))
    watch = Talk(desk, command="watch", options={"address": OTHER_ADDRESS[:-1]})
    assert "That address does not work." in plain(await watch.send(""))
