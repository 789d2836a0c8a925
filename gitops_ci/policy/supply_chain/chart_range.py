"""A chart is taken in one version."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.policy import kinds
from gitops_ci.policy.estate import Estate
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.gitops.argocd import APPLICATIONS, is_unknown, spec_of
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.supply_chain import FLUX
from gitops_ci.policy.supply_chain.revisions import is_range
from gitops_ci.render.fetched.addresses import shown
from gitops_ci.render.routes import at, mapping, text

RULE = Rule(
    "supply-chain/chart-range",
    "A chart or artifact whose version is left open",
    Severity.WARNING,
    "The next release is deployed by itself, in every environment at once, and git does not say"
    " which one runs. An error in protected environments.",
    f"{FLUX}/helm/helmreleases/#chart-template",
)
RELEASES = kinds.of("helm.toolkit.fluxcd.io", "HelmRelease")
CHARTS = kinds.of("source.toolkit.fluxcd.io", "HelmChart")
ARTIFACTS = kinds.of("source.toolkit.fluxcd.io", "OCIRepository")


def check(estate: Estate) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each chart without an exact version, and each artifact without a tag or
    digest."""
    for subject in estate.every(APPLICATIONS | RELEASES | CHARTS | ARTIFACTS):
        for route, name, version in _open(subject):
            if not is_unknown(version):
                severity = Severity.ERROR if estate.is_protected(subject) else Severity.WARNING
                message = f"{shown(name)} is taken in any version {version}".rstrip()
                yield subject, Fault(RULE, route, message, "name one version", severity)


def _open(subject: Subject) -> Iterator[tuple[Route, str, str]]:
    """Where a version is left open: the route, what is taken, and the range."""
    if subject.kind in APPLICATIONS:
        for route, source in spec_of(subject).sources():
            version = text(source, "targetRevision")
            if text(source, "chart") and is_range(version):
                yield (*route, "targetRevision"), text(source, "chart"), version
    elif subject.kind in ARTIFACTS:
        reference = mapping(subject.value, "spec", "ref")
        tag = text(reference, "tag")
        if not is_set(reference.get("digest")) and tag in ("", "latest"):
            url = text(subject.value, "spec", "url")
            yield ("spec", "ref"), url, text(reference, "semver") or tag
    else:
        base: Route = ("spec", "chart", "spec") if subject.kind in RELEASES else ("spec",)
        chart = mapping(subject.value, *base)
        version = text(chart, "version")
        packaged = text(at(chart, ("sourceRef",)), "kind") == "HelmRepository"
        if packaged and is_range(version):
            yield (*base, "version"), text(chart, "chart"), version
