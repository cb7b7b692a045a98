"""The log: one line an event, and no secret in any of them."""

import logging
import re
import sys
import time
from collections.abc import Iterable
from typing import TextIO

HIDDEN = "***"
_TOKEN = re.compile(r"\bbot\d+:[\w-]+")
_CHATTY = ("httpx", "httpcore", "telegram", "discord", "apscheduler", "aiohttp.access")
"""Libraries whose everyday lines tell nothing here; httpx would log addresses with tokens."""


class Redaction(logging.Filter):
    """Hides secrets in whatever a record says, its traceback included.

    Known are the `secrets`, and by its looks whatever is a Telegram bot's token in an address.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        # The longest first, or one that holds another would be hidden in part.
        known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._secret = re.compile("|".join([*map(re.escape, known), _TOKEN.pattern]))

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, rewritten."""
        record.msg, record.args = self.redact(_message(record)), None
        if record.exc_info:
            record.exc_text = self.redact(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        if record.stack_info:
            record.stack_info = self.redact(record.stack_info)
        return True

    def redact(self, text: str) -> str:
        """The text without secrets."""
        return self._secret.sub(HIDDEN, text)


def configure_logging(
    secrets: Iterable[str], level: int | str = logging.INFO, stream: TextIO | None = None
) -> None:
    """Log to one stream (standard error where none is given) in one format, in UTC."""
    handler = logging.StreamHandler(stream or sys.stderr)
    formatter = logging.Formatter("{asctime}Z {levelname:<7} {name}: {message}", style="{")
    formatter.default_msec_format = ""
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(Redaction(secrets))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _message(record: logging.LogRecord) -> str:
    """What the record says; a call with the wrong arguments must not take the log down."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"
