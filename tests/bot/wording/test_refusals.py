"""What is asked where something was left out."""

from types import SimpleNamespace

import pytest

from bot.commands.command import MissingError, Parameter, Type
from bot.commands.parse import parse_arguments
from bot.wording.refusals import format_missing
from tests.bot.desk import plain
from watchers.registry import CHAINS

KIND = Parameter("kind", Type.CHOICE, "", choices=("all", "large"))
AMOUNT = Parameter("amount", Type.AMOUNT, "", choices=("off",))


def asked(parameters, typed, *, private=True):
    """What is asked where only so much was typed after `/tell`."""
    command = SimpleNamespace(
        name="tell", parameters=parameters, examples=("/tell", "/tell large 5 BTC")
    )
    with pytest.raises(MissingError) as missing:
        parse_arguments(command, typed, CHAINS)
    return format_missing(command, missing.value, private=private)


def test_a_choice_is_a_button_that_keeps_what_was_typed_before():
    question = asked((KIND,), "")
    assert plain(question) == "Which kind?\n[All][Large]\n[Help]"
    assert [button.command for button in question.buttons[0]] == ["/tell all", "/tell large"]
    later = asked((AMOUNT, KIND), " 5 BTC ")
    assert [button.command for button in later.buttons[0]] == [
        "/tell 5 BTC all",
        "/tell 5 BTC large",
    ]


def test_an_amount_is_asked_for_with_what_to_type_next():
    question = asked((KIND, AMOUNT), "large")
    assert plain(question) == (
        "How much?\nType it after /tell large, like this:\n/tell large 5 BTC\n"
        "Usage: /tell all|large AMOUNT|off\n[Off]\n[Help]"
    )
    assert question.buttons[0][0].command == "/tell large off"


@pytest.mark.parametrize("type_", [Type.ADDRESS, Type.TRANSACTION, Type.HEIGHT])
def test_what_can_be_pasted_may_be_where_somebody_listens(type_):
    parameters = (Parameter("value", type_, ""),)
    assert "Just paste it here, or type it after /tell" in plain(asked(parameters, ""))
    assert "paste" not in plain(asked(parameters, "", private=False))
