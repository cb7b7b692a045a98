"""Training models beside the bot: at night, the first time, early after drift, and when asked."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from sqlite_utils import Database

from bot.language import speaking_to
from bot.learning.drift import has_drifted
from bot.learning.due import NEEDED, Known, reason_to_train
from bot.learning.lesson import Lesson
from bot.notices import tell_owners
from bot.store import Store
from bot.wording.models import format_failure, format_lesson
from bot.worker import Worker, WorkerError
from storage._sqlite import DatabaseError
from storage.chats import chat_by_id
from storage.features import KEPT_SECONDS, amount_of
from storage.model import Message, Priority
from storage.models import running_model, save_model
from storage.outbox import enqueue_notice
from storage.trainings import (
    Reason,
    Training,
    begin_training,
    end_training,
    trainings_since,
)
from watchers.model import Chain

log = logging.getLogger(__name__)

LIMIT_SECONDS = 900
"""A training that takes longer is given up."""
NICENESS = 10
"""The bot itself comes first."""
_LOOK_BACK_SECONDS = 2 * 86400

Teach: TypeAlias = Callable[[Path, str, int], Lesson]
"""Trains a model of a chain from a database, as of a time: in a process of its own."""


class Trainer:
    """Trains one model at a time: `look` is called once a minute, `ask` by who wants one now.

    Used as `async with`: at the end a training that is under way is given up; nothing of it
    was stored yet.
    """

    def __init__(
        self,
        store: Store,
        chains: Mapping[str, Chain],
        zone: str,
        clock: Callable[[], float],
        teach: Teach,
    ) -> None:
        self._store = store
        self._chains = chains
        self._zone = zone
        self._clock = clock
        self._teach = teach
        self._tasks = asyncio.TaskGroup()
        self._under_way: asyncio.Task[None] | None = None
        self.wake: Callable[[], None] = lambda: None
        """Called when there is something to say."""

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._under_way is not None:
            self._under_way.cancel()
        await self._tasks.__aexit__(None, None, None)  # an error of the body stays as it is

    @property
    def busy(self) -> bool:
        """Whether a training is under way."""
        return self._under_way is not None and not self._under_way.done()

    async def look(self, now: int) -> None:
        """Begin what is due, the chains one after the other."""
        for chain in self._chains:
            if self.busy:
                return
            known = await self._store.read(_known, chain, now)
            if reason := reason_to_train(known, now, self._zone):
                await self._begin(chain, reason, None)

    async def ask(self, chain: str, chat: int) -> bool:
        """Begin a training whose result is told in a chat; False while another is under way."""
        if self.busy:
            return False
        await self._begin(chain, "asked", chat)
        return True

    async def _begin(self, chain: str, reason: Reason, chat: int | None) -> None:
        now = int(self._clock())
        training = await self._store.write(begin_training, chain, reason, now, chat)
        log.info("training begins chain=%s reason=%s", chain, reason)
        self._under_way = self._tasks.create_task(self._train(training))

    async def _train(self, training: Training) -> None:
        chain = self._chains[training.chain]
        note: Callable[..., None]
        try:
            async with Worker(partial(os.nice, NICENESS)) as worker:
                lesson = await worker.run(
                    self._teach, self._store.path, training.chain, training.began_at,
                    timeout_seconds=LIMIT_SECONDS,
                )  # fmt: skip
            note = partial(_settle, training=training, chain=chain, lesson=lesson)
        except Exception as error:  # the boundary around training: said, and over
            log.warning("a training failed chain=%s: %s", training.chain, error, exc_info=error)
            cause = str(error) if isinstance(error, WorkerError) else type(error).__name__
            note = partial(_fail, training=training, chain=chain, cause=cause)
        try:
            await self._store.write(note, int(self._clock()))
        except DatabaseError as error:
            log.warning("a training is lost, the next will tell: %s", error)
        self.wake()


def _known(db: Database, chain: str, now: int) -> Known:
    return Known(
        running_model(db, chain) is not None,
        amount_of(db, chain, now - KEPT_SECONDS, NEEDED),
        trainings_since(db, chain, now - _LOOK_BACK_SECONDS),
        has_drifted(db, chain),
    )


def _settle(db: Database, now: int, *, training: Training, chain: Chain, lesson: Lesson) -> None:
    """Store what was learnt and say so, in one transaction."""
    version = None
    if lesson.learnt is not None:
        version = save_model(db, lesson.learnt, lesson.why, runs=lesson.runs)
    end_training(db, training, lesson.why, version, now)
    _tell(db, training, partial(format_lesson, lesson, chain, version, training.reason), now)


def _fail(db: Database, now: int, *, training: Training, chain: Chain, cause: str) -> None:
    end_training(db, training, cause, None, now)
    _tell(db, training, partial(format_failure, chain, cause), now)


def _tell(db: Database, training: Training, compose: Callable[[], Message], now: int) -> None:
    """Tell whoever asked, else the owners, each in their language."""
    key = f"training:{training.id}"
    if training.chat is None:
        tell_owners(db, key, compose, now)
        return
    with speaking_to(chat_by_id(db, training.chat)):
        enqueue_notice(db, training.chat, key, compose(), Priority.PERSONAL, now)
