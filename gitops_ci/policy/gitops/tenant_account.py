"""A tenant deploys with its own rights."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.estate import Estate
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.gitops import FLUX
from gitops_ci.policy.gitops.tenants import CONTROLLERS, DEPLOYERS, Lockdown, has_account
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at

RULE = Rule(
    "gitops/tenant-account",
    "A Flux deployer without a service account beside others that have one",
    Severity.WARNING,
    "Flux applies it as itself, which is cluster-admin. Where deployers of a namespace act with the"
    " rights of a tenant, one that does not is a way around them.",
    f"{FLUX}/installation/configuration/multitenancy/",
)


def check(estate: Estate) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each such Kustomization and HelmRelease, unless the controllers have a default
    account."""
    lockdown = Lockdown(estate)
    if lockdown.has_account or not estate.sees_all(CONTROLLERS):
        return
    for subject in estate.every(DEPLOYERS):
        remote = is_set(at(subject.value, ("spec", "kubeConfig")))
        if subject.namespace in lockdown.namespaces and not has_account(subject) and not remote:
            message = f"{subject.ref} is applied with the rights of Flux itself"
            hint = "set serviceAccountName"
            yield subject, Fault(RULE, ("spec", "serviceAccountName"), message, hint)
