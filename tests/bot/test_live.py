"""What a live run says where it cannot begin."""

import click
import pytest

from bot.live import only_one, run_live
from bot.settings import parse_settings

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
