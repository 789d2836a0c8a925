"""Which Applications an ApplicationSet makes, as far as the repository alone can tell.

Generators and placeholders follow the ApplicationSet documentation of Argo CD: list, git
directories, git files, matrix, merge. What the other generators (clusters, SCM, pull requests,
plugins) know lies outside, so their placeholders stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from gitops_ci.documents.values import Value
from gitops_ci.model.regex import regex
from gitops_ci.repo.deployers import mapping, sequence, text

Parameters = dict[str, str]
MAX_SETS = 2_000
_MAX_TEXT = 4096
"""Longer texts are no paths or names, and copying them for each set would cost memory."""
_PLACEHOLDER = regex(r"\{\{-?\s*\.?([A-Za-z_][\w.\-\[\]/]*)\s*-?\}\}")
_SEGMENT = regex(r"\{\{-?\s*index\s+\.path\.segments\s+(\d+)\s*-?\}\}")
_NOT_NORMAL = regex(r"[^a-z0-9.-]+")
_HINT_KEYS = ("env", "environment", "stage", "cluster", "name", "metadata.labels.environment")


class Lookup(Protocol):
    """What the git generators look up."""

    def directories(self, pattern: str) -> Iterable[str]:
        """The directories that match a glob."""
        ...

    def files(self, pattern: str) -> Iterable[tuple[str, Value]]:
        """(path, content) of the YAML or JSON files that match a glob."""
        ...


def parameter_sets(generators: list[Value], lookup: Lookup) -> list[Parameters]:
    """One set of parameters for each Application, MAX_SETS at most."""
    found: list[Parameters] = []
    for generator in generators:
        for parameters in _generate(mapping(generator), lookup):
            found.append(parameters)
            if len(found) >= MAX_SETS:
                return found
    return found


def _generate(generator: dict[str, Value], lookup: Lookup) -> Iterator[Parameters]:
    if "list" in generator:
        for element in sequence(mapping(generator["list"]).get("elements")):
            yield dict(_flat(element, ""))
    elif "git" in generator:
        yield from _git(mapping(generator["git"]), lookup)
    elif "matrix" in generator:
        parts = sequence(mapping(generator["matrix"]).get("generators"))
        yield from _product([parameter_sets([part], lookup) for part in parts])
    elif "merge" in generator:
        parts = sequence(mapping(generator["merge"]).get("generators"))
        yield from parameter_sets(parts[:1], lookup)
    else:
        values = [mapping(value).get("values") for value in generator.values()]
        yield {key: value for part in values for key, value in _flat(part, "values.")}


def _git(generator: dict[str, Value], lookup: Lookup) -> Iterator[Parameters]:
    prefix = text(generator.get("pathParamPrefix"))
    prefix = f"{prefix}." if prefix else ""
    extra = dict(_flat(generator.get("values"), "values."))
    directories = [mapping(item) for item in sequence(generator.get("directories"))]
    excluded = {
        path
        for item in directories
        if item.get("exclude") is True
        for path in lookup.directories(text(item.get("path")))
    }
    for item in directories:
        if item.get("exclude") is not True:
            for path in lookup.directories(text(item.get("path"))):
                if path not in excluded:
                    yield {**_path(path, prefix), **extra}
    for item in sequence(generator.get("files")):
        for path, content in lookup.files(text(mapping(item).get("path"))):
            for element in content if isinstance(content, list) else [content]:
                yield {
                    **_path(path.rpartition("/")[0], prefix),
                    **dict(_flat(element, "")),
                    **extra,
                }


def _path(path: str, prefix: str) -> Parameters:
    """The parameters of a path, in the names of both template languages."""
    base = path.rpartition("/")[2]
    normal = _NOT_NORMAL.sub("-", base.lower())
    parts = {
        "path": path,
        "path.path": path,
        "path.basename": base,
        "path.basenameNormalized": normal,
        **{f"path[{index}]": part for index, part in enumerate(path.split("/"))},
    }
    return {prefix + key: value for key, value in parts.items()}


def _flat(value: Value, prefix: str) -> Iterator[tuple[str, str]]:
    """The scalars of nested mappings, by their dotted names."""
    stack = [(prefix.removesuffix("."), value)]
    while stack:
        name, item = stack.pop()
        if isinstance(item, dict):
            stack.extend((f"{name}.{key}" if name else key, part) for key, part in item.items())
        elif name and isinstance(item, (str, int, float)):
            yield name, str(item).lower() if isinstance(item, bool) else str(item)


def _product(sets: list[list[Parameters]]) -> Iterator[Parameters]:
    if not sets:
        return
    head, *rest = sets
    for one in head:
        if not rest:
            yield one
            continue
        for other in _product(rest):
            yield {**one, **other}


def expand(value: Value, parameters: Parameters) -> Value:
    """`value` with every placeholder that `parameters` knows filled in."""
    if isinstance(value, str):
        return _fill(value, parameters) if "{{" in value and len(value) <= _MAX_TEXT else value
    if isinstance(value, dict):
        return {key: expand(item, parameters) for key, item in value.items()}
    if isinstance(value, list):
        return [expand(item, parameters) for item in value]
    return value


def _fill(written: str, parameters: Parameters) -> str:
    written = _SEGMENT.sub(lambda match: parameters.get(f"path[{match[1]}]", match[0]), written)
    return _PLACEHOLDER.sub(lambda match: parameters.get(match[1], match[0]), written)


def as_glob(written: str) -> str:
    """A path with the placeholders that are left as stars; empty when too little else remains to
    mean anything."""
    glob = re.sub(r"\{\{[^{}]*\}\}", "*", written[:_MAX_TEXT])
    if "{{" in glob:
        return ""
    literal = [part for part in glob.split("/") if part and "*" not in part and part != "."]
    return glob if literal else ""


def hints(parameters: Parameters) -> tuple[str, ...]:
    """The parameters that speak of a cluster or an environment."""
    return tuple(parameters[key] for key in _HINT_KEYS if parameters.get(key))
