"""Questions over HTTP bring bounded answers, and addresses keep their secrets."""

import base64

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from websockets.datastructures import Headers

from tests.watchers.conftest import until
from tests.watchers.test_watcher import Clock, Desk, watching
from watchers.feed import Get
from watchers.http import HttpSource, SourceError
from watchers.model import Incident, unsealed


async def test_a_look_up_that_finds_nothing_says_so(served):
    async with watching(served, Desk()) as watcher:
        with pytest.raises(SourceError, match="knows nothing"):
            await watcher.look_up("/rawtx/" + "0" * 64)
        assert b"83123.45" in await watcher.look_up("/ticker")


async def test_a_name_that_leads_nowhere_is_tried_again_and_no_secret_is_shown(served, caplog):
    desk = Desk()
    secret = "ws://user:hunter2@no-such-host.invalid/inv?key=topsecret"
    with caplog.at_level("DEBUG"):
        async with watching(served, desk, ws_url=secret) as watcher:
            await until(lambda: watcher.attempts >= 3)
            assert watcher.last_error
        shown = caplog.text + watcher.last_error
    assert "session ended" in shown
    assert "hunter2" not in shown
    assert "topsecret" not in shown


async def test_no_log_line_of_a_session_shows_a_secret(served, caplog):
    url = served.ws_url.replace("ws://", "ws://user:hunter2@") + "/inv?key=topsecret"
    with caplog.at_level("DEBUG"):
        async with watching(served, Desk(), ws_url=url):
            await until(lambda: served.said)
            await served.connections[0].close()
            await until(lambda: len(served.connections) == 2)
    assert "connected" in caplog.text
    credentials = base64.b64encode(b"user:hunter2").decode()
    client = [r.getMessage() for r in caplog.records if not r.name.startswith("websockets.server")]
    assert not [line for line in client if "topsecret" in line or credentials in line]
    assert not [line for line in client if "hunter2" in line]


async def test_a_strange_address_is_an_error_and_not_the_end(served):
    desk = Desk()
    async with watching(served, desk, ws_url="http://user:pw1234@[::1") as watcher:
        await until(lambda: watcher.attempts >= 3)
        assert "pw1234" not in watcher.last_error


async def test_an_answer_that_is_too_slow_or_too_long_is_no_answer(served, monkeypatch):
    monkeypatch.setattr("watchers.http.MAX_ANSWER_BYTES", 1_000)
    served.respond = lambda path: web.Response(body=b" " * 5_000)
    desk = Desk()
    async with watching(served, desk) as watcher:
        await until(lambda: desk.of(Incident))
        with pytest.raises(SourceError, match="more than 1000 bytes"):
            await watcher.look_up("/ticker")
    assert {unsealed(incident.kind) for incident in desk.of(Incident)} <= {
        "newest block: no answer", "prices: no answer",
    }  # fmt: skip


@pytest.mark.parametrize("value", ["30", "Sun, 06 Nov 2033 08:49:37 GMT"])
async def test_the_source_may_say_when_to_ask_again(served, value):
    times = Clock()
    times.passed = 2_014_879_747 - times()  # half a minute before that date
    headers = {"Retry-After": value}
    served.respond = lambda path: web.Response(status=429, headers=headers, body=b"{}")
    async with watching(served, Desk(), clock=times) as watcher:
        await until(lambda: served.paths)
        answer = await watcher._http.answer(Get(1, "/ticker"))
        with pytest.raises(SourceError, match="slow down"):
            await watcher.look_up("/ticker")
    assert answer.retry_after_seconds == 30.0


async def test_a_key_in_the_address_is_sent_and_never_shown(served):
    url = served.http_url.replace("http://", "http://user:hunter2@") + "/?key=topsecret"
    async with watching(served, Desk(), http_url=url):
        await until(lambda: "/ticker?key=topsecret" in served.paths)
        gone = HttpSource("http://user:hunter2@127.0.0.1:1/?key=topsecret", clock=Clock())
        answer = await gone.answer(Get(1, "/block-height/1?format=json"))
        await gone.close()
    assert answer.status == 0
    assert "hunter2" not in answer.error
    assert "topsecret" not in answer.error


@given(st.text(max_size=40) | st.sampled_from(["0", "-1", "\u00b2", "Mon, 1 Jan 0001 00:00:00"]))
def test_no_retry_after_is_a_fault(value):
    found = HttpSource("http://127.0.0.1", Clock()).retry_after({"Retry-After": value})
    assert found is None or found >= 0


def test_a_retry_after_that_is_named_twice_is_none():
    headers = Headers([("Retry-After", "1"), ("Retry-After", "2")])
    assert HttpSource("http://127.0.0.1", Clock()).retry_after(headers) is None
