"""A project says where its applications may come from and go to."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.gitops import ARGOCD
from gitops_ci.policy.gitops.argocd import PROJECTS, texts
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import items, text

RULE = Rule(
    "gitops/wildcard-project",
    "An Argo CD project that allows everything",
    Severity.WARNING,
    "Sources, destinations or cluster-wide kinds of `*` make the project no more than a name. An"
    " error in a protected environment.",
    f"{ARGOCD}/user-guide/projects/#managing-projects",
)
KINDS = PROJECTS


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each of the three lists that allows everything."""
    severity = Severity.ERROR if subject.protected else Severity.WARNING
    for field, what in (
        ("sourceRepos", "every repository"),
        ("destinations", "every namespace of every cluster"),
        ("clusterResourceWhitelist", "every cluster-wide kind"),
    ):
        index = _open(subject, field)
        if index is not None:
            message = f"the project {subject.ref.name} allows {what}"
            hint = "name what it needs"
            yield Fault(RULE, ("spec", field, index), message, hint, severity)


def is_open(subject: Subject) -> bool:
    """Whether a project allows every destination."""
    return _open(subject, "destinations") is not None


def _open(subject: Subject, field: str) -> int | None:
    """The entry of the list that allows everything."""
    if field == "sourceRepos":
        words = texts(subject.value, "spec", field)
        return words.index("*") if "*" in words else None
    keys = ("namespace",) if field == "destinations" else ("group", "kind")
    for index, entry in enumerate(items(subject.value, "spec", field)):
        everywhere = text(entry, "server") == "*" or text(entry, "name") == "*"
        if all(text(entry, key) == "*" for key in keys) and (everywhere or len(keys) > 1):
            return index
    return None
