"""Applications of one environment are synced alike."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.estate import Estate
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.gitops import ARGOCD
from gitops_ci.policy.gitops.argocd import spec_of
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at

RULE = Rule(
    "gitops/manual-sync",
    "An Application that waits for a person, unlike the others of its environment",
    Severity.NOTE,
    "Where all others follow git by themselves, people take a merge for a deployment.",
    f"{ARGOCD}/user-guide/auto_sync/",
)
_APPLICATIONS = kinds.of("argoproj.io", "Application")
_FEW = 3
"""So many have to be synced automatically before one that is not stands out."""


def check(estate: Estate) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each Application that is synced by hand, where it is the only one."""
    if not estate.sees_all(_APPLICATIONS):
        return
    by_target: dict[str, list[Subject]] = {}
    for subject in estate.every(_APPLICATIONS):
        targets = {root.environment for root, _ in estate.applied_by(subject)}
        if len(targets) == 1 and targets != {""}:
            by_target.setdefault(targets.pop(), []).append(subject)
    for environment, subjects in sorted(by_target.items()):
        manual = [subject for subject in subjects if not _is_automated(subject)]
        if len(manual) == 1 and len(subjects) > _FEW:
            message = f"{manual[0].ref} is synced by hand, unlike all others of {environment}"
            yield manual[0], Fault(RULE, ("spec", "syncPolicy"), message)


def _is_automated(subject: Subject) -> bool:
    automated = at(spec_of(subject).value, ("syncPolicy", "automated"))
    return is_set(automated) and at(automated, ("enabled",)) is not False
