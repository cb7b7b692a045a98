"""Who may import whom."""

from collections.abc import Iterator

from tests.structure.source import FLOORS, Fault, Import, Module, imports, links

MODELS = ("watchers.model", "detectors.model", "storage.model")
PROTOCOLS = ("watchers.feed", "detectors.detector")

MAY_IMPORT = {
    "watchers": (),
    "detectors": ("watchers.model",),
    "storage": ("watchers.model", "detectors.model", *PROTOCOLS),
    "charts": MODELS,
    "bot": FLOORS,
}

SIMULATED = "watchers.simulated"
HEAVY = ("sklearn", "matplotlib", "discord", "telegram", "web3")


def floor_faults(modules: list[Module]) -> list[Fault]:
    """Imports of a floor that design and docs do not allow."""
    known = {module.name for module in modules}
    return [
        module.fault(
            link.line, f"imports {link.target}: {module.floor}/ may import {_allowed(module)}"
        )
        for module in modules
        for link in imports(module)
        if link.target in known and not _may_import(module, link.target, known)
    ]


def _may_import(module: Module, target: str, known: set[str]) -> bool:
    if _within(module.name, SIMULATED):
        return _within(target, SIMULATED)
    names = (module.floor, *MAY_IMPORT[module.floor])
    is_package = any(name.startswith(f"{target}.") for name in known)
    return is_package or any(_within(target, name) for name in names)


def _within(name: str, package: str) -> bool:
    return f"{name}.".startswith(f"{package}.")


def _allowed(module: Module) -> str:
    if _within(module.name, SIMULATED):
        return "only itself in simulated/, so that it and the feeds check each other"
    return f"only {', '.join(MAY_IMPORT[module.floor]) or 'nothing of ours'}"


def circle_faults(modules: list[Module]) -> list[Fault]:
    """Modules that import each other, also where a function hides it."""
    graph = links(modules)
    by_name = {module.name: module for module in modules}
    faults = []
    for name in sorted(graph):
        path = _way_back(graph, name)
        if path and name == min(path):
            circle = " → ".join([*path, name])
            first = next(link for link in graph[name] if link.target == [*path, name][1])
            what = f"is in a circle, {circle}: move what both need into a module below"
            faults.append(by_name[name].fault(first.line, what))
    return faults


def _way_back(graph: dict[str, list[Import]], start: str) -> list[str]:
    """The shortest way from a module to itself, or nothing."""
    ways, seen = [[start]], set()
    for way in ways:
        for link in graph[way[-1]]:
            if link.target == start:
                return way
            if link.target not in seen:
                seen.add(link.target)
                ways.append([*way, link.target])
    return []


def heavy_faults(modules: list[Module]) -> list[Fault]:
    """Modules whose import loads a heavy library, themselves or through others."""
    heavy: dict[str, str] = {}
    found: list[Fault] = []
    while new := list(_newly_heavy(modules, heavy)):
        for module, link in new:
            heavy[module.name] = link.target
            what = (
                f"loads {link.target} when it is imported: import it in the function that uses it"
            )
            found.append(module.fault(link.line, what))
    return found


def _newly_heavy(modules: list[Module], heavy: dict[str, str]) -> Iterator[tuple[Module, Import]]:
    for module in modules:
        if module.name not in heavy:
            for link in imports(module):
                if link.at_start and (link.target.split(".")[0] in HEAVY or link.target in heavy):
                    yield module, link
                    break
