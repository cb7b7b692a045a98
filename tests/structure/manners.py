"""What a module may hold: sizes, names, and where the world is let in."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from statistics import median

from tests.structure.source import FUNCTIONS, Fault, Module, imports, nodes

LONGEST_FILE = 250
LONGEST_FUNCTION = 40
LONGEST_MEDIAN = 10

PURE_FLOORS = ("watchers", "detectors")
WORLD = re.compile(
    r"(aiohttp|asyncio|ftplib|http|httpx|multiprocessing|pysqlite3|requests|select|selectors"
    r"|smtplib|socket|sqlite3|sqlite_utils|ssl|subprocess|threading|time|urllib\.request"
    r"|websockets)(\.|$)"
)
CLOCKS = re.compile(r"\b(?:datetime|date)\.(?:now|utcnow|today)$")
DOORS = {"open", "input", "print"}

SQL = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|REPLACE|PRAGMA|WITH)\s")
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")
EMPTY_WORDS = {"manager", "service", "helper", "helpers", "util", "utils", "base", "abstract"}


def world_faults(modules: list[Module]) -> list[Fault]:
    """I/O, clocks and threads on the floors that are to be pure."""
    pure = [module for module in modules if module.floor in PURE_FLOORS]
    return [fault for module in pure for fault in (*_world_imports(module), *_world_calls(module))]


def _world_imports(module: Module) -> Iterator[Fault]:
    by_line = {link.line: link for link in imports(module) if WORLD.match(link.target)}
    for line, link in by_line.items():
        yield module.fault(line, f"imports {link.target}: this floor is pure, leave it out")


def _world_calls(module: Module) -> Iterator[Fault]:
    for node, _, _ in nodes(module.tree):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if called in DOORS or CLOCKS.search(called):
            yield module.fault(node, f"calls {called}: this floor is pure, pass the value in")


def sql_faults(modules: list[Module]) -> list[Fault]:
    """Texts that look like SQL outside storage/."""
    return [
        module.fault(node, f"holds SQL, {node.value.split()[0]} …: move it into storage/")
        for module in modules
        if module.floor != "storage"
        for node, _, _ in nodes(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]


def size_faults(modules: list[Module]) -> list[Fault]:
    """Files and functions that grew out of hand."""
    return [fault for module in modules for fault in _sizes(module)]


def _sizes(module: Module) -> Iterator[Fault]:
    length = len(module.text.splitlines())
    if length > LONGEST_FILE:
        yield module.fault(1, f"has {length} lines, over {LONGEST_FILE}: split it")
    for name, line, length in _functions(module):
        if length > LONGEST_FUNCTION:
            yield module.fault(line, f"has {length} lines, over {LONGEST_FUNCTION}: split it", name)


def _functions(module: Module) -> Iterator[tuple[str, int, int]]:
    for node in ast.walk(module.tree):
        if isinstance(node, FUNCTIONS):
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1


def median_faults(modules: list[Module]) -> list[Fault]:
    """One fault where the median function is long."""
    lengths = [length for module in modules for _, _, length in _functions(module)]
    middle = median(lengths or [0])
    what = f"the median function has {middle} lines, over {LONGEST_MEDIAN}: split the long ones"
    return [Fault(".", 0, what)] if middle > LONGEST_MEDIAN else []


def package_faults(modules: list[Module]) -> list[Fault]:
    """Packages that hold anything but one docstring."""
    return [
        module.fault(1, "must hold a docstring and no code: say what the folder is for")
        for module in modules
        if module.path.endswith("__init__.py")
        and (len(module.tree.body) != 1 or ast.get_docstring(module.tree) is None)
    ]


def name_faults(modules: list[Module]) -> list[Fault]:
    """Classes and modules named by a word that says nothing."""
    return [
        module.fault(line, f"{name} is named by an empty word: name what it is or does")
        for module in modules
        for name, line in _names(module)
        if EMPTY_WORDS & {word.lower() for word in WORDS.findall(name)}
    ]


def _names(module: Module) -> Iterator[tuple[str, int]]:
    yield module.name.rpartition(".")[2], 1
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            yield node.name, node.lineno


def task_faults(modules: list[Module]) -> list[Fault]:
    """Tasks that belong to no task group: nobody waits for them, nobody hears them fail."""
    return [
        module.fault(node, f"uses {name}: start it in a TaskGroup", function)
        for module in modules
        for node, function, _ in nodes(module.tree)
        for name in _loose_tasks(node)
    ]


def _loose_tasks(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module == "asyncio":
        names = {f"asyncio.{alias.name}" for alias in node.names}
        yield from names & {"asyncio.create_task", "asyncio.ensure_future"}
    elif isinstance(node, ast.Attribute):
        owner = ast.unparse(node.value)
        if node.attr == "ensure_future" or (
            node.attr == "create_task" and re.search(r"asyncio$|loop(\(\))?$", owner)
        ):
            yield f"{owner}.{node.attr}"


def blind_faults(modules: list[Module]) -> list[Fault]:
    """Handlers that swallow any error."""
    return [
        module.fault(node, "swallows any error: name those that can be handled here", function)
        for module in modules
        for node, function, _ in nodes(module.tree)
        if _is_blind(node)
    ]


def _is_blind(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
        return any(_is_any_error(argument) for argument in node.args)
    if isinstance(node, ast.ExceptHandler):
        return _is_any_error(node.type) and not _raises_again(node)
    return False


def _is_any_error(kind: ast.expr | None) -> bool:
    return kind is None or bool(re.search(r"\b(Base)?Exception\b", ast.unparse(kind)))


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def stray_faults(root: Path, allowed: set[str]) -> list[Fault]:
    """Names at the top of the tree that are neither expected nor ignored by git."""
    lines = (root / ".gitignore").read_text("utf-8").splitlines()
    ignored = [line.strip("/") for line in lines if line and not line.startswith("#")]
    return [
        Fault(path.name, 0, "stands at the top: move it into a folder, or have git ignore it")
        for path in sorted(root.iterdir())
        if path.name not in allowed and not any(fnmatch(path.name, line) for line in ignored)
    ]
