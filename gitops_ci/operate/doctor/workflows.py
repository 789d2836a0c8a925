"""The workflows of GitHub that run the gate: which check they report, and what is wrong with them.

Facts: docs.github.com "Workflow syntax"; a workflow that a path filter skips never reports, so a
required check of it stays pending; a job that is skipped counts as passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.operate.doctor.diagnosis import Diagnosis, advice, bad, good
from gitops_ci.operate.doctor.matrix import names_of

_OURS = regex(r"(?:^|/)gitops-ci(?:/actions/[\w-]+|/\.github/workflows/(?P<flow>[\w-]+)\.ya?ml)?@")
_COMMAND = regex(r"(?:^|[\s;&|])gitops-ci(?:\s|$)")
_PINNED = regex(r"@(?:[0-9a-f]{40}|v\d+\.\d+\.\d+)$")
_TOPIC = "workflow"
_FORK = "validate on `pull_request`, and publish with the reusable workflow `report-fork.yml`"


class Workflow(Struct, frozen=True):
    """One workflow file that runs gitops-ci. `checks` are the names of the checks to require."""

    path: str
    value: dict[str, Any]
    checks: tuple[str, ...]
    uses: tuple[str, ...] = ()

    @property
    def triggers(self) -> dict[str, Any]:
        """What starts it, each with its options."""
        on = self.value.get("on", self.value.get("true"))
        if isinstance(on, str):
            return {on: None}
        if isinstance(on, list):
            return {str(name): None for name in on}
        return on if isinstance(on, dict) else {}


def workflow_of(path: str, value: Any) -> Workflow | None:
    """The workflow, if one of its jobs runs gitops-ci."""
    jobs = value.get("jobs") if isinstance(value, dict) else None
    checks: list[str] = []
    uses: list[str] = []
    for key, job in (jobs or {}).items() if isinstance(jobs, dict) else ():
        if isinstance(job, dict):
            found = list(_uses(job))
            uses += [text for text in found if text]
            names = names_of(str(key), job) if found else ()
            checks += [name + _inner(found[0]) for name in names]
    return Workflow(path, value, tuple(checks), tuple(uses)) if checks else None


def _uses(job: dict[str, Any]) -> Iterator[str]:
    """The references to gitops-ci in a job; empty for a mere command."""
    called = job.get("uses")
    if isinstance(called, str) and _OURS.search(called):
        yield called
    for step in job.get("steps") or ():
        if not isinstance(step, dict):
            continue
        text = step.get("uses")
        if isinstance(text, str) and _OURS.search(text):
            yield text
        elif isinstance(step.get("run"), str) and _COMMAND.search(step["run"]):
            yield ""


def _inner(uses: str) -> str:
    """What a reusable workflow adds to the name of the job that calls it."""
    match = _OURS.search(uses)
    if not match or not match["flow"]:
        return ""
    return f" / {'gate' if match['flow'] in ('check', 'gate') else match['flow']}"


def workflow_faults(workflow: Workflow) -> Iterator[Diagnosis]:
    """What is wrong with a workflow; one good line when nothing is."""
    faults = list(_faults(workflow))
    yield from faults
    if not faults:
        yield good(_TOPIC, f"{workflow.path} runs on every pull request")


def _faults(workflow: Workflow) -> Iterator[Diagnosis]:
    path, triggers = workflow.path, workflow.triggers
    if "pull_request_target" in triggers:
        yield bad(_TOPIC, f"{path} runs on pull_request_target, with the base's token", _FORK)
    if "workflow_run" in triggers:
        return
    if "pull_request" not in triggers:
        if "schedule" not in triggers and "workflow_dispatch" not in triggers:
            fix = "add `pull_request:` under `on:`"
            yield bad(_TOPIC, f"{path} does not run on pull requests", fix, enforces=True)
        return
    options = triggers["pull_request"] if isinstance(triggers["pull_request"], dict) else {}
    if "paths" in options or "paths-ignore" in options:
        text = f"{path} has a path filter: its required check stays pending where it is skipped"
        yield bad(_TOPIC, text, "remove `paths`; what a change does not touch is not rendered")
    if "merge_group" not in triggers:
        text = f"{path} does not run in a merge queue"
        yield advice(_TOPIC, text, "add `merge_group:` under `on:`")
    for reference in workflow.uses:
        if not _PINNED.search(reference):
            text = f"{path} uses {reference}, which can move"
            yield advice(_TOPIC, text, "pin it to a release or to a commit")
