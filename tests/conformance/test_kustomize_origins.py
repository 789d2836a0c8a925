"""Seeded faults: the engine names the file and the line that set the wrong value."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.engine import Built, KustomizeEngine
from gitops_ci.render.objects import RenderedObject, Trace
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from tests.support.kustomize_faults import SITES, Fault, plant, plant_gap

EXACT = 0.99
"""The share of faults whose line must be named exactly."""


@pytest.fixture
def report(
    capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> Callable[[str], None]:
    """Says a figure in the middle of the run."""

    def say(figure: str) -> None:
        with capsys.disabled():
            sys.stderr.write(f"\n{request.node.name}: {figure}\n")

    return say


def shown(item: RenderedObject, text: str) -> Iterator[Route]:
    """The routes of the values of the object that contain the text."""

    def walk(value: Any, route: Route) -> Iterator[Route]:
        if isinstance(value, dict):
            for key, below in value.items():
                yield from walk(below, (*route, key))
        elif isinstance(value, list):
            for index, below in enumerate(value):
                yield from walk(below, (*route, index))
        elif text in str(value):
            yield route

    return walk(item.value, ())


def build(fault: Fault) -> Built:
    return KustomizeEngine(Files(MemoryTree(fault.files))).build(fault.directory)


def traces(fault: Fault) -> list[Trace]:
    """What the engine says about every place of the output that shows the fault."""
    found = []
    for item in build(fault).objects:
        for route in shown(item, fault.shown):
            asked = (*route[:-1], "absent") if fault.missing else route
            found.append(item.origin.trace(asked))
    return found


def is_exact(fault: Fault) -> bool:
    """Whether every place that shows the fault leads to the line where it was put."""
    said = {(trace.location.path, trace.location.line) for trace in traces(fault)}
    return said == {fault.place}


def measure(faults: list[Fault]) -> tuple[float, str]:
    """The share of exact answers, and where the others lie."""
    wrong = Counter(fault.site for fault in faults if not is_exact(fault))
    share = 1 - sum(wrong.values()) / len(faults)
    return share, f"{share:.2%} of {len(faults)} exact; not: {dict(wrong)}"


def planted(count: int, seed: int) -> list[Fault]:
    random = Random(seed)
    return [plant(random, number) for number in range(count)]


@pytest.mark.parametrize("count", [126, pytest.param(1260, marks=pytest.mark.full)])
def test_faults_are_traced_to_their_lines(count: int, report: Callable[[str], None]) -> None:
    faults = planted(count, seed=7)
    share, figure = measure(faults)
    report(figure)
    assert {fault.depth for fault in faults} == {1, 2, 3, 4, 5}
    assert {fault.site for fault in faults} == SITES.keys()
    assert share >= EXACT, figure


@pytest.mark.parametrize("count", [60, pytest.param(600, marks=pytest.mark.full)])
def test_missing_fields_are_traced_to_the_key_of_their_parent(
    count: int, report: Callable[[str], None]
) -> None:
    random = Random(8)
    share, figure = measure([plant_gap(random, number) for number in range(count)])
    report(figure)
    assert share >= EXACT, figure


def test_every_value_of_a_rendered_object_leads_into_the_input() -> None:
    for fault in planted(21, seed=9):
        for item in build(fault).objects:
            for route in shown(item, ""):
                assert item.origin.trace(route).location.path in fault.files
