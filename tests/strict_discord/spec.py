"""Discord's OpenAPI description, and requests and answers checked against it.

Stricter than Discord in one point: fields that the description does not know are problems, where
the real server passes over them in silence.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import jsonschema_rs

from tests.real import real_file

Json = dict[str, Any]

NAME = "urn:discord"
SCHEMAS = "#/components/schemas/"
# Ids may be sent as numbers: docs.discord.com/developers/reference#id-serialization.
SNOWFLAKE = {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$"}
# What discord.py sends and the description leaves out: `tts` in an edit and `flags` of an embed,
# which mean nothing there, and of a command `nsfw` and rights as text, which the documentation has.
BESIDES = {
    "ApplicationCommandUpdateRequest": {
        "nsfw": {"type": "boolean"},
        "default_member_permissions": {"type": ["integer", "string", "null"], "pattern": r"^\d+$"},
    },
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": {"tts": {"const": False}},
    "IncomingWebhookUpdateRequestPartial": {"tts": {"const": False}},
    "MessageEditRequestPartial": {"tts": {"const": False}},
    "RichEmbed": {"flags": {"const": 0}},
}


@dataclass
class Operation:
    """One method of one path."""

    id: str
    method: str
    template: str
    pattern: re.Pattern[str]
    path_parameters: list[Json]
    told: Json
    registry: jsonschema_rs.Registry
    validators: dict[str, jsonschema_rs.Draft202012Validator] = field(default_factory=dict)

    @cached_property
    def definition(self) -> Json:
        """The operation's part of the description."""
        return dict(_absolute(self.told))

    @cached_property
    def parameters(self) -> list[Json]:
        """Those of the path's all methods and its own."""
        return [*_absolute(self.path_parameters), *self.definition.get("parameters", [])]

    @property
    def needs_token(self) -> bool:
        """Whether a call without the bot's token is refused."""
        return {} not in self.definition.get("security", [])

    def problems_of_parameters(
        self, path: Mapping[str, str], query: Mapping[str, str]
    ) -> list[str]:
        """What is wrong with the path and the query."""
        given = {"path": path, "query": query}
        known = {each["name"] for each in self.parameters if each["in"] == "query"}
        problems = [f"query {name}: not in the description" for name in query if name not in known]
        for each in self.parameters:
            name, place = each["name"], each["in"]
            if name in given[place]:
                value = _typed(given[place][name], each["schema"])
                found = self.check(f"{place} {name}", each["schema"], value)
                problems += [f"{place} {name}: {problem}" for problem in found]
            elif each.get("required"):
                problems.append(f"{place} {name}: missing")
        return problems

    def problems_of_body(self, body: Any) -> list[str]:
        """What is wrong with the JSON of a request, None where there was none."""
        content = self.definition.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return [] if body is None else ["this call takes no body"]
        return self.check("body", content["application/json"]["schema"], body)

    def problems_of_answer(self, status: int, answer: Any) -> list[str]:
        """What is wrong with an answer of this server."""
        told = self.definition["responses"].get(str(status))
        if told is None:
            return [f"no {status} in the description"]
        content = told.get("content", {})
        if "application/json" not in content:
            return [] if answer is None else [f"{status} has no body"]
        return self.check(f"answer {status}", content["application/json"]["schema"], answer)

    def check(self, place: str, schema: Json, value: Any) -> list[str]:
        """Where a value does not fit its schema."""
        if place not in self.validators:
            self.validators[place] = jsonschema_rs.Draft202012Validator(
                schema, registry=self.registry, validate_formats=True
            )
        errors = self.validators[place].iter_errors(value)
        return [text for error in errors for text in _explained(error)]


class Spec:
    """All operations, found by method and path."""

    def __init__(self, document: Json) -> None:
        _make_strict(document)
        registry = jsonschema_rs.Registry([(NAME, document)])
        self.operations = [
            Operation(
                definition["operationId"],
                method.upper(),
                template,
                _pattern(template),
                path.get("parameters", []),
                definition,
                registry,
            )
            for template, path in document["paths"].items()
            for method, definition in path.items()
            if method != "parameters"
        ]
        # Words before placeholders: @original is no message id.
        self.operations.sort(key=lambda each: each.template.replace("{", "~"))

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation of a call and the values of its path."""
        for operation in self.operations:
            if operation.method == method and (found := operation.pattern.fullmatch(path)):
                return operation, found.groupdict()
        return None


@cache
def load_spec() -> Spec:
    """The published description, as it is beside the project, read once."""
    path = real_file("specs", "discord-openapi.json")
    return Spec(json.loads(path.read_text("utf-8")))


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template)))


def _make_strict(document: Json) -> None:
    schemas = document["components"]["schemas"]
    schemas["SnowflakeType"] = SNOWFLAKE
    for name, fields in BESIDES.items():
        schemas[name]["properties"] |= fields
    joined = {part["$ref"] for part in _parts(schemas) if "$ref" in part}
    open_ids = {id(part) for part in _parts(schemas)}
    open_ids |= {id(schemas[name.removeprefix(SCHEMAS)]) for name in joined}
    for node in _nodes(schemas):
        if "properties" in node and id(node) not in open_ids:
            node.setdefault("additionalProperties", False)


def _parts(tree: Any) -> Iterator[Json]:
    """Schemas that are joined with others and so do not know all fields."""
    for node in _nodes(tree):
        yield from node.get("allOf", []) if isinstance(node.get("allOf"), list) else []


def _nodes(tree: Any) -> Iterator[Json]:
    if isinstance(tree, dict):
        yield tree
    children: Iterable[Any] = tree.values() if isinstance(tree, dict) else tree
    for child in children:
        if isinstance(child, dict | list):
            yield from _nodes(child)


def _absolute(tree: Any) -> Any:
    """The tree with references that name the document."""
    if isinstance(tree, list):
        return [_absolute(each) for each in tree]
    if not isinstance(tree, dict):
        return tree
    return {
        key: f"{NAME}{value}" if key == "$ref" and isinstance(value, str) else _absolute(value)
        for key, value in tree.items()
    }


def _typed(text: str, schema: Json) -> Any:
    """A value of a query or path as what its schema wants."""
    kinds = schema.get("type", "string")
    if "boolean" in kinds:
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
    if "integer" in kinds and re.fullmatch(r"-?\d+", text):
        return int(text)
    return text


def _explained(error: jsonschema_rs.ValidationError) -> list[str]:
    """An error with its place; of alternatives, what is wrong with the one that was meant."""
    branches: list[list[jsonschema_rs.ValidationError]] = getattr(error.kind, "context", None) or []
    meant = [branch for branch in branches if not any(map(_is_of_another_kind, branch))]
    if meant:
        return [text for inner in min(meant, key=len) for text in _explained(inner)]
    place = ".".join(map(str, error.instance_path))
    return [f"{place or 'the body'}: {error.message[:300]}"]


def _is_of_another_kind(error: jsonschema_rs.ValidationError) -> bool:
    """Whether a branch was not meant: another `type` of thing, or another JSON type."""
    path = list(error.instance_path)
    return (bool(path) and path[-1] == "type") or "null" in error.message[-20:]
