"""The job `gate` of the reusable workflow, for every way in which the parts may end."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import yaml

from tests.support.node import require_node
from tests.support.tools import ROOT
from tests.support.workflow_job import evaluate, result_of

pytestmark = pytest.mark.full

ENDS = ("success", "failure", "cancelled", "skipped")
CASES = [*product(ENDS, ENDS, ("success", "failure"))]


def workflow() -> dict[str, Any]:
    text = (ROOT / ".github/workflows/check.yml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def gate() -> dict[str, Any]:
    job: dict[str, Any] = workflow()["jobs"]["gate"]
    return job


def ended(job: dict[str, Any], objects: str, secrets: str, report: str) -> str:
    def act(uses: str) -> str:
        return report if "/actions/report@" in uses else "success"

    return result_of(job, {"objects": objects, "secrets": secrets}, act, require_node())


@pytest.mark.parametrize(("objects", "secrets", "report"), CASES, ids=map("-".join, CASES))
def test_only_success_of_all_is_success(objects: str, secrets: str, report: str) -> None:
    """Never `skipped`: a required check that was skipped counts as passed."""
    good = {objects, secrets, report} == {"success"}
    assert ended(gate(), objects, secrets, report) == ("success" if good else "failure")


@pytest.mark.parametrize("end", ENDS[1:])
def test_without_always_the_gate_could_be_skipped(end: str) -> None:
    """What the condition of the job is for: the interpreter sees the hole that it closes."""
    job = {name: value for name, value in gate().items() if name != "if"}
    assert ended(job, end, "success", "success") == "skipped"


def test_the_gate_needs_every_other_job() -> None:
    jobs = workflow()["jobs"]
    assert set(gate()["needs"]) == set(jobs) - {"gate"}


@pytest.mark.parametrize(
    ("event", "cancels"), [("pull_request", True), ("merge_group", False), ("push", False)]
)
def test_only_a_newer_push_to_a_pull_request_cancels(event: str, cancels: bool) -> None:
    text = workflow()["concurrency"]["cancel-in-progress"].removeprefix("${{").removesuffix("}}")
    github = {"event_name": event}
    assert evaluate([(text.strip(), {"github": github}, "success")], require_node()) == [cancels]
