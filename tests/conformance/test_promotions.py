"""Real promotions of 2023, replayed: what people and bots committed is what the plan writes.

A case holds a whole commit: files of a component in an environment, before and after, and the
files of lower environments at that time. `current`: they hold the new values. `soaked`: they held
them earlier and have moved on, so the version is named.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gitops_ci.promote.plan import Plan
from tests.support.tools import require_corpora
from tests.unit.promote.places import CONFIG, Files
from tests.unit.promote.scene import Scene

pytestmark = pytest.mark.full

RULES = Path(__file__).parent / "promotions" / "config.yaml"
LONGEST_CONFIG = 40
LOWER = ("staging", "development")
LEAST = 0.95
MOVED_ON = "f" * 40
EXPLAINED = {
    "p026": "staging holds the ref of one resource at an older commit than the rest",
    "p049": "somebody also indented a comment",
}
"""What the commit did beside carrying what stands in a lower environment."""


@dataclass(frozen=True)
class Case:
    """One commit of the corpus."""

    id: str
    kind: str
    values: tuple[str, ...]
    before: Files
    after: Files
    context: Files
    history: Files

    @property
    def targets(self) -> list[str]:
        """The environments that it changes."""
        return sorted({environment(path) for path in self.after})

    @property
    def lower(self) -> list[str]:
        """The environments that the new values come from, the nearest first."""
        known = {environment(path) for path in (*self.context, *self.history)}
        return [name for name in LOWER if name in known]


def environment(path: str) -> str:
    return next(name for name in ("production", *LOWER) if name in path.split("/"))


def cases(kind: str) -> Iterator[Case]:
    lines = require_corpora("promotions", "2023.jsonl").read_text("utf-8").splitlines()
    for line in lines:
        row: dict[str, Any] = json.loads(line)
        if row["kind"] == kind:
            yield Case(
                row["id"],
                kind,
                tuple(row["new_values"]),
                {item["path"]: item["before"] for item in row["changed"]},
                {item["path"]: item["after"] for item in row["changed"]},
                row["context"],
                {item["path"]: item["text"] for item in row.get("history") or ()},
            )


def scene(case: Case) -> Scene:
    """The repository before the commit: with what lower environments held before, if anything."""
    moved_on = {}
    for path, text in case.history.items():
        moved_on[path] = text
        for value in case.values:
            moved_on[path] = moved_on[path].replace(value, MOVED_ON)
    now = {**moved_on, **case.context, **case.before}
    config = {CONFIG: RULES.read_text("utf-8")}
    return Scene((0, {**config, **now, **case.history}), (100, now))


def plans(case: Case, made: Scene) -> Iterator[Plan]:
    """By the graph into production; between the lower ones on request, nearest source first."""
    versions = case.values if case.kind == "soaked" else ("",)
    for target in case.targets:
        sources = [""] if target == "production" else [n for n in case.lower if n != target][:1]
        for source in sources:
            for version in versions:
                yield made.plan(source, target, version=version)


def written(case: Case) -> tuple[dict[str, str], list[Plan]]:
    """The files as the plans leave them, and the plans."""
    made, files, found = scene(case), dict(case.before), []
    for plan in plans(case, made):
        files.update(made.after(plan))
        found.append(plan)
    return files, found


def test_the_configuration_is_short() -> None:
    assert len(RULES.read_text("utf-8").splitlines()) <= LONGEST_CONFIG


@pytest.mark.parametrize("kind", ["current", "soaked"])
def test_what_was_committed_is_what_is_planned(kind: str) -> None:
    everything = list(cases(kind))
    missed = [
        case.id
        for case in everything
        if any(written(case)[0][path] != text for path, text in case.after.items())
    ]
    assert set(missed) <= set(EXPLAINED), missed
    assert len(missed) <= len(everything) * (1 - LEAST)


@pytest.mark.parametrize("kind", ["current", "soaked"])
def test_no_value_is_wrong_and_everything_that_stays_is_explained(kind: str) -> None:
    for case in cases(kind):
        _, found = written(case)
        texts = {**case.history, **case.context, **case.before}
        for plan in found:
            for move in plan.moves:
                held = [
                    path
                    for path, text in texts.items()
                    if move.after in text
                    and environment(path) != move.environment
                    and f"/{move.app}/" in path
                ]
                held += [path for path, text in case.history.items() if move.after in text]
                assert held, (case.id, move)
            assert all(item.reason for item in (*plan.left, *plan.refused)), case.id
            assert not plan.refused, case.id
