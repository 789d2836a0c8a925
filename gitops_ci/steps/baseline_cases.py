"""The findings of a repository that a baseline has to account for."""

from __future__ import annotations

from msgspec.structs import replace

from gitops_ci.findings.baseline import Baseline
from gitops_ci.findings.engine import cases_of
from gitops_ci.findings.merge import Case
from gitops_ci.secrets.allowed import BASELINE_FILE
from gitops_ci.steps.check import Inputs
from gitops_ci.steps.checking import assess
from gitops_ci.steps.world import World


def open_cases(world: World) -> tuple[list[Case], bool]:
    """The cases of a whole check as they are without any baseline, and whether that of
    detect-secrets accepts one of them: ours takes them over, so that it can be removed. Messages
    are without the values of secrets, since they will be committed."""
    made = assess(Inputs(), world, Baseline())
    others = tuple(
        item for item in made.judging.suppressions if item.location.path != BASELINE_FILE
    )
    judging = replace(made.judging, suppressions=others)
    hide = world.sink.redactor.text
    cases = [
        replace(case, finding=replace(case.finding, message=hide(case.finding.message)))
        for case in cases_of(made.findings, judging)
    ]
    return cases, len(others) < len(made.judging.suppressions)
