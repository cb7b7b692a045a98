"""Our modules as syntax trees, and what they import."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

FLOORS = ("watchers", "detectors", "storage", "charts", "bot")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Fault(NamedTuple):
    """A rule broken at a line of `place`: a path, or `path::function`."""

    place: str
    line: int
    what: str

    def __str__(self) -> str:
        path, _, function = self.place.partition("::")
        return f"{path}:{self.line}: {function and function + ' '}{self.what}"


class Import(NamedTuple):
    """One imported module; `at_start` where it is loaded together with its importer."""

    target: str
    line: int
    at_start: bool


@dataclass(frozen=True, eq=False)
class Module:
    """A source file: its path below the root, its dotted name, its text."""

    path: str
    text: str

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def package(self) -> str:
        is_package = self.path.endswith("__init__.py")
        return self.name if is_package else self.name.rpartition(".")[0]

    @property
    def floor(self) -> str:
        return self.name.partition(".")[0]

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    def fault(self, node: ast.AST | int, what: str, function: str = "") -> Fault:
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return Fault(f"{self.path}::{function}" if function else self.path, line, what)


def modules_below(root: Path) -> list[Module]:
    """All modules of the five floors."""
    paths = sorted(path for floor in FLOORS for path in (root / floor).rglob("*.py"))
    return [Module(path.relative_to(root).as_posix(), path.read_text("utf-8")) for path in paths]


def nodes(
    tree: ast.AST, function: str = "", later: bool = False
) -> Iterator[tuple[ast.AST, str, bool]]:
    """Every node with the function around it, and whether it runs later than the import."""
    for child in ast.iter_child_nodes(tree):
        inside = child.name if isinstance(child, FUNCTIONS) else function
        waits = later or isinstance(child, FUNCTIONS) or _for_types_only(child)
        yield child, inside, waits
        yield from nodes(child, inside, waits)


def _for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def imports(module: Module) -> Iterator[Import]:
    """What a module imports: `from x import y` is both x and x.y, of which one exists."""
    for node, _, later in nodes(module.tree):
        for target in _targets(node, module.package):
            yield Import(target, getattr(node, "lineno", 1), not later)


def _targets(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        origin = ".".join([*above, node.module or ""] if node.level else [node.module or ""])
        yield origin.rstrip(".")
        yield from (f"{origin.rstrip('.')}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
        yield from (str(a.value) for a in node.args[:1] if isinstance(a, ast.Constant))


def links(modules: list[Module]) -> dict[str, list[Import]]:
    """What each module imports of ours, packages (which hold no code) left out."""
    known = {module.name for module in modules if not module.path.endswith("__init__.py")}
    return {
        module.name: [link for link in imports(module) if link.target in known]
        for module in modules
    }
