"""What a project deploys stays in its namespaces."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.estate import Estate
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.gitops import ARGOCD
from gitops_ci.policy.gitops.argocd import PROJECTS, is_unknown, permits, project_called, spec_of
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import items, text

RULE = Rule(
    "gitops/outside-project",
    "An object in a namespace that the Argo CD project of its Application does not permit",
    Severity.ERROR,
    "Argo CD refuses to sync the object. In a repository of several teams it is also the one thing"
    " that keeps them apart.",
    f"{ARGOCD}/user-guide/projects/#managing-projects",
)
_APPLICATIONS = kinds.of("argoproj.io", "Application")


def check(estate: Estate) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each object that an Application applies to another namespace than those of its
    project, where the project lies in the repository."""
    projects = list(estate.every(PROJECTS)) if estate.sees_all(PROJECTS) else []
    for subject in estate.every(_APPLICATIONS):
        spec = spec_of(subject)
        project = project_called(spec.project, projects) if spec.project else None
        if project is None:
            continue
        entries = items(project.value, "spec", "destinations")
        allowed = [text(entry, "namespace") for entry in entries]
        if not allowed or any(map(is_unknown, allowed)):
            continue
        for _, objects in estate.applied_by(subject):
            for item in objects:
                namespace = item.namespace
                if namespace and not is_unknown(namespace) and not permits(allowed, namespace):
                    message = f"the project {spec.project} does not permit {namespace}"
                    yield item, Fault(RULE, ("metadata", "namespace"), message)
