"""Whatever stands in the place of a value, no rule breaks: schemas say what is wrong with it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gitops_ci.config.model_checks import PACKS
from gitops_ci.model.span import Location, Route
from gitops_ci.policy.check import PolicyCheck
from gitops_ci.policy.choice import choose
from gitops_ci.policy.settings import Settings
from gitops_ci.render.objects import Rendered, RenderedObject, Root, RootKind, Trace
from tests.support.policy_cases import NEWEST, FakePlaces
from tests.unit.validate.checking import objects_of

CASES = sorted((Path(__file__).parents[2] / "rules").glob("*/*/bad.yaml"))
JUNK: tuple[Any, ...] = (None, 3, "x", [], {}, [None], {"a": None}, True, 1.5, [["x"]], {1: 2})
ROOT = Root("apps", RootKind.PLAIN, "prod", "app.yaml#Application/argocd/web")
CHOICE = choose(PACKS, NEWEST)
SETTINGS = Settings(("ghcr.io/*",), ("prod",), {"prod": ("dev",)}, "https://example.org/org/own")


class Nowhere:
    def trace(self, _route: Route, *, key: bool = False) -> Trace:
        return Trace(Location("app.yaml"))


def routes(value: Any, route: Route = ()) -> Iterator[Route]:
    """The ways to everything below the top."""
    inner: Any = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inner = enumerate(value)
    for step, item in inner:
        yield (*route, step)
        yield from routes(item, (*route, step))


def replaced(value: Any, route: Route, junk: Any) -> Any:
    made = copy.deepcopy(value)
    place = made
    for step in route[:-1]:
        place = place[step]
    place[route[-1]] = junk
    return made


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parts[-3]}/{path.parts[-2]}")
def test_no_rule_breaks_on_what_is_not_there(path: Path) -> None:
    values = [thing.value for thing in objects_of(path.read_bytes())]
    places = FakePlaces(protected=True, declared=True)
    for number, value in enumerate(values):
        for turn, route in enumerate(routes(value)):
            if turn % 3 != len(path.parent.name) % 3:
                continue
            made = replaced(value, route, JUNK[turn % len(JUNK)])
            things = [*values[:number], made, *values[number + 1 :]]
            rendered = Rendered(ROOT, tuple(RenderedObject(item, Nowhere()) for item in things))
            check = PolicyCheck(CHOICE, SETTINGS, places, unseen=frozenset())
            list(check.findings([rendered, Rendered(Root("b", RootKind.PLAIN, "dev"))]))
