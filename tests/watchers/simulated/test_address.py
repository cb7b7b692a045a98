"""Script and address encodings, against an independent library."""

import embit.script
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.simulated.address import (
    address_of,
    op_return,
    p2pkh,
    p2sh,
    script_of,
    witness,
)

TWENTY, THIRTY_TWO = st.binary(min_size=20, max_size=20), st.binary(min_size=32, max_size=32)
SCRIPTS = st.one_of(
    TWENTY.map(p2pkh),
    TWENTY.map(p2sh),
    TWENTY.map(lambda program: witness(0, program)),
    THIRTY_TWO.map(lambda program: witness(0, program)),
    THIRTY_TWO.map(lambda program: witness(1, program)),
)


@given(SCRIPTS)
def test_an_address_is_what_another_library_makes_of_the_script(script):
    assert address_of(script) == embit.script.Script(script).address()


@given(SCRIPTS)
def test_an_address_leads_back_to_its_script(script):
    assert script_of(str(address_of(script))) == script


def test_data_has_no_address():
    assert address_of(op_return(b"hello")) is None


@pytest.mark.parametrize(
    "mistaken",
    [
        "",
        "bc1",
        "bc1q",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp",  # the last letter changed
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyU",
        "1BoatSLRHtKNngkdXEeobR76b53LETtpy0",  # no such digit
        "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn",  # testnet
    ],
)
def test_a_mistaken_address_is_refused(mistaken):
    with pytest.raises(ValueError):
        script_of(mistaken)
