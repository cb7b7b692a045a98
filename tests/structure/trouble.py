"""What owners are told of trouble: texts that can be said in their language."""

import ast
import re
from collections.abc import Iterator

from tests.structure.source import Fault, Module, nodes

TELLERS = re.compile(r"(^Incident|\._?(on_trouble|on_parked|report|park|down))$")
SEALERS = {"sealed", "marked"}
WORD = re.compile(r"[A-Za-z]{2}")


def plain_faults(modules: list[Module]) -> list[Fault]:
    """Texts of trouble that are neither marked nor sealed: everybody would read English."""
    return [
        module.fault(text, "tells of trouble in English alone: have it `sealed`", function)
        for module in modules
        for node, function, _ in nodes(module.tree)
        if isinstance(node, ast.Call) and TELLERS.search(ast.unparse(node.func))
        for argument in node.args[:3]
        for text in _plain(argument, _assigned(module))
    ]


def _assigned(module: Module) -> dict[str, list[ast.expr]]:
    """What each name of a module stands for, wherever it is given."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def _plain(node: ast.expr, assigned: dict[str, list[ast.expr]]) -> Iterator[ast.expr]:
    """The texts with words in them that an expression may be."""
    match node:
        case ast.Constant(value=str(text)) if WORD.search(text):
            yield node
        case ast.JoinedStr(values=parts):
            yield from (part for each in parts for part in _plain(each, {}))
        case ast.Name(id=name):
            others = {key: values for key, values in assigned.items() if key != name}
            yield from (text for each in assigned.get(name, ()) for text in _plain(each, others))
        case ast.IfExp(body=one, orelse=other):
            yield from (*_plain(one, assigned), *_plain(other, assigned))
        case ast.Call(func=ast.Name(id=name), keywords=values) if name in SEALERS:
            inner = [each.value for each in values if isinstance(each.value, ast.Tuple)]
            yield from (t for each in inner for e in each.elts for t in _plain(e, assigned))
