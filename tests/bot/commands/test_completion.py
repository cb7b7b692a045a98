from dataclasses import replace

import pytest

from bot.commands.command import Parameter, Type
from bot.commands.completion import Completion, Offer
from bot.commands.registry import COMMANDS
from bot.kinds.registry import KINDS
from detectors.interests import Interests
from detectors.model import Kind, Subscription
from storage.model import Chat, Role
from storage.persons import set_role
from tests.bot.desk import ADDRESS, OTHER_ADDRESS, Talk
from tests.make import NOW
from watchers.registry import CHAINS

HERE = ("discord", "7", "")
WATCHES = [
    Subscription(1, 5, Kind.WATCH, "bitcoin", ADDRESS, "Cold wallet"),
    Subscription(2, 5, Kind.WATCH, "bitcoin", OTHER_ADDRESS),
    Subscription(3, 6, Kind.WATCH, "bitcoin", "bc1qtheirs", "Cold too"),
    Subscription(4, 5, Kind.WHALES, "bitcoin", unit="BTC", amount=1),
]


def offered(type_, typed="", place=HERE, choices=()):
    complete = Completion(CHAINS, Interests(WATCHES), {HERE: 5})
    return [
        offer.text for offer in complete(place, Parameter("it", type_, "", choices=choices), typed)
    ]


@pytest.mark.parametrize("type_", [Type.ADDRESS, Type.WATCH])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", [ADDRESS, OTHER_ADDRESS]),
        ("BC1Q", [ADDRESS]),
        ("wall", [ADDRESS]),
        ("1a1z", [OTHER_ADDRESS]),
        ("theirs", []),
    ],
)  # fmt: skip
def test_own_addresses_are_offered_by_their_beginning_or_label(type_, typed, expected):
    assert offered(type_, typed) == expected


def test_an_offer_says_its_label():
    complete = Completion(CHAINS, Interests(WATCHES), {HERE: 5})
    (offer,) = complete(HERE, Parameter("it", Type.WATCH, ""), "cold")
    assert offer == Offer(ADDRESS, "Cold wallet bc1qa…5mdq")


def test_nothing_is_offered_in_a_chat_that_nobody_has_met():
    assert offered(Type.ADDRESS, place=("discord", "8", "")) == []


def test_a_chat_that_was_met_is_known():
    complete = Completion(CHAINS, Interests(WATCHES), {})
    complete.meet(Chat(6, "discord", "9", "", "group", "", "en", "UTC", "USD"))
    (offer,) = complete(("discord", "9", ""), Parameter("it", Type.ADDRESS, ""), "")
    assert offer.text == "bc1qtheirs"


@pytest.mark.parametrize(
    ("type_", "typed", "expected"),
    [
        (Type.PERIOD, "", ["1h", "24h", "7d", "30d", "365d"]),
        (Type.PERIOD, "3", ["30d", "365d"]),
        (Type.PERIOD, "3d", ["3d"]),
        (Type.PERIOD, "24h", ["24h"]),
        (Type.PERIOD, "5m", []),
        (Type.DURATION, "5m", ["5m"]),
        (Type.DURATION, "for", ["forever"]),
        (Type.CHAIN, "", ["bitcoin"]),
        (Type.CHAIN, "BT", ["bitcoin"]),
        (Type.CHAIN, "doge", []),
        (Type.TEXT, "any", []),
        (Type.HEIGHT, "8", []),
    ],
)
def test_the_common_ones_and_what_was_typed_are_offered(type_, typed, expected):
    assert offered(type_, typed) == expected


def test_choices_come_first():
    assert offered(Type.DURATION, "", choices=("off",))[:2] == ["off", "30m"]


def test_no_more_is_offered_than_anybody_reads():
    many = [Subscription(n, 5, Kind.WATCH, "bitcoin", f"bc1q{n}") for n in range(1, 100)]
    complete = Completion(CHAINS, Interests(many), {HERE: 5})
    assert len(complete(HERE, Parameter("it", Type.ADDRESS, ""), "bc1")) == 25


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
@pytest.mark.parametrize("typed", ["", "0", "\0", "\ud800", " ", "x" * 6000])
def test_whatever_is_typed_completes_or_does_not(command, typed):
    complete = Completion(CHAINS, Interests(WATCHES), {HERE: 5})
    for parameter in command.parameters:
        assert all(offer.text for offer in complete(HERE, parameter, typed))


async def test_a_chat_that_somebody_writes_in_is_known_to_completion(desk):
    complete = Completion(CHAINS, desk.interests, {})
    talk = Talk(replace(desk, met=complete.meet), chat="42")
    await talk.say(f"/watch {ADDRESS} Mine")
    (offer,) = complete(("terminal", "42", ""), Parameter("it", Type.WATCH, ""), "mi")
    assert offer.text == ADDRESS


async def test_only_where_one_may_ask_is_anything_offered(desk):
    complete = Completion(CHAINS, desk.interests, {})
    stranger = Talk(
        replace(desk, met=complete.meet), platform="discord", chat="9", person="3", kind="group"
    )
    await stranger.say("/watchlist")
    ask = "SELECT id FROM chats WHERE platform = 'discord'"
    chat = await desk.read(lambda db: db.conn.execute(ask).fetchone()[0])
    desk.interests.add(Subscription(1, chat, Kind.WATCH, "bitcoin", ADDRESS))
    which = Parameter("it", Type.WATCH, "")
    assert not complete(("discord", "9", ""), which, "")
    await desk.write(set_role, "discord", "3", Role.GUEST, NOW)
    await stranger.say("/watchlist")
    assert [offer.text for offer in complete(("discord", "9", ""), which, "")] == [ADDRESS]


def test_units_and_currencies_are_offered_alone_and_together():
    assert offered(Type.UNITS)[:4] == ["BTC", "sat", "USD", "EUR"]
    assert offered(Type.UNITS, "SAT") == ["sat", "sat USD", "sat EUR"]


def option(command, name):
    (found,) = [each for each in COMMANDS if each.name == command]
    return next(each for each in found.parameters if each.name == name)


@pytest.mark.parametrize(
    ("what", "typed", "expected"),
    [
        ("ring", "", ["loud", "silent", "digest", "off"]),
        ("ring", "SI", ["silent"]),
        ("min", "1 in 10", ["1 in 100", "1 in 1000", "1 in 10000"]),
        ("label", "", []),
        ("fees", "", ["below 3", "above 50"]),
        ("fees", "be", ["below 3"]),
        ("fees", "below ", ["below 3"]),
        ("fees", "below 7 ", ["below 7 loud", "below 7 silent", "below 7 digest", "below 7 off"]),
        ("fees", "below 7 di", ["below 7 digest"]),
        ("whales", "$", ["$10M"]),
        ("source", "s", ["silent"]),
        ("blocks", "", ["later than 30m", "loud", "silent", "digest", "off"]),
        ("anomalies", "ve", ["very rare"]),
        ("anomalies", "very rare s", ["very rare silent"]),
        ("anomalies", "1 in ", ["1 in 100", "1 in 1000", "1 in 10000"]),
        ("watch", "", []),
        ("watch", f"{ADDRESS} i", [f"{ADDRESS} in"]),
        ("watch", f"{ADDRESS} ", [f"{ADDRESS} {w}" for w in ("in", "out", "any")]),
        ("", "", []),
    ],
)
def test_what_a_rule_may_say_is_offered_by_its_kind(what, typed, expected):
    complete = Completion(CHAINS, Interests(), {})
    value = option("alerts", "value")
    offers = [offer.text for offer in complete(HERE, value, typed, {"do": "add", "what": what})]
    assert offers[: len(expected)] == expected
    assert len(offers) == len(expected) or what == "watch"


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_offered_of_a_rule_is_understood(desk, kind):
    complete = Completion(CHAINS, Interests(), {})
    value, talk = option("alerts", "value"), Talk(desk)
    begun = ADDRESS if kind is Kind.WATCH else ""
    firsts = [offer.text for offer in complete(HERE, value, begun, {"what": str(kind)})] or [begun]
    for text in firsts:
        for offer in complete(HERE, value, f"{text} ", {"what": str(kind)}):
            assert "✅ You will be told." in await talk.say(f"/alerts add {kind} {offer.text}")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a", ["all", "anomalies"]),
        ("fees", ["fees"]),
        ("fees ", ["fees below 3", "fees above 50"]),
        ("Fees a", ["Fees above 50"]),
        ("nothing ", []),
    ],
)
def test_a_rule_to_be_tried_is_offered_from_its_kind_on(typed, expected):
    complete = Completion(CHAINS, Interests(), {})
    assert [o.text for o in complete(HERE, option("preview", "rule"), typed)] == expected


def test_the_commands_are_offered_where_help_is_asked():
    complete = Completion(CHAINS, Interests(), {})
    assert [o.text for o in complete(HERE, option("help", "command"), "una")] == []
    assert [o.text for o in complete(HERE, option("help", "command"), "wa")] == [
        "watch", "watchlist",
    ]  # fmt: skip
