"""A parameter that is missing is an error."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.gitops import ARGOCD
from gitops_ci.policy.gitops.argocd import texts
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at

RULE = Rule(
    "gitops/missing-key",
    "An ApplicationSet that renders missing parameters as text",
    Severity.NOTE,
    "A mistyped parameter becomes `<no value>` in a name, path or namespace, and an Application is"
    " made of it.",
    f"{ARGOCD}/operator-manual/applicationset/GoTemplate/#motivation",
)
KINDS = kinds.of("argoproj.io", "ApplicationSet")


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for Go templates without `missingkey=error`."""
    route = ("spec", "goTemplateOptions")
    is_go = at(subject.value, ("spec", "goTemplate")) is True
    if is_go and "missingkey=error" not in texts(subject.value, *route):
        message = "a missing parameter is rendered as text"
        remedy = Remedy("make it an error", route, ["missingkey=error"])
        hint = 'set goTemplateOptions: ["missingkey=error"]'
        yield Fault(RULE, route, message, hint, remedy=remedy)
