"""No secret gets into the log, whoever writes it."""

import io
import logging

import pytest

from bot.logs import Redaction, configure_logging
from tests.bot.platforms.telegram_stage import running
from tests.strict_telegram.server import StrictTelegram

TOKEN = "987654321:AAH-a_token_of_the-usual_length_0123"


@pytest.fixture
def log():
    """The log as text; logging is as it was afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging([TOKEN, "s3cret"], logging.DEBUG, stream)
    yield stream
    root.handlers[:], root.level = before


def test_a_line_says_when_how_loud_who_and_what(log):
    logging.getLogger("bot.outlet.delivery").warning("sent %d", 3)
    line = log.getvalue()
    assert line[4] == line[7] == "-"
    assert line.endswith("Z WARNING bot.outlet.delivery: sent 3\n")


@pytest.mark.parametrize("argument", [TOKEN, f"https://host/bot{TOKEN}/getMe", ValueError(TOKEN)])
def test_a_secret_in_an_argument_is_hidden(log, argument):
    logging.getLogger("bot").info("got %s", argument)
    assert TOKEN not in log.getvalue()
    assert "***" in log.getvalue()


def test_a_secret_in_a_traceback_is_hidden(log):
    try:
        try:
            int(TOKEN)
        except ValueError as error:
            raise RuntimeError("s3cret") from error
    except RuntimeError:
        logging.getLogger("bot").exception("it failed")
    text = log.getvalue()
    assert "RuntimeError: ***" in text
    assert "ValueError: invalid literal for int() with base 10: '***'" in text
    assert TOKEN not in text
    assert "s3cret" not in text


def test_a_token_nobody_told_of_is_known_by_its_looks():
    text = Redaction([]).redact("POST https://api.telegram.org/bot123:ab-c_D/sendMessage")
    assert text == "POST https://api.telegram.org/***/sendMessage"


def test_a_secret_that_holds_another_is_hidden_whole():
    assert Redaction(["abc", "abc-def"]).redact("abc-def abc") == "*** ***"


def test_a_call_with_wrong_arguments_is_logged_all_the_same(log):
    logging.getLogger("bot").info("%d of %d", "one")  # noqa: PLE1206 - the point
    assert "%d of %d ('one',)" in log.getvalue()


async def test_the_library_at_its_loudest_tells_no_token():
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    async with StrictTelegram(TOKEN) as server:
        configure_logging([], logging.DEBUG, stream)
        loud = [logging.getLogger(name) for name in ("httpx", "httpcore", "telegram")]
        for logger in loud:
            logger.setLevel(logging.DEBUG)
        try:
            server.fail_next("getMe", "drop")
            server.fail_next("getUpdates", 502)
            async with running(server):
                await server.person("Ada").says("/start")
                await server.next_message()
        finally:
            for logger in loud:
                logger.setLevel(logging.WARNING)
            root.handlers[:], root.level = before
    text = stream.getvalue()
    assert "/***" in text
    assert "sendMessage" in text
    assert TOKEN.split(":")[1] not in text
