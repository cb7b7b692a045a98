"""One training in the terminal, as the bot does it at night."""

from pathlib import Path
from time import time

import click
import msgspec

from bot.learning.lesson import Lesson, teach
from bot.lock import only_one
from bot.offline.progress import waiting
from bot.offline.words import plain
from bot.wording.models import format_lesson
from storage._sqlite import DatabaseError
from storage.database import DatabaseUnusableError, open_database
from storage.features import newest_time
from storage.models import save_model
from storage.trainings import begin_training, end_training
from watchers.registry import CHAINS


def run_train(database: Path, chain: str) -> bool:
    """Train, store the model, and say what came of it; whether there is one.

    Raises `click.ClickException` for what must be put right first.
    """
    if not database.exists():
        raise click.ClickException(
            f"there is no database {database}: `spyhop ingest FILE` makes one, or set DATABASE"
        )
    try:
        with only_one(database):
            lesson, version = _trained(database, chain)
    except (DatabaseUnusableError, DatabaseError) as error:
        raise click.ClickException(str(error)) from None
    message = format_lesson(lesson, CHAINS[chain], version, "asked")
    for line in (message.title, *message.lines):
        click.echo(plain(line))
    return version is not None


def _trained(database: Path, chain: str) -> tuple[Lesson, int | None]:
    db = open_database(database)
    began = int(time())
    newest = newest_time(db, chain)
    with waiting(f"learning {CHAINS[chain].title}"):
        lesson = teach(database, chain, began if newest is None else min(began, newest + 1))
    version = None
    with db.atomic():
        training = begin_training(db, chain, "asked", began)
        if lesson.learnt is not None:
            learnt = msgspec.structs.replace(lesson.learnt, trained_at=began)
            version = save_model(db, learnt, lesson.why, runs=lesson.runs)
        end_training(db, training, lesson.why, version, int(time()))
    db.close()
    return lesson, version
