"""Applications belong to a project that says what they may."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.estate import Estate
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.gitops import ARGOCD
from gitops_ci.policy.gitops.argocd import APPLICATIONS, DEFAULT, PROJECTS, project_called, spec_of
from gitops_ci.policy.gitops.wildcard_project import is_open
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "gitops/default-project",
    "An Argo CD Application in the project default",
    Severity.WARNING,
    "The project that every installation has allows every repository, every cluster and every kind:"
    " whoever may write this Application owns the cluster. An error where it deploys to a protected"
    " environment.",
    f"{ARGOCD}/user-guide/projects/#the-default-project",
)


def check(estate: Estate) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each Application of the project, unless the repository restricts it."""
    own = project_called(DEFAULT, list(estate.every(PROJECTS)))
    if not is_open(own) if own else not estate.sees_all(PROJECTS):
        return
    for subject in estate.every(APPLICATIONS):
        spec = spec_of(subject)
        if spec.project == DEFAULT:
            severity = Severity.ERROR if estate.is_protected(subject) else Severity.WARNING
            message = f"{subject.ref} belongs to the project default, which allows everything"
            hint = "make a project for it"
            yield subject, Fault(RULE, (*spec.route, "project"), message, hint, severity)
