"""Each rule of the structure fails where it should, shown on small made-up trees."""

from pathlib import Path

import pytest

from tests.structure import floors, manners, trouble
from tests.structure.source import modules_below

LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 40
SHORT_FUNCTION = "def g():\n    return 1\n"


def lines(rule, root: Path, files: dict[str, str]) -> list[str]:
    """What a rule says of a tree of these files."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return [str(fault).partition(": ")[0] for fault in rule(modules_below(root))]


MODEL = {"watchers/model.py": "", "detectors/model.py": "", "storage/model.py": ""}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("watchers/feed.py", "from detectors.model import Alert"),
        ("watchers/feed.py", "import storage.model"),
        ("watchers/simulated/server.py", "from watchers.model import Block"),
        ("detectors/whales.py", "from watchers import feed"),
        ("detectors/whales.py", "from storage.model import Message"),
        ("storage/blocks.py", "from detectors.whales import Whales"),
        ("storage/blocks.py", "def f():\n    from bot import desk"),
        ("storage/blocks.py", "if TYPE_CHECKING:\n    from bot import desk"),
        ("charts/fees.py", "from watchers.feed import Feed"),
        ("charts/fees.py", "from ..bot import desk"),
        ("charts/fees.py", "import_module('bot.desk')"),
    ],
)
def test_an_import_from_a_floor_above_is_found(path, text, tmp_path):
    others = {"watchers/feed.py": "", "bot/desk.py": "", "detectors/whales.py": "", **MODEL}
    line = text.count("\n") + 1
    assert lines(floors.floor_faults, tmp_path, {**others, path: text}) == [f"{path}:{line}"]


def test_imports_from_below_are_allowed(tmp_path):
    files = {
        **MODEL,
        "watchers/feed.py": "from watchers.model import Block",
        "watchers/simulated/world.py": "from .mempool import Mempool",
        "watchers/simulated/mempool.py": "import asyncio",
        "detectors/detector.py": "from watchers.model import Block",
        "storage/blocks.py": "from detectors.detector import History\nimport watchers.feed",
        "charts/fees.py": "from storage.model import Message\nfrom watchers import model",
        "bot/app.py": "import charts.fees, storage.blocks, detectors.detector, watchers.feed",
    }
    assert not lines(floors.floor_faults, tmp_path, files)


def test_a_circle_is_found_once_even_where_a_function_hides_it(tmp_path):
    files = {
        "storage/a.py": "from storage import b",
        "storage/b.py": "x = 1\nfrom storage.c import C",
        "storage/c.py": "def f():\n    from storage.a import A",
        "storage/d.py": "import storage.a",
    }
    assert lines(floors.circle_faults, tmp_path, files) == ["storage/a.py:1"]


def test_modules_without_a_circle_pass(tmp_path):
    files = {"storage/a.py": "import storage.b, storage.c", "storage/b.py": "import storage.c"}
    assert not lines(floors.circle_faults, tmp_path, {**files, "storage/c.py": ""})


@pytest.mark.parametrize(
    "text",
    [
        "import asyncio",
        "from time import monotonic",
        "import urllib.request",
        "import importlib\nimportlib.import_module('sqlite3')",
        "from datetime import datetime\nnow = datetime.now()",
        "import datetime\nnow = datetime.date.today()",
        "def f(path):\n    return open(path)",
    ],
)
def test_the_world_is_found_on_a_pure_floor(text, tmp_path):
    files = {"detectors/whales.py": text, "bot/app.py": text}
    line = text.count("\n") + 1
    assert lines(manners.world_faults, tmp_path, files) == [f"detectors/whales.py:{line}"]


def test_values_and_types_of_time_are_allowed_on_a_pure_floor(tmp_path):
    text = "from datetime import datetime\nimport urllib.parse\ndef f(at: datetime): at.time()"
    assert not lines(manners.world_faults, tmp_path, {"watchers/feed.py": text})


@pytest.mark.parametrize("sql", ["SELECT x FROM y", "\n  UPDATE x SET y", "DELETE FROM {table}"])
def test_sql_is_found_outside_storage(sql, tmp_path):
    text = f"table = 'x'\nquery = f'''{sql}'''"
    files = {"bot/desk.py": text, "storage/blocks.py": text}
    assert lines(manners.sql_faults, tmp_path, files) == ["bot/desk.py:2"]


def test_words_of_a_person_are_no_sql(tmp_path):
    text = "'Select a chain', 'DELETE', 'Update the list', 'CREATED BY'"
    assert not lines(manners.sql_faults, tmp_path, {"bot/desk.py": text})


def test_a_long_file_and_a_long_function_are_found(tmp_path):
    files = {
        "bot/long.py": "x = 1\n" * 251,
        "bot/full.py": "x = 1\n" * 250,
        "bot/grown.py": SHORT_FUNCTION + LONG_FUNCTION,
        "bot/class.py": "class C:\n    async " + LONG_FUNCTION.replace("\n", "\n    "),
    }
    found = lines(manners.size_faults, tmp_path, files)
    assert found == ["bot/class.py:2", "bot/grown.py:3", "bot/long.py:1"]


def test_long_functions_show_in_the_median(tmp_path):
    text = "def f():\n" + "    x = 1\n" * 10
    assert lines(manners.median_faults, tmp_path, {"bot/a.py": text}) == [".:0"]
    assert not lines(manners.median_faults, tmp_path, {"bot/b.py": SHORT_FUNCTION * 3})


@pytest.mark.parametrize("text", ["", "x = 1", '"""Bot."""\nimport asyncio', "'a'\n'b'"])
def test_code_in_a_package_is_found(text, tmp_path):
    files = {"bot/__init__.py": text, "charts/__init__.py": '"""Pictures."""\n'}
    assert lines(manners.package_faults, tmp_path, files) == ["bot/__init__.py:1"]


@pytest.mark.parametrize("name", ["FeedManager", "BaseFeed", "AbstractFeed", "HTTPService"])
def test_a_class_with_an_empty_name_is_found(name, tmp_path):
    text = f"class Feed:\n    class {name}: ..."
    assert lines(manners.name_faults, tmp_path, {"watchers/feed.py": text}) == [
        "watchers/feed.py:2"
    ]


def test_a_module_with_an_empty_name_is_found(tmp_path):
    files = {"bot/utils.py": "", "bot/text_helpers.py": "", "watchers/base/__init__.py": ""}
    found = sorted(lines(manners.name_faults, tmp_path, files))
    assert found == ["bot/text_helpers.py:1", "bot/utils.py:1", "watchers/base/__init__.py:1"]


def test_names_that_only_contain_an_empty_word_pass(tmp_path):
    text = "class Database: ...\nclass Base58Error: ...\nclass Basement: ..."
    assert not lines(manners.name_faults, tmp_path, {"watchers/base58.py": text})


@pytest.mark.parametrize(
    "call",
    [
        "asyncio.create_task(f())",
        "asyncio.ensure_future(f())",
        "asyncio.get_running_loop().create_task(f())",
        "self.loop.create_task(f())",
        "from asyncio import create_task",
    ],
)
def test_a_task_without_a_group_is_found(call, tmp_path):
    assert lines(manners.task_faults, tmp_path, {"bot/app.py": f"x = 1\n{call}"}) == [
        "bot/app.py:2"
    ]


def test_a_task_of_a_group_passes(tmp_path):
    files = {"bot/app.py": "tasks.create_task(f())\nfrom asyncio import TaskGroup"}
    assert not lines(manners.task_faults, tmp_path, files)


@pytest.mark.parametrize(
    "handler",
    ["except:", "except Exception:", "except (OSError, Exception):", "except BaseException as e:"],
)
def test_a_handler_of_any_error_is_found(handler, tmp_path):
    text = f"try:\n    f()\n{handler}\n    pass"
    assert lines(manners.blind_faults, tmp_path, {"bot/app.py": text}) == ["bot/app.py:3"]


def test_any_error_that_is_suppressed_is_found(tmp_path):
    files = {"bot/app.py": "with contextlib.suppress(Exception):\n    f()"}
    assert lines(manners.blind_faults, tmp_path, files) == ["bot/app.py:1"]


def test_a_named_error_and_one_that_is_raised_again_pass(tmp_path):
    text = "try:\n    f()\nexcept OSError:\n    pass\nexcept Exception:\n    undo()\n    raise"
    assert not lines(manners.blind_faults, tmp_path, {"bot/app.py": text})


def test_a_heavy_library_is_found_through_other_modules_too(tmp_path):
    files = {
        "bot/platforms/telegram.py": "x = 1\nfrom telegram.ext import Application",
        "bot/app.py": "from bot.platforms import telegram",
        "bot/late.py": "def f():\n    import bot.platforms.telegram",
        "charts/fees.py": "if TYPE_CHECKING:\n    from matplotlib.figure import Figure",
    }
    found = lines(floors.heavy_faults, tmp_path, files)
    assert found == ["bot/platforms/telegram.py:2", "bot/app.py:1"]


def test_a_stray_name_at_the_top_is_found(tmp_path):
    (tmp_path / ".gitignore").write_text("*.db\n.venv/\n")
    for name in ("README.md", "spyhop.db", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / ".venv").mkdir()
    found = manners.stray_faults(tmp_path, {"README.md", ".gitignore"})
    assert [fault.place for fault in found] == ["notes.txt"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('Incident(SOURCE, "no answer", detail, now)', 1),
        ('Incident(SOURCE, kind, f"nothing since {now}", now)', 1),
        ('await keeper.on_trouble(marked("it burns"), "put it out")', 1),
        ('WHY = "it burns"\nawait self._report(marked("trouble"), WHY)', 1),
        ('link.down(None, sealed("cut: {why}", why=("no reason",)))', 1),
        ('link.down(None, marked("cut") if was_up else "never up")', 1),
        ('Incident(SOURCE, sealed("no answer"), f"{error}: {path}", now)', 0),
        ('WHY = marked("it burns")\nkeeper.on_trouble(WHY, sealed("at {time}", time=time))', 0),
    ],
)
def test_trouble_that_is_told_in_english_alone_is_found(text, fault, tmp_path):
    assert len(lines(trouble.plain_faults, tmp_path, {"bot/link.py": text})) == fault
