import pytest

from bot.access import claim_code
from tests.bot.desk import PRIVATE_KEY, Talk
from tests.make import NOW


async def test_a_command_is_answered(talk):
    assert "What I can do" in await talk.say("/help")
    assert "What I can do" in await talk.say("HELP")


async def test_an_unknown_command_is_answered_with_the_nearest(talk):
    answer = await talk.send("/hepl watch")
    assert "Did you mean /help?" in answer.title[0].text


async def test_a_private_key_is_warned_of_and_never_repeated(talk):
    answer = await talk.say(f"/help my key is {PRIVATE_KEY}")
    assert "PRIVATE KEY" in answer
    assert PRIVATE_KEY not in answer


async def test_a_stranger_is_turned_away_and_let_in_by_a_code(desk):
    stranger = Talk(desk, platform="telegram", chat="7", person="7", name="Eve")
    assert "nobody has claimed it yet" in await stranger.say("/help")
    code = await claim_code(desk.store, NOW)
    assert "yours now" in await stranger.say(f"/start {code}")
    assert "What I can do" in await stranger.say("/help")
    assert await claim_code(desk.store, NOW) is None


@pytest.mark.parametrize("text", ["", " ", "/", "//", "/ help", "🐋", "\0", "\ud800"])
async def test_odd_text_is_answered_or_passed_over(talk, text):
    answer = await talk.say(text)
    assert answer or not text.strip("\0 ")
