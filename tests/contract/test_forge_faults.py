"""Faults at every call of every job: a run that fails is run again, and the outcome is the same.

At every call of a job the full tier injects each fault that leaves open whether the write happened,
and two of the throttles and one of the refusals in turn, so that over the jobs each of them meets
each kind of call. The fast tier takes a sample of these; the nightly run injects all at all calls.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gitops_ci.model.errors import GitopsError
from tests.support.forges.faults import FAULTS, REFUSALS, THROTTLES, UNKNOWN, Fault
from tests.support.forges.places import Place, again, github, gitlab
from tests.support.forges.scenarios import SCENARIOS, Scenario, outcome_of

MOST_RUNS = 4
FORGES: dict[str, Callable[[Path], Place]] = {"github": github, "gitlab": gitlab}

TURNS = itertools.cycle(FORGES)


@contextmanager
def opened(make: Callable[[Path], Place], folder: Path) -> Iterator[Place]:
    folder.mkdir(parents=True)
    place = make(folder)
    try:
        yield place
    finally:
        place.fake.close()


def undisturbed(
    make: Callable[[Path], Place], scenario: Scenario, folder: Path
) -> tuple[int, dict[str, Any]]:
    """How many calls the job makes, and its outcome."""
    with opened(make, folder) as place:
        scenario.before(place)
        before = len(place.fake.server.calls)
        scenario.work(place)
        assert place.fake.server.problems == []
        return len(place.fake.server.calls) - before, outcome_of(place)


def disturbed(
    make: Callable[[Path], Place], scenario: Scenario, folder: Path, at: int, fault: Fault
) -> tuple[int, dict[str, Any]]:
    """How many runs it takes when the call number `at` goes wrong, and the outcome."""
    with opened(make, folder) as place:
        scenario.before(place)
        wrong = len(place.fake.server.calls) + at
        place.fake.server.fault = lambda number, _call: fault if number == wrong else None
        for run in range(1, MOST_RUNS + 1):
            try:
                scenario.work(again(place))
            except GitopsError:
                continue
            return run, outcome_of(place)
        raise AssertionError(f"{scenario.name}: {fault.name} at {at}: {MOST_RUNS} runs fail")


def every_point(calls: int, _turn: int) -> list[tuple[int, Fault]]:
    return [(at, fault) for at in range(calls) for fault in FAULTS]


def points(calls: int, turn: int) -> list[tuple[int, Fault]]:
    """See the head of this file; `turn` is another one for each job."""
    return [(at, fault) for at in range(calls) for fault in (*UNKNOWN, *in_turn(at + turn))]


def in_turn(number: int) -> tuple[Fault, ...]:
    throttles = (THROTTLES[(number + more) % len(THROTTLES)] for more in (0, 3))
    return *throttles, REFUSALS[number % len(REFUSALS)]


@pytest.mark.parametrize(
    ("scenario", "forge"),
    [pytest.param(one, next(TURNS), id=one.name) for one in SCENARIOS],
)
def test_a_sample_of_faults(forge: str, scenario: Scenario, tmp_path: Path) -> None:
    check(forge, scenario, tmp_path, points, most=1)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("forge", FORGES)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_faults_at_every_call(forge: str, scenario: Scenario, tmp_path: Path) -> None:
    check(forge, scenario, tmp_path, points)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("forge", FORGES)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_fault_at_every_call(forge: str, scenario: Scenario, tmp_path: Path) -> None:
    check(forge, scenario, tmp_path, every_point)


@pytest.mark.full
def test_there_are_three_hundred_places_for_faults(tmp_path: Path) -> None:
    for forge, make in FORGES.items():
        calm = [undisturbed(make, item, tmp_path / forge / item.name) for item in SCENARIOS]
        counted = sum(len(points(calls, turn)) for turn, (calls, _) in enumerate(calm))
        assert counted >= 300, f"{forge}: {counted}"


def check(
    forge: str,
    scenario: Scenario,
    folder: Path,
    places: Callable[[int, int], list[tuple[int, Fault]]],
    most: int = 0,
) -> None:
    """Inject faults at these places (a sample of `most`, 0 for all)."""
    make = FORGES[forge]
    calls, wanted = undisturbed(make, scenario, folder / "calm")
    chosen = places(calls, SCENARIOS.index(scenario))
    if most:
        chosen = random.Random(f"{forge} {scenario.name}").sample(chosen, min(most, len(chosen)))
    for number, (at, fault) in enumerate(chosen):
        runs, left = disturbed(make, scenario, folder / str(number), at, fault)
        assert left == wanted, f"{scenario.name}: {fault.name} at call {at}, {runs} runs"
