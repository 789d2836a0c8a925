"""kustomize's secretGenerator: its literals, and the files that it takes its values from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gitops_ci.model.span import Route
from gitops_ci.repo.paths import name as name_of
from gitops_ci.secrets import rules
from gitops_ci.secrets.secret_data import secret_entry
from gitops_ci.secrets.trail import Trail

FIELD = "secretGenerator"


class Taken(Struct, frozen=True):
    """A file that a generator takes in: all of it under `key`, or its lines when `key` is empty."""

    path: str
    key: str
    generator: str


def generator_literals(value: dict[str, Any], trail: Trail) -> None:
    """Look at the literals of every secretGenerator of a kustomization."""
    with trail.under(rules.SECRET_GENERATOR):
        for index, generator in _generators(value):
            literals = generator.get("literals")
            for number, literal in enumerate(literals if isinstance(literals, list) else ()):
                key, equals, text = str(literal).partition("=")
                if equals:
                    route: Route = (FIELD, index, "literals", number)
                    _entry(key, text, route, trail)


def _entry(key: str, text: str, route: Route, trail: Trail) -> None:
    before = len(trail.hits)
    secret_entry(key, text.strip("\"'"), route, trail, encoded=False)
    trail.hits[before:] = [trail.renamed(hit, f"literal '{key}'") for hit in trail.hits[before:]]


def taken_files(value: dict[str, Any]) -> Iterator[Taken]:
    """The files that the generators of a kustomization name, as they are written there."""
    for _, generator in _generators(value):
        name = str(generator.get("name", ""))
        for field in ("envs", "files"):
            names = generator.get(field)
            for text in names if isinstance(names, list) else ():
                if isinstance(text, str):
                    yield _taken(text, name, lines=field == "envs")
        if isinstance(generator.get("env"), str):
            yield _taken(generator["env"], name, lines=True)


def _taken(text: str, generator: str, *, lines: bool) -> Taken:
    if lines:
        return Taken(text, "", generator)
    key, equals, path = text.partition("=")
    return Taken(path, key, generator) if equals else Taken(text, name_of(text), generator)


def _generators(value: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    generators = value.get(FIELD)
    for index, generator in enumerate(generators if isinstance(generators, list) else ()):
        if isinstance(generator, dict):
            yield index, generator
