"""What becomes of a message by what Discord answers."""

from types import SimpleNamespace

import aiohttp
import pytest
from discord import Forbidden, HTTPException, NotFound, RateLimited
from discord.errors import DiscordServerError

from bot.platforms.discord_verdicts import AwayError, concerns_all, parse_verdict
from storage.model import Gone, Rejected, Retry


def refused(status, code=0, text="no", kind_of_text="application/json"):
    kind = {403: Forbidden, 404: NotFound, 500: DiscordServerError, 503: DiscordServerError}
    response = SimpleNamespace(status=status, reason="", content_type=kind_of_text)
    return kind.get(status, HTTPException)(response, {"code": code, "message": text})


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, 10003), (404, 10004), (404, 10013), (403, 50001), (403, 50013), (403, 50007),
     (403, 50278), (400, 50033), (400, 160005), (403, 12345), (404, 12345)],
)  # fmt: skip
def test_where_nothing_can_be_said_the_chat_is_parked(status, code):
    verdict = parse_verdict(refused(status, code))
    assert isinstance(verdict, Rejected)
    assert verdict.parks


@pytest.mark.parametrize(
    ("status", "code"), [(404, 10008), (429, 30046), (400, 30046), (403, 50005), (400, 50021)]
)
def test_what_can_no_longer_be_changed_is_gone(status, code):
    assert isinstance(parse_verdict(refused(status, code)), Gone)


@pytest.mark.parametrize(("status", "code"), [(400, 50035), (400, 50006), (413, 40005), (400, 0)])
def test_a_message_that_discord_will_never_take_is_rejected_alone(status, code):
    verdict = parse_verdict(refused(status, code))
    assert isinstance(verdict, Rejected)
    assert not verdict.parks


@pytest.mark.parametrize(
    "error",
    [refused(500), refused(503), refused(400, 20028), aiohttp.ServerDisconnectedError(),
     ConnectionResetError(), TimeoutError(), AwayError("left")],
)  # fmt: skip
def test_what_may_be_right_later_is_tried_again(error):
    verdict = parse_verdict(error)
    assert isinstance(verdict, Retry)
    assert verdict.reason
    assert not concerns_all(error)


@pytest.mark.parametrize("status", [400, 405, 408, 411])
def test_a_page_of_something_in_between_is_not_the_word_of_discord(status):
    verdict = parse_verdict(refused(status, text="<h1>Bad Request</h1>", kind_of_text="text/html"))
    assert isinstance(verdict, Retry)
    assert verdict.after_seconds >= 60


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_refusal_that_is_not_about_the_chat_parks_nothing_and_stops_all_calls(status):
    error = refused(status)
    verdict = parse_verdict(error)
    assert isinstance(verdict, Retry)
    assert verdict.after_seconds >= 60
    assert concerns_all(error)


def test_a_pause_that_discord_asks_for_is_kept():
    verdict = parse_verdict(RateLimited(45.0))
    assert isinstance(verdict, Retry)
    assert verdict.after_seconds > 45


def test_a_long_answer_makes_no_long_reason():
    verdict = parse_verdict(refused(400, 50035, "x" * 5000))
    assert isinstance(verdict, Rejected)
    assert len(verdict.reason) <= 200
