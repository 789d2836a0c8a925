"""Judges calls by a vendor's API document: OpenAPI 3.0 (GitHub) or Swagger 2.0 (GitLab).

Their schemas are those of JSON Schema but for a few words; `nullable` is put into the type. A
name that the document does not know is a problem too: servers ignore misspelt parameters.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.support.forges.calls import Answer, Call

_URI = "urn:document"
_UNTOLD = frozenset({"diff_refs"})
"""Fields that docs.gitlab.com describes and GitLab's document leaves out."""


class OpenApiJudge:
    """Judges by the document at `path`. `prefix` is what its paths have in front; `extra` are
    hand-written operations for what it lacks, `loose` the (method, path) whose answers it
    describes wrongly.

    `names_only` is for GitLab's document, which is made from code that knows no types of fields
    (it writes `string`), gives lists as their items and calls every field of an action required:
    of answers the names of fields are judged, of requests everything but what is required inside.
    """

    def __init__(
        self,
        path: Path,
        prefix: str = "",
        extra: Mapping[str, Any] | None = None,
        loose: frozenset[tuple[str, str]] = frozenset(),
        *,
        names_only: bool = False,
    ) -> None:
        self._names_only = names_only
        self._document, self._paths = _loaded(path)
        self._prefix, self._loose = prefix, loose
        self.extra = OpenApiJudge.of(extra) if extra else None
        self._registry = _registry(self._document)
        self.judged = 0

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> OpenApiJudge:
        """A judge by a document that is written in the tests."""
        made = cls.__new__(cls)
        made._document = dict(document)
        made._paths = _patterns(made._document)
        made._prefix, made._loose, made.extra, made.judged = "", frozenset(), None, 0
        made._names_only = False
        made._registry = _registry(made._document)
        return made

    def problems(self, call: Call, answer: Answer) -> list[str]:
        found = self.find(call)
        if found is None:
            if self.extra is not None:
                return self.extra.problems(call, answer)
            return [f"{call.words}: the document knows no such operation"]
        self.judged += 1
        where, operation, shared = found
        parameters = [self._real(p) for p in (*shared, *operation.get("parameters", ()))]
        return [
            *(f"{call.words}: {text}" for text in self._query(call, parameters)),
            *(f"{call.words}: {text}" for text in self._body(call, operation, parameters)),
            *(
                f"{call.words} answered {answer.status}: {text}"
                for text in self._answer(operation, answer)
                if (call.method, where) not in self._loose
            ),
        ]

    def find(self, call: Call) -> tuple[str, Any, list[Any]] | None:
        path = self._prefix + call.path
        for pattern, name in self._paths:
            item = self._document["paths"][name]
            if pattern.match(path) and call.method.lower() in item:
                return name, item[call.method.lower()], item.get("parameters", [])
        return None

    def _real(self, value: Any) -> Any:
        while isinstance(value, dict) and "$ref" in value:
            way = value["$ref"].removeprefix("#/").split("/")
            value = functools.reduce(lambda found, step: found[step], way, self._document)
        return value

    def _query(self, call: Call, parameters: list[Any]) -> list[str]:
        known = {p["name"] for p in parameters if p["in"] == "query"}
        unknown = [name for name in call.query if name not in known]
        return [f"there is no query parameter {name}" for name in unknown]

    def _body(self, call: Call, operation: Any, parameters: list[Any]) -> list[str]:
        if "requestBody" in operation:
            content = self._real(operation["requestBody"])["content"]
            schema = content.get("application/json", {}).get("schema")
        else:
            schema = next((p.get("schema") for p in parameters if p["in"] == "body"), None)
        if schema is None or call.body is None:
            return [] if call.body is None else ["no body is expected"]
        top = self._real(schema)
        known = top.get("properties")
        unknown = [name for name in call.body if known and name not in known]
        return [
            *(f"the body has no {name}" for name in unknown),
            *self._against(schema, call.body),
        ]

    def _answer(self, operation: Any, answer: Answer) -> list[str]:
        described = operation["responses"].get(str(answer.status))
        if self._names_only and answer.status < 300:
            first = next(status for status in operation["responses"] if status < "300")
            schema = operation["responses"][first].get("schema")
            return list(self._names(schema, answer.data)) if schema else []
        if described is None:
            if answer.status in (401, 403, 404, 409, 422, 400, 405):
                return []  # documents name few of the refusals
            return ["this status is not described"]
        described = self._real(described)
        content = described.get("content", {}).get("application/json", {})
        schema = content.get("schema") or described.get("schema")
        return self._against(schema, answer.data) if schema and answer.status < 300 else []

    def _names(self, schema: Any, value: Any) -> Iterator[str]:
        """The names of fields in `value` that the schema does not know."""
        schema = self._real(schema)
        if isinstance(value, list):
            for item in value[:3]:
                yield from self._names(schema.get("items", schema), item)
        elif isinstance(value, dict) and schema.get("properties"):
            for name, part in value.items():
                if name not in schema["properties"]:
                    if name in _UNTOLD:
                        continue
                    yield f"there is no field {name}"
                else:
                    yield from self._names(schema["properties"][name], part)

    def _against(self, schema: Any, value: Any) -> list[str]:
        wrapped = _pointed(schema)
        key = (id(self._document), json.dumps(wrapped, sort_keys=True))
        validator = _validators.get(key) or Draft202012Validator(wrapped, registry=self._registry)
        _validators[key] = validator
        return [
            f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
            for error in validator.iter_errors(value)
            if not (self._names_only and error.validator == "required" and error.absolute_path)
        ]


_validators: dict[tuple[int, str], Any] = {}


def _pointed(schema: Any) -> Any:
    """The schema with references into the registered document."""
    if isinstance(schema, dict):
        return {
            key: f"{_URI}{value}" if key == "$ref" else _pointed(value)
            for key, value in schema.items()
        }
    return [_pointed(item) for item in schema] if isinstance(schema, list) else schema


@functools.cache
def _loaded(path: Path) -> tuple[dict[str, Any], list[tuple[re.Pattern[str], str]]]:
    text = path.read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = json.loads(text) if path.suffix == ".json" else yaml.load(text, loader)
    _mend(document)
    return document, _patterns(document)


def _patterns(document: Mapping[str, Any]) -> list[tuple[re.Pattern[str], str]]:
    """Paths as patterns, those with fewer gaps first, then the longer ones; `ref`, `path` and
    `branch` may hold slashes."""
    names = sorted(document["paths"], key=lambda name: (name.count("{"), -len(name), name))
    return [(re.compile(_regex(name) + r"\Z"), name) for name in names]


def _regex(name: str) -> str:
    parts = re.split(r"(\{[^}]+\})", name)
    long = ("{ref}", "{path}", "{branch}")
    return "".join(
        (".+" if part in long else "[^/]+") if part.startswith("{") else re.escape(part)
        for part in parts
    )


_registries: dict[int, Registry[Any]] = {}


def _registry(document: dict[str, Any]) -> Registry[Any]:
    if id(document) not in _registries:
        resource = Resource(contents=document, specification=DRAFT202012)
        _registries[id(document)] = Registry().with_resource(_URI, resource)
    return _registries[id(document)]


def _mend(document: Any) -> None:
    """`nullable` becomes part of the type, in place; examples are no schemas."""
    stack = [document]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
            continue
        if not isinstance(node, dict):
            continue
        node.pop("example", None)
        node.pop("examples", None)
        if node.get("nullable") is True:
            _allow_null(node)
        for key in ("exclusiveMinimum", "exclusiveMaximum"):
            if isinstance(node.get(key), bool):
                del node[key]
        stack.extend(node.values())


def _allow_null(node: dict[str, Any]) -> None:
    del node["nullable"]
    if isinstance(node.get("type"), str):
        node["type"] = [node["type"], "null"]
        if "enum" in node and None not in node["enum"]:
            node["enum"] = [*node["enum"], None]
        return
    inner = dict(node)
    node.clear()
    node["anyOf"] = [inner, {"type": "null"}]
