from __future__ import annotations

from typing import Any

import pytest
import yaml

from gitops_ci.operate.doctor.diagnosis import Health
from gitops_ci.operate.doctor.workflows import workflow_faults, workflow_of

SHA = "0" * 40


def parsed(text: str) -> Any:
    # the key `on` is true in YAML 1.1 and a text for our own reader
    value = yaml.safe_load(text)
    if isinstance(value, dict) and True in value:
        value["on"] = value.pop(True)
    return value


STEP = f"jobs: {{check: {{steps: [{{uses: org/gitops-ci@{SHA}}}]}}}}"
GOOD = f"on: {{pull_request: {{}}, merge_group: {{}}}}\n{STEP}"
CALL = "jobs: {gitops: {uses: org/gitops-ci/.github/workflows/check.yml@v1.2.3}}"


def matrix(values: str, more: str = "") -> str:
    return GOOD.replace("check: {", f"check: {{{more}strategy: {{matrix: {values}}}, ", 1)


CHECKS: list[tuple[str, str, tuple[str, ...]]] = [
    ("a step", GOOD, ("check",)),
    ("a job with a name", GOOD.replace("check: {", "check: {name: Gate, "), ("Gate",)),
    ("a sub-action", GOOD.replace("gitops-ci@", "gitops-ci/actions/check@"), ("check",)),
    ("the reusable check", CALL, ("gitops / gate",)),
    ("the reusable gate", CALL.replace("check.yml", "gate.yml"), ("gitops / gate",)),
    ("another reusable one", CALL.replace("check.yml", "promote.yml"), ("gitops / promote",)),
    (
        "a matrix",
        matrix("{env: [dev, prod], tier: [1, true]}"),
        ("check (dev, 1)", "check (dev, true)", "check (prod, 1)", "check (prod, true)"),
    ),
    (
        "a matrix of a job with a name",
        matrix("{env: [dev, prod]}", "name: Gate, "),
        ("Gate (dev)", "Gate (prod)"),
    ),
    (
        "a matrix in the name",
        matrix("{env: [dev, prod]}", "name: 'in ${{ matrix.env }}', "),
        ("in dev", "in prod"),
    ),
    (
        "a matrix that calls the reusable check",
        CALL.replace("{uses", "{strategy: {matrix: {env: [dev]}}, uses"),
        ("gitops (dev) / gate",),
    ),
    ("a computed matrix", matrix("'${{ fromJSON(needs.a.outputs.b) }}'"), ("check",)),
    ("a computed axis", matrix("{env: '${{ fromJSON(needs.a.outputs.b) }}'}"), ("check",)),
    ("a matrix with more", matrix("{env: [dev], include: [{env: prod}]}"), ("check",)),
    ("a command", "jobs: {a: {steps: [{run: 'pip install x && gitops-ci check'}]}}", ("a",)),
]


@pytest.mark.parametrize(("text", "checks"), [c[1:] for c in CHECKS], ids=[c[0] for c in CHECKS])
def test_the_checks_to_require(text: str, checks: tuple[str, ...]) -> None:
    workflow = workflow_of("w.yml", parsed(text))
    assert workflow is not None
    assert workflow.checks == checks


@pytest.mark.parametrize(
    "text",
    [
        "jobs: {a: {steps: [{uses: org/other@v1}]}}",
        "jobs: {a: {steps: [{run: 'cat gitops-ci.txt'}]}}",
        "jobs: []",
        "jobs: {a: 7, b: {steps: [7, {uses: 7}]}}",
        "[]",
        "on: push",
    ],
)
def test_what_does_not_run_it(text: str) -> None:
    assert workflow_of("w.yml", parsed(text)) is None


FAULTS: list[tuple[str, str, list[tuple[Health, str]]]] = [
    ("nothing", GOOD, [(Health.GOOD, "runs on every pull request")]),
    (
        "not on pull requests",
        f"on: push\n{STEP}",
        [(Health.BAD, "does not run on pull requests")],
    ),
    (
        "a path filter",
        f"on: {{pull_request: {{paths: [a]}}, merge_group: }}\n{STEP}",
        [(Health.BAD, "path filter")],
    ),
    (
        "no merge queue",
        f"on: [pull_request]\n{STEP}",
        [(Health.ADVICE, "merge queue")],
    ),
    (
        "the dangerous trigger",
        f"on: [pull_request_target, pull_request, merge_group]\n{STEP}",
        [(Health.BAD, "pull_request_target")],
    ),
    (
        "a tag that moves",
        GOOD.replace(SHA, "v1"),
        [(Health.ADVICE, "can move")],
    ),
    ("publishing for forks", f"on: {{workflow_run: {{workflows: [a]}}}}\n{STEP}",
     [(Health.GOOD, "runs")]),
    ("on a schedule", f"on: {{schedule: [{{cron: '* * * * *'}}]}}\n{STEP}",
     [(Health.GOOD, "runs")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), [c[1:] for c in FAULTS], ids=[c[0] for c in FAULTS])
def test_faults(text: str, found: list[tuple[Health, str]]) -> None:
    workflow = workflow_of("w.yml", parsed(text))
    assert workflow is not None
    told = list(workflow_faults(workflow))
    assert [item.health for item in told] == [health for health, _ in found]
    assert all(text in item.text for item, (_, text) in zip(told, found, strict=True))
