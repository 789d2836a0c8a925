"""Nothing is switched off in git and forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.gitops import FLUX
from gitops_ci.policy.gitops.argocd import APPLICATIONS
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at

RULE = Rule(
    "gitops/suspended",
    "A deployer or source that is switched off",
    Severity.WARNING,
    "Changes are reviewed and merged, and nothing happens until somebody remembers.",
    f"{FLUX}/components/kustomize/kustomizations/#suspend",
)
_FLUX = (
    kinds.of("kustomize.toolkit.fluxcd.io", "Kustomization")
    | kinds.of("helm.toolkit.fluxcd.io", "HelmRelease")
    | kinds.of(
        "source.toolkit.fluxcd.io",
        "GitRepository",
        "OCIRepository",
        "HelmRepository",
        "HelmChart",
        "Bucket",
    )
)
KINDS = _FLUX | APPLICATIONS
_SKIP = ("metadata", "annotations", "argocd.argoproj.io/skip-reconcile")


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for `suspend: true` of Flux, and for Argo CD's annotation of the same meaning."""
    if subject.kind in _FLUX and at(subject.value, ("spec", "suspend")) is True:
        remedy = Remedy("remove it", ("spec", "suspend"), remove=True)
        message = f"{subject.ref} is suspended"
        yield Fault(RULE, ("spec", "suspend"), message, "remove it", remedy=remedy)
    if subject.kind in APPLICATIONS and at(subject.value, _SKIP) == "true":
        remedy = Remedy("remove it", _SKIP, remove=True)
        message = f"{subject.ref} is not reconciled"
        yield Fault(RULE, _SKIP, message, "remove it", remedy=remedy)
