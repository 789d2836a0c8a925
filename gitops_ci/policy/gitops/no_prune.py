"""What is removed from git is removed from the cluster."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.gitops import ARGOCD
from gitops_ci.policy.gitops.argocd import APPLICATIONS, spec_of
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at

RULE = Rule(
    "gitops/no-prune",
    "A deployer that leaves running what was removed from git",
    Severity.NOTE,
    "Whoever reads the repository believes that it is gone. Some want it so for volumes and"
    " namespaces; those can be marked one by one.",
    f"{ARGOCD}/user-guide/auto_sync/#automatic-pruning",
)
KUSTOMIZATIONS = kinds.of("kustomize.toolkit.fluxcd.io", "Kustomization")
KINDS = APPLICATIONS | KUSTOMIZATIONS


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for `prune: false` of Flux, and for an automated sync of Argo CD without `prune`."""
    if subject.kind in KUSTOMIZATIONS:
        if at(subject.value, ("spec", "prune")) is False:
            yield Fault(RULE, ("spec", "prune"), "objects that are removed from git stay")
        return
    spec = spec_of(subject)
    automated = at(spec.value, ("syncPolicy", "automated"))
    acts = is_set(automated) and at(automated, ("enabled",)) is not False
    if acts and (not isinstance(automated, dict) or automated.get("prune") in (None, False)):
        route = (*spec.route, "syncPolicy", "automated", "prune")
        yield Fault(RULE, route, "objects that are removed from git stay")
