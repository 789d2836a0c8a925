"""Where signatures are checked, all of them are."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.policy import kinds
from gitops_ci.policy.estate import Estate
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.kinds import Kind
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.supply_chain import FLUX
from gitops_ci.render.routes import at, mapping

RULE = Rule(
    "supply-chain/unverified-source",
    "A source whose signature nobody checks, beside others whose are",
    Severity.WARNING,
    "The team verifies what it deploys; this one would be deployed whoever had made it.",
    f"{FLUX}/source/ocirepositories/#verification",
)
_SOURCES = kinds.of("source.toolkit.fluxcd.io", "OCIRepository", "GitRepository", "HelmChart")
_RELEASES = kinds.of("helm.toolkit.fluxcd.io", "HelmRelease")


def check(estate: Estate) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each source without `verify` where another of its kind has it."""
    found: dict[Kind, list[tuple[Subject, Route, bool]]] = {}
    for subject in estate.every(_SOURCES | _RELEASES):
        place: Route = ("spec", "chart", "spec") if subject.kind in _RELEASES else ("spec",)
        if mapping(subject.value, *place):
            route = (*place, "verify")
            verified = is_set(at(subject.value, route))
            found.setdefault(subject.kind, []).append((subject, route, verified))
    for sources in found.values():
        if any(verified for _, _, verified in sources):
            for subject, route, verified in sources:
                if not verified:
                    message = f"the signature of {subject.ref} is not checked"
                    yield subject, Fault(RULE, route, message, "add verify, as the others have")
