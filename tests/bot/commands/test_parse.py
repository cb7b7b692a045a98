from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.command import MissingError, Parameter, Type, UsageError
from bot.commands.nearest import nearest
from bot.commands.parse import parse_arguments, parse_typed, usage_of
from bot.commands.registry import COMMANDS
from bot.commands.times import FOREVER_SECONDS
from bot.commands.values import SecretError, warn_of_secret
from tests.bot.desk import ADDRESS, MISTYPED_ADDRESS, OTHER_ADDRESS, PRIVATE_KEY
from tests.make import hash_of
from watchers.registry import CHAINS

BITCOIN = CHAINS["bitcoin"]
ONE = 10**8


def command(*parameters):
    return SimpleNamespace(name="do", parameters=parameters, examples=("/do",))


def read(type_, text, **more):
    """The value that a single parameter takes of a text."""
    values = parse_arguments(command(Parameter("value", type_, "", **more)), text, CHAINS)
    return values["value"]


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        (Type.CHAIN, "Bitcoin", BITCOIN),
        (Type.CHAIN, "btc", BITCOIN),
        (Type.DURATION, "30m", 1800),
        (Type.DURATION, "8h", 8 * 3600),
        (Type.DURATION, "8 hours", 8 * 3600),
        (Type.DURATION, "2D", 2 * 86400),
        (Type.DURATION, "1w", 7 * 86400),
        (Type.DURATION, "forever", FOREVER_SECONDS),
        (Type.DURATION, "for ever", FOREVER_SECONDS),
        (Type.DURATION, "1h30m", 5400),
        (Type.DURATION, "1h 30m", 5400),
        (Type.DURATION, "1,5 h", 5400),
        (Type.DURATION, "for 8 Stunden", 8 * 3600),
        (Type.DURATION, "2 días", 2 * 86400),
        (Type.HEIGHT, "12345", 12345),
        (Type.HEIGHT, "12,345", 12345),
        (Type.HEIGHT, "12.345", 12345),
        (Type.HEIGHT, "12 345", 12345),
        (Type.HEIGHT, "https://mempool.space/block/12345", 12345),
        (Type.HEIGHT, "#0", 0),
        (Type.PERIOD, "1h", 3600),
        (Type.PERIOD, "24h", 86400),
        (Type.PERIOD, "7 days", 7 * 86400),
        (Type.PERIOD, "week", 7 * 86400),
        (Type.PERIOD, "last 7 days", 7 * 86400),
        (Type.PERIOD, "1 Monat", 30 * 86400),
        (Type.TIME, "10:30 pm", 22 * 60 + 30),
        (Type.TIME, "24:00", 0),
        (Type.WEEKDAYS, "mon–fri", 0b11111),
        (Type.WEEKDAYS, "Mo bis Fr", 0b11111),
        (Type.WEEKDAYS, "lun a vie", 0b11111),
        (Type.WEEKDAYS, "fri - mon", 0b1110001),
        (Type.WEEKDAYS, "Sat, Sun", 0b1100000),
        (Type.WEEKDAYS, "sat & sun", 0b1100000),
        (Type.WEEKDAYS, "weekends", 0b1100000),
        (Type.TEXT, "  Cold   wallet ", "Cold   wallet"),
        (Type.TEXT, '"Cold wallet"', "Cold wallet"),
        (Type.TEXT, "«“x”»", "x"),
    ],
)
def test_each_type_is_read(type_, text, value):
    assert read(type_, text) == value


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("500", 500 * ONE, "BTC"),
        ("500 BTC", 500 * ONE, "BTC"),
        ("1.5k", 1500 * ONE, "BTC"),
        ("2.5 M USD", 2_500_000 * 10**6, "USD"),
        ("1 000 000 usd", 10**12, "USD"),
        ("$1M", 10**12, "USD"),
    ],
)
def test_an_amount_may_be_several_words(text, amount, unit):
    value = read(Type.AMOUNT, text)
    assert (value.amount, value.unit) == (amount, unit)


@pytest.mark.parametrize(
    "text",
    [
        ADDRESS,
        ADDRESS.upper(),
        f"`{ADDRESS}`",
        f"bitcoin:{ADDRESS}?amount=1",
        f"https://mempool.space/address/{ADDRESS}#top",
        f"<https://mempool.space/address/{ADDRESS}>",
        f"({ADDRESS}),",
        f"{ADDRESS}.",
    ],
)
def test_an_address_is_read_in_any_dress(text):
    value = read(Type.ADDRESS, text)
    assert (value.chain, value.address) == (BITCOIN, ADDRESS)


def test_a_transaction_id_is_read_in_lower_case_also_from_a_link():
    for text in (hash_of(1).upper(), f"https://mempool.space/tx/{hash_of(1)}/"):
        assert read(Type.TRANSACTION, text).hash == hash_of(1)


@pytest.mark.parametrize(
    ("type_", "text", "reason"),
    [
        (Type.ADDRESS, "hello", "“hello” is no address. Bitcoin addresses begin with"),
        (Type.ADDRESS, MISTYPED_ADDRESS, "The checksum does not match"),
        (Type.ADDRESS, ADDRESS[:-3], "too short"),
        (Type.AMOUNT, "lots", "“lots” is not an amount."),
        (Type.AMOUNT, "$1.500", "two ways"),
        (Type.CHAIN, "dogecoin", "is no chain I watch: there is Bitcoin."),
        (Type.DURATION, "3 parsecs", "“3 parsecs” is no duration: write 30m, 8h, 2d, 1w or for"),
        (Type.DURATION, "0h", "between a minute and a year"),
        (Type.DURATION, "8h 2w", "what “2w” is for"),
        (Type.DURATION, "9999w", "between a minute and a year"),
        (Type.HEIGHT, "-1", "is no block height"),
        (Type.HEIGHT, "1,2", "is no block height"),
        (Type.PERIOD, "5m", "between 1h and 365d"),
        (Type.PERIOD, "later", "“later” is no period: write 1h, 24h, 7d or 30d."),
        (Type.TRANSACTION, "abc", "“abc” is no transaction id"),
    ],
)
def test_a_wrong_argument_is_refused_with_what_was_wrong(type_, text, reason):
    with pytest.raises(UsageError) as refusal:
        read(type_, text)
    assert reason in str(refusal.value)


def test_a_choice_may_be_shortened_and_is_listed_where_it_is_wrong():
    choices = ("volume", "rate", "fees")
    assert read(Type.CHOICE, "VOL", choices=choices) == "volume"
    with pytest.raises(UsageError, match="“vo” is not one of volume, rate, fees"):
        read(Type.CHOICE, "vo", choices=choices)


def test_a_left_out_argument_is_asked_for():
    with pytest.raises(MissingError, match="Which value"):
        read(Type.ADDRESS, ' "" ')
    with pytest.raises(MissingError, match="How much"):
        read(Type.AMOUNT, "")


CHAIN = Parameter("chain", Type.CHAIN, "", required=False)
PERIOD = Parameter("period", Type.PERIOD, "", required=False)
LABEL = Parameter("label", Type.TEXT, "", required=False)


def test_an_optional_argument_leaves_a_word_to_the_next():
    stats = command(CHAIN, PERIOD)
    assert parse_arguments(stats, "7d", CHAINS) == {"period": 7 * 86400}
    assert parse_arguments(stats, "bitcoin 7d", CHAINS)["chain"] is BITCOIN
    assert parse_arguments(stats, "", CHAINS) == {}


def test_what_no_argument_takes_is_refused_with_all_reasons():
    with pytest.raises(UsageError, match=r"no chain I watch.*no period"):
        parse_arguments(command(CHAIN, PERIOD), "yesterday", CHAINS)


def test_that_a_number_is_no_chain_is_not_said():
    with pytest.raises(UsageError, match=r"^A period is between 1h and 365d\.$"):
        parse_arguments(command(CHAIN, PERIOD), "5m", CHAINS)


def test_what_is_too_much_is_named():
    with pytest.raises(UsageError, match="what “and more” is for"):
        parse_arguments(command(PERIOD), "7d and more", CHAINS)


def test_what_was_passed_over_may_come_later():
    assert parse_arguments(command(CHAIN, PERIOD), "7d bitcoin", CHAINS) == {
        "chain": BITCOIN, "period": 7 * 86400,
    }  # fmt: skip
    with pytest.raises(UsageError, match="what “soon” is for"):
        parse_arguments(command(CHAIN, PERIOD), "7d soon", CHAINS)


def test_a_value_may_stand_behind_the_name_that_usages_show():
    stats = command(CHAIN, PERIOD)
    assert parse_arguments(stats, "period 7d", CHAINS) == {"period": 7 * 86400}
    with pytest.raises(UsageError, match="“period” is no chain"):
        parse_arguments(stats, "period soon", CHAINS)


@pytest.mark.parametrize(
    "text",
    [
        "22-7",
        "from 22:00 to 07:00",
        "10pm 7am",
        "10 p.m. - 7 a.m.",
        "22h a 7h",
        "22.00–7.00",
        "von 22 bis 7 Uhr",
        "de las 22 a las 7",
        "2200 0700",
    ],
)
def test_two_times_are_read_as_people_write_them(text):
    hours = command(*(Parameter(n, Type.TIME, "") for n in ("begins", "ends")))
    assert parse_arguments(hours, text, CHAINS) == {"begins": 22 * 60, "ends": 7 * 60}


async def test_a_refusal_tells_the_reason_that_helps(talk):
    for text, reason in (
        ("/mute 90", "“90” is no duration"),
        ("/useful 1 maybe", "“maybe” is not one of yes, no, back."),
        ("/quiet soon", "“soon” is no time of day"),
    ):
        assert (await talk.say(text)).partition("\n")[0].startswith(reason)
        assert "transaction id" not in await talk.say(text)
        assert "weekdays" not in (await talk.say(text)).partition("\n")[0]


def test_free_text_does_not_swallow_a_mistake_before_it():
    with pytest.raises(UsageError, match="is no period"):
        parse_arguments(command(PERIOD, LABEL), "tomorrow", CHAINS)
    assert parse_arguments(command(PERIOD, LABEL), "7d all of it", CHAINS)["label"] == "all of it"


def test_a_private_key_is_found_wherever_it_stands():
    for text in (PRIVATE_KEY, f"my key is ({PRIVATE_KEY})!", f"/help {PRIVATE_KEY}"):
        assert "PRIVATE KEY" in warn_of_secret(text, CHAINS)
    assert not warn_of_secret(f"{ADDRESS} {hash_of(1)} and words", CHAINS)
    with pytest.raises(SecretError) as refusal:
        read(Type.ADDRESS, PRIVATE_KEY)
    assert PRIVATE_KEY not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("/watch x y", "watch", "x y"),
        ("WATCH x", "watch", "x"),
        ("/Watch@SpyhopBot\nx", "watch", "x"),
        ("/nothing", "nothing", ""),
    ],
)
def test_a_command_is_read_with_or_without_slash(text, name, rest):
    typed = parse_typed(text, {"watch"})
    assert typed is not None
    assert (typed.name, typed.rest) == (name, rest)


@pytest.mark.parametrize("text", ["", "/", "nothing", "watched pots", "/-", "🐋"])
def test_other_text_is_no_command(text):
    assert parse_typed(text, {"watch"}) is None


def test_the_usage_shows_what_may_be_left_out():
    address = Parameter("address", Type.ADDRESS, "")
    amount = Parameter("amount", Type.AMOUNT, "", required=False, choices=("off",))
    assert usage_of(command(address, LABEL)) == "/do ADDRESS [label]"
    assert usage_of(command(amount)) == "/do [amount|off]"


@pytest.mark.parametrize(
    ("word", "meant"),
    [("wacth", "watch"), ("watchl", "watchlist"), ("mut", "mute"), ("xyzzy", ""), ("", "")],
)
def test_the_nearest_name_is_found(word, meant):
    assert nearest(word, ["watch", "watchlist", "mute", "unmute"]) == meant


ODD_WORDS = st.sampled_from([
    "off", "whales", "500", "BTC", "$", "1,5", "8h", "forever", '"', "''", "#", "0" * 70, "-1",
    ADDRESS, OTHER_ADDRESS, MISTYPED_ADDRESS, PRIVATE_KEY, hash_of(1), "://", "a://b/",
])  # fmt: skip
ODD_TEXT = st.text() | st.lists(ODD_WORDS | st.text(max_size=5), max_size=6).map(" ".join)


@given(ODD_TEXT, st.sampled_from(COMMANDS))
def test_any_text_is_arguments_or_a_usage_error(text, wanted):
    try:
        values = parse_arguments(wanted, text, CHAINS)
    except UsageError:
        return
    required = {p.name for p in wanted.parameters if p.required}
    assert required <= values.keys() <= {p.name for p in wanted.parameters}


async def test_what_fits_nothing_is_refused_in_as_few_words_as_help(talk):
    answer = await talk.say("/alerts add nonsense")
    assert answer.startswith("I do not know “nonsense” here.")
    assert "Did you mean “whales”?" in await talk.say("/alerts add wales")
    assert "is no number" not in answer
    assert "Usage" not in answer
    assert "Example: /alerts add fees below 3" in answer
    assert (await talk.say("/why abc")).startswith("“abc” is no transaction id")
    assert "use USD." in await talk.say("/alerts add price below 50000 loudly")


def test_choices_have_other_words_too():
    useful = command(Parameter("verdict", Type.CHOICE, "", choices=("yes", "no")))
    for typed, meant in (("👍🏽", "yes"), ("👎", "no"), ("Nein", "no")):
        assert parse_arguments(useful, typed, CHAINS) == {"verdict": meant}


async def test_what_a_name_lacks_is_asked_for_with_an_example_of_its_own(talk):
    answer = await talk.say("/mute counterparty")
    assert f"/mute counterparty {ADDRESS}" in answer
    assert "paste it" not in answer
    assert (await talk.say("/mute alert 99")).startswith("There is no alert 99 here.")
    assert "How much?" in await talk.say("/watch " + ADDRESS + " min")
