"""How Flux is set up for tenants: namespaces whose owners may not act beyond them.

Source: fluxcd.io/flux/installation/configuration/multitenancy
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.policy import kinds
from gitops_ci.policy.estate import Estate
from gitops_ci.policy.pods.view import MAIN, is_set
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at, items

DEPLOYERS = kinds.of("kustomize.toolkit.fluxcd.io", "Kustomization") | kinds.of(
    "helm.toolkit.fluxcd.io", "HelmRelease"
)
CONTROLLERS = kinds.of("apps", "Deployment")
_LOCKED = "--no-cross-namespace-refs=true"
_ACCOUNT = "--default-service-account="


class Lockdown:
    """What the Flux controllers in the repository are told about tenants, and the namespaces in
    which some deployer says with whose rights it acts."""

    def __init__(self, estate: Estate) -> None:
        arguments = [
            argument for subject in estate.every(CONTROLLERS) for argument in _arguments(subject)
        ]
        self.is_on = _LOCKED in arguments
        self.has_account = any(argument.startswith(_ACCOUNT) for argument in arguments)
        self.namespaces = frozenset(
            subject.namespace for subject in estate.every(DEPLOYERS) if has_account(subject)
        )


def has_account(deployer: Subject) -> bool:
    """Whether the deployer names the service account with whose rights it acts."""
    return is_set(at(deployer.value, ("spec", "serviceAccountName")))


def _arguments(subject: Subject) -> Iterator[str]:
    """The arguments of a Flux controller."""
    if subject.ref.name in ("kustomize-controller", "helm-controller"):
        for container in subject.containers(MAIN):
            for argument in items(container.value, "args"):
                if isinstance(argument, str):
                    yield argument
