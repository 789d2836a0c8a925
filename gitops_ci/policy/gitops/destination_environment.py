"""What belongs to one environment is not deployed to another."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.policy import kinds
from gitops_ci.policy.estate import Estate
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.gitops import ARGOCD
from gitops_ci.policy.gitops.argocd import APPLICATIONS, is_unknown, spec_of
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import text

RULE = Rule(
    "gitops/destination-environment",
    "A deployer that sends one environment's directory to another environment",
    Severity.ERROR,
    "It is what copying a file and forgetting one line looks like: production gets what is meant"
    " for staging, or the other way round. A warning where the environments are only inferred.",
    f"{ARGOCD}/user-guide/application-specification/",
)
KUSTOMIZATIONS = kinds.of("kustomize.toolkit.fluxcd.io", "Kustomization")


def check(estate: Estate) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each deployer whose directory names another environment than the cluster that
    it deploys to, or, for Flux, than the directory of the cluster in which it stands."""
    severity = None if estate.places.are_declared else Severity.WARNING
    for subject in estate.every(APPLICATIONS | KUSTOMIZATIONS):
        for route, path, target, where in _pairs(subject, estate):
            source = estate.places.of(path)
            if source and target and source != target:
                message = f"'{path}' belongs to {source}, and {where} to {target}"
                yield subject, Fault(RULE, route, message, severity=severity)


def _pairs(subject: Subject, estate: Estate) -> Iterator[tuple[Route, str, str, str]]:
    """The route and text of each directory, and the environment that it is deployed to."""
    if subject.kind in KUSTOMIZATIONS:
        path = text(subject.value, "spec", "path")
        here = subject.rendered.origin.trace(()).location.path
        if path and not is_unknown(path) and "kubeConfig" not in subject.value.get("spec", {}):
            clean = path.removeprefix("./").strip("/")
            yield ("spec", "path"), clean, estate.places.of(here), f"'{here}'"
        return
    spec = spec_of(subject)
    cluster = text(spec.value, "destination", "name")
    if cluster and not is_unknown(cluster):
        target = estate.places.by_name(cluster)
        for route, source in spec.sources():
            path = text(source, "path")
            if path and not is_unknown(path):
                yield (*route, "path"), path.strip("/"), target, f"the cluster '{cluster}'"
