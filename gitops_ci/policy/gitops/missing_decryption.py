"""What is encrypted in git is decrypted on the way."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.estate import Estate
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.gitops import FLUX
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at, mapping

RULE = Rule(
    "gitops/missing-decryption",
    "A Flux Kustomization with encrypted objects and no decryption",
    Severity.ERROR,
    "The objects are applied as they are: the cluster refuses them, or pods get the ciphertext.",
    f"{FLUX}/components/kustomize/kustomizations/#decryption",
)
_KUSTOMIZATIONS = kinds.of("kustomize.toolkit.fluxcd.io", "Kustomization")
_SECRETS = kinds.of("", "Secret")


def check(estate: Estate) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each that applies a Secret whose values are encrypted with SOPS."""
    for subject in estate.every(_KUSTOMIZATIONS):
        if is_set(at(subject.value, ("spec", "decryption"))):
            continue
        for _, objects in estate.applied_by(subject):
            found = next((item for item in objects if _is_encrypted(item)), None)
            if found is not None:
                message = f"{found.ref} is encrypted, and spec.decryption is missing"
                hint = "set decryption.provider: sops"
                yield subject, Fault(RULE, ("spec", "decryption"), message, hint)
                break


def _is_encrypted(item: Subject) -> bool:
    """Whether SOPS has encrypted values of a Secret."""
    return item.kind in _SECRETS and any(
        isinstance(value, str) and value.startswith("ENC[AES256_GCM,")
        for field in ("data", "stringData")
        for value in mapping(item.value, field).values()
    )
