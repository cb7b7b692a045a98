"""What a live run says where it cannot begin."""

import click
import pytest

from bot.live import run_live
from bot.lock import only_one
from bot.settings import parse_settings
from storage.database import open_database

pytestmark = pytest.mark.timeout(60)


async def test_a_database_that_another_process_runs_on_is_left_alone(tmp_path):
    path = tmp_path / "spyhop.db"
    settings = parse_settings({"DATABASE": str(path), "CONSOLE": "off"})
    with only_one(path), pytest.raises(click.ClickException, match="another Spyhop already runs"):
        await run_live(settings)
    assert not path.exists()


async def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "notes.db"
    path.write_text("these are my notes, and no database at all\n" * 100)
    with pytest.raises(click.ClickException, match=r"notes\.db"):
        await run_live(parse_settings({"DATABASE": str(path), "CONSOLE": "off"}))


async def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "spyhop.db"
    with pytest.raises(click.ClickException, match="nothing can be written beside"):
        await run_live(parse_settings({"DATABASE": str(path), "CONSOLE": "off"}))


async def test_a_file_that_another_program_holds_is_told_with_what_to_do(tmp_path):
    path = tmp_path / "spyhop.db"
    holder = open_database(path)
    holder.conn.execute("BEGIN EXCLUSIVE")
    with pytest.raises(click.ClickException, match=r"is locked\). Another program holds it"):
        await run_live(parse_settings({"DATABASE": str(path), "CONSOLE": "off"}))
    holder.close()
