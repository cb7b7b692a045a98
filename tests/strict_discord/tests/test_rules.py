"""The rules of the strict Discord server, without the server: commands, permissions, the map."""

import copy

import pytest

from tests.strict_discord.commands import is_name, problems_of
from tests.strict_discord.methods import METHODS
from tests.strict_discord.permissions import ALL, BITS, Overwrite, bits, in_channel
from tests.strict_discord.spec import load_spec

TEXT = {"type": 3, "name": "text", "description": "d"}
PLAIN = {"name": "watch", "description": "d", "options": [TEXT | {"required": True}]}


def with_options(*options):
    return [{"name": "watch", "description": "d", "options": list(options)}]


def sub(name, *options, kind=1):
    return {"type": kind, "name": name, "description": "d", "options": list(options)}


WRONG = {
    "twice the same name": [PLAIN, PLAIN],
    "101 commands": [PLAIN | {"name": f"watch{number}"} for number in range(101)],
    "no description": [{"name": "watch"}],
    "a capital": [PLAIN | {"name": "Watch"}],
    "a space": [PLAIN | {"name": "watch it"}],
    "an option's capital": with_options(TEXT | {"name": "Text"}),
    "an option twice": with_options(TEXT, TEXT),
    "required after optional": with_options(TEXT, TEXT | {"name": "a", "required": True}),
    "subcommands beside options": with_options(sub("a"), TEXT),
    "required after optional, below": with_options(
        sub("a", TEXT, TEXT | {"name": "b", "required": True})
    ),
    "choices and autocomplete": with_options(
        TEXT | {"autocomplete": True, "choices": [{"name": "a", "value": "a"}]}
    ),
    "a choice twice": with_options(TEXT | {"choices": [{"name": "a", "value": "a"}] * 2}),
    "least above most": with_options(TEXT | {"min_length": 3, "max_length": 2}),
    "more than 8000 characters": with_options(
        *(
            TEXT
            | {
                "name": f"t{number}",
                "choices": [{"name": "x" * 90 + str(n), "value": str(n)} for n in range(9)],
            }
            for number in range(10)
        )
    ),
}


@pytest.mark.parametrize("commands", WRONG.values(), ids=WRONG)
def test_commands_that_break_a_rule_are_found(commands):
    assert list(problems_of(commands))


@pytest.mark.parametrize(
    "commands",
    [
        [],
        [PLAIN],
        with_options(sub("here"), sub("group", sub("a", TEXT), kind=2)),
        [{"name": "Look up", "type": 3}],
        [PLAIN | {"name": f"watch{number}"} for number in range(100)],
    ],
)
def test_commands_that_keep_the_rules_are_not(commands):
    assert not list(problems_of(commands))


BROKEN_BY_SCHEMA = {
    "a name of 33": {"name": "x" * 33},
    "a description of 101": {"description": "x" * 101},
    "26 options": {"options": [TEXT | {"name": f"t{number}"} for number in range(26)]},
    "26 choices": {
        "options": [
            TEXT | {"choices": [{"name": str(n), "value": str(n)} for n in range(26)]},
        ]
    },
    "an option without a description": {"options": [{"type": 3, "name": "text"}]},
    "an unknown field": {"help": "x"},
}


@pytest.mark.parametrize("change", BROKEN_BY_SCHEMA.values(), ids=BROKEN_BY_SCHEMA)
def test_the_description_refuses_the_rest(change):
    found = load_spec().find("PUT", "/applications/1/commands")
    assert found is not None
    assert found[0].problems_of_body([PLAIN]) == []
    assert found[0].problems_of_body([copy.deepcopy(PLAIN) | change])


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("watch", True),
        ("día", True),
        ("a-b_c", True),
        ("Watch", False),
        ("", False),
        ("a/b", False),
    ],
)
def test_names_are_lower_case_words(name, right):
    assert is_name(name) is right


def test_overwrites_go_from_everybody_over_roles_to_the_member():
    base = bits(["view_channel", "send_messages"])
    everyone = Overwrite(1, 0, deny=bits(["send_messages"]))
    role = Overwrite(2, 0, allow=bits(["send_messages"]))
    member = Overwrite(3, 1, deny=bits(["send_messages"]))
    sees = BITS["view_channel"]
    assert in_channel(base, [everyone], 1, {2}, 3) == sees
    assert in_channel(base, [role, everyone], 1, {2}, 3) == base
    assert in_channel(base, [member, role, everyone], 1, {2}, 3) == sees
    assert in_channel(base, [member, role, everyone], 1, {2}, 4) == base


def test_who_sees_nothing_may_nothing_and_administrators_may_all():
    hidden = Overwrite(1, 0, deny=bits(["view_channel"]))
    assert in_channel(bits(["view_channel", "send_messages"]), [hidden], 1, set(), 3) == 0
    assert in_channel(bits(["administrator"]), [hidden], 1, set(), 3) == ALL


def test_the_original_message_is_not_taken_for_an_id():
    found = load_spec().find("PATCH", "/webhooks/1/token/messages/@original")
    assert found is not None
    assert found[0].id == "update_original_webhook_message"
    assert found[1] == {"webhook_id": "1", "webhook_token": "token"}


def test_every_method_is_in_the_description():
    assert set(METHODS) <= {operation.id for operation in load_spec().operations}


def test_of_alternatives_the_one_that_was_meant_is_explained():
    found = load_spec().find("POST", "/channels/1/messages")
    assert found is not None
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "x" * 81}]}
    (problem,) = found[0].problems_of_body({"components": [row]})
    assert problem.startswith("components.0.components.0.label:")
    assert problem.endswith("longer than 80 characters")
