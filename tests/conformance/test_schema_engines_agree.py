"""The embedded engine and the real kubeconform say the same, word for word and line for line."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from gitops_ci.model.finding import Finding
from gitops_ci.model.span import Location, Route
from gitops_ci.render.objects import RenderedObject, Trace
from gitops_ci.validate.kubeconform import Kubeconform, KubeconformCheck
from gitops_ci.validate.schema import SchemaCheck
from tests.support.tools import ROOT as REPOSITORY
from tests.support.tools import require_tool
from tests.unit.validate.checking import ROOT, crds_of, line, objects_of

CASES = sorted((REPOSITORY / "tests" / "rules" / "schema").glob("*/*.yaml"))
VERSIONS = ("1.30", "1.37")
SCALARS: tuple[Any, ...] = (None, 1, 1.5, -1, 10**12, "", "80", "50%", "x", True, "2001-01-01")
VALUES: tuple[Any, ...] = (*SCALARS, [], {}, {"a": 1}, ["a"])


class ByRoute:
    """An origin that calls each place by its number and route."""

    def __init__(self, number: int) -> None:
        self._path = f"object-{number:04}"

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        return Trace(Location(self._path, None, route))


def _both(objects: Sequence[RenderedObject]) -> tuple[list[Finding], list[Finding]]:
    crds = crds_of(objects)
    embedded = SchemaCheck(VERSIONS, crds)
    real = KubeconformCheck(VERSIONS, crds, Kubeconform(require_tool("kubeconform")))
    first = [*embedded.check(objects, ROOT), *embedded.finish()]
    return first, [*real.check(objects, ROOT), *real.finish()]


def _routes(value: Any, route: Route = ()) -> Iterator[Route]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*route, key)
            yield from _routes(item, (*route, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield (*route, index)
            yield from _routes(item, (*route, index))


def _changed(value: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A copy with one field renamed, removed, doubled or replaced."""
    result = copy.deepcopy(value)
    routes = [route for route in _routes(result) if route[0] not in ("apiVersion", "kind")]
    if not routes:
        return result
    *above, last = chance.choice(routes)
    parent: Any = result
    for step in above:
        parent = parent[step]
    action = chance.choice(("rename", "remove", "double", "replace", "replace"))
    if action == "replace":
        parent[last] = chance.choice(VALUES)
    elif action == "remove":
        del parent[last]
    elif isinstance(parent, list):
        parent.append(copy.deepcopy(parent[last]))
    else:
        parent[f"{last}x"] = parent.pop(last)
    return result


@pytest.mark.full
@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_on_every_case(path: Path) -> None:
    embedded, real = _both(objects_of(path.read_bytes()))
    assert sorted(map(line, real)) == sorted(map(line, embedded))


@pytest.mark.full
def test_on_changed_objects() -> None:
    chance = random.Random(20)
    values = [item.value for path in CASES for item in objects_of(path.read_bytes())]
    kinds = [value for value in values if value.get("kind") == "CustomResourceDefinition"]
    changed = [_changed(chance.choice(values), chance) for _ in range(800)]
    objects = [
        RenderedObject(value, ByRoute(number)) for number, value in enumerate([*kinds, *changed])
    ]
    embedded, real = _both(objects)

    def words(finding: Finding) -> tuple[str, str, str]:
        # which of several equally near forms is called the closest is left to the engine
        message = finding.message.partition("; closest:")[0]
        return finding.location.path, finding.rule.id, message

    assert len(embedded) > 400
    assert sorted(map(words, real)) == sorted(map(words, embedded))
