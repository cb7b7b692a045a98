"""The published description of the Bot API, and values checked against it.

Form fields arrive as text: `read` turns them into JSON values, `check` walks a value along the
description and lists what does not fit. Stricter than Telegram in one point: fields that the
description does not know are problems, where the real server passes over them in silence.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.real import real_file

INTEGER = re.compile(r"-?\d{1,19}")
LENGTH = re.compile(r"(\d+)-(\d+) (characters|bytes)(?! after entit)")
MUST_BE = re.compile(r"(?:[Mm]ust be (?:one of )?|always (?=\"))((?:\"[\w/]+\"|\w+$))")
QUOTED = re.compile(r'"([\w/]+)"')
ARRAY = "Array of "


@dataclass(frozen=True)
class Upload:
    """A file that came as a part of a multipart form."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Spec:
    """Methods and types of the description, each by its name."""

    methods: Mapping[str, Any]
    types: Mapping[str, Any]

    def read_call(self, method: str, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The parameters as JSON values and uploads, and everything that is wrong with them."""
        fields = _by_name(self.methods[method])
        values = {
            name: read(value, fields[name]["types"]) if name in fields else value
            for name, value in raw.items()
        }
        attached = {name for name in values if _is_attached(name, values)}
        named = {name: value for name, value in values.items() if name not in attached}
        return values, self._check_fields(named, fields, method)

    def check(self, value: Any, kinds: Iterable[str], where: str) -> list[str]:
        """What keeps a JSON value from being any of the kinds; the closest kind speaks."""
        attempts = [self._check_one(value, kind, where) for kind in kinds]
        return min(attempts, key=len)

    def _check_one(self, value: Any, kind: str, where: str) -> list[str]:
        if kind.startswith(ARRAY):
            if not isinstance(value, list):
                return [f"{where} must be an array, not {value!r:.80}"]
            inner = kind.removeprefix(ARRAY)
            return [
                problem
                for place, item in enumerate(value)
                for problem in self._check_one(item, inner, f"{where}[{place}]")
            ]
        if kind not in self.types or kind == "InputFile":
            return [] if _is_plain(value, kind) else [f"{where} must be {kind}, not {value!r:.80}"]
        if subtypes := self.types[kind].get("subtypes"):
            return self.check(value, subtypes, where)
        if not isinstance(value, dict):
            return [f"{where} must be {kind}, not {value!r:.80}"]
        fields = _by_name(self.types[kind])
        return self._check_fields(value, fields, where)

    def _check_fields(
        self, values: Mapping[str, Any], fields: Mapping[str, Any], where: str
    ) -> list[str]:
        unknown = [f"{where} has no field {name!r}" for name in values if name not in fields]
        missing = [
            f"{where} lacks {name!r}"
            for name, wanted in fields.items()
            if wanted["required"] and name not in values
        ]
        inside = [
            problem
            for name, value in values.items()
            if name in fields
            for problem in self._check_field(value, fields[name], f"{where}.{name}")
        ]
        return unknown + missing + inside

    def _check_field(self, value: Any, wanted: Mapping[str, Any], where: str) -> list[str]:
        problems = self.check(value, wanted["types"], where)
        if problems or not isinstance(value, str):
            return problems
        description = wanted["description"]
        return _check_choice(value, description, where) + _check_length(value, description, where)


def read(value: Any, kinds: list[str]) -> Any:
    """A form field as the JSON value that its kinds call for; uploads and JSON stay as they are."""
    if not isinstance(value, str):
        return value
    if "String" in kinds:
        return int(value) if "Integer" in kinds and INTEGER.fullmatch(value) else value
    try:
        return json.loads(value)
    except ValueError:
        return value


@cache
def load_spec() -> Spec:
    """The description that lies beside the checkout; skips the test where it is absent."""
    description = json.loads(real_file("specs", "telegram-bot-api.json").read_text("utf-8"))
    return Spec(description["methods"], description["types"])


def _by_name(described: Mapping[str, Any]) -> dict[str, Any]:
    return {wanted["name"]: wanted for wanted in described.get("fields", [])}


def _is_attached(name: str, values: Mapping[str, Any]) -> bool:
    """Whether an upload is spoken of by another parameter, as `attach://name`."""
    if not isinstance(values[name], Upload):
        return False
    others = [value for other, value in values.items() if other != name]
    return any(f'"attach://{name}"' in json.dumps(value, default=repr) for value in others)


def _is_plain(value: Any, kind: str) -> bool:
    if kind == "InputFile":
        return isinstance(value, Upload)
    wanted = {"Integer": (int,), "Float": (int, float), "Boolean": (bool,), "String": (str,)}[kind]
    return isinstance(value, wanted) and (kind == "Boolean" or not isinstance(value, bool))


def _check_choice(value: str, description: str, where: str) -> list[str]:
    found = MUST_BE.search(description)
    if found is None:
        return []
    sentence = description[found.start() :].split(". ", maxsplit=1)[0]
    choices = QUOTED.findall(sentence) or [found[1]]
    return [] if value in choices else [f"{where} must be {' or '.join(choices)}, not {value!r}"]


def _check_length(value: str, description: str, where: str) -> list[str]:
    found = LENGTH.search(description)
    if found is None:
        return []
    least, most = int(found[1]), int(found[2])
    length = len(value.encode()) if found[3] == "bytes" else len(value)
    if least <= length <= most:
        return []
    return [f"{where} must have {least} to {most} {found[3]}, not {length}"]
