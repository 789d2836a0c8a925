"""A tenant takes nothing from other namespaces."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.policy.estate import Estate
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.gitops import FLUX
from gitops_ci.policy.gitops.tenants import DEPLOYERS, Lockdown
from gitops_ci.policy.subject import Subject
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import text

RULE = Rule(
    "gitops/cross-namespace",
    "A Flux object with a source in another namespace where the controllers refuse that",
    Severity.ERROR,
    "With --no-cross-namespace-refs the object is never reconciled.",
    f"{FLUX}/installation/configuration/multitenancy/",
)

_REFERENCES: tuple[Route, ...] = (
    ("spec", "sourceRef"),
    ("spec", "chartRef"),
    ("spec", "chart", "spec", "sourceRef"),
)


def check(estate: Estate) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each reference that leaves its namespace, in a repository whose controllers are
    told to refuse them."""
    if not Lockdown(estate).is_on:
        return
    for subject in estate.every(DEPLOYERS):
        if not subject.namespace or is_opaque(subject.namespace):
            continue
        for route in _REFERENCES:
            namespace = text(subject.value, *route, "namespace")
            if namespace and namespace != subject.namespace and not is_opaque(namespace):
                message = f"the source is in the namespace {namespace}"
                yield subject, Fault(RULE, (*route, "namespace"), message)
