"""Hits to findings: what is said about a secret without quoting it."""

from __future__ import annotations

from gitops_ci.model.finding import Finding, found
from gitops_ci.model.rule import Rule
from gitops_ci.secrets import rules
from gitops_ci.secrets.placing import Placed
from gitops_ci.secrets.prints import identity_key, is_by_place

_MOVE = (
    "replace the secret at its source, then keep the new one in a SealedSecret, a SOPS file or "
    "behind an ExternalSecret"
)
_SENTENCES: dict[Rule, str] = {
    rules.PRIVATE_KEY: "a private key stands here in plain text",
    rules.ENCRYPTED_PRIVATE_KEY: "a private key stands here, protected by a passphrase alone",
    rules.URL_CREDENTIALS: "the address holds a password ({length})",
    rules.UNSEALED: "{what} is not sealed ({length})",
    rules.EXTERNAL_SECRET_LITERAL: "{what} is written into the template ({length})",
    rules.REGISTRY_CREDENTIALS: "{what} holds a login in plain text",
}
_USUAL = "{what} holds a secret in plain text ({length})"


def finding_of(placed: Placed, salt: bytes) -> Finding:
    """The finding for a hit."""
    hit = placed.hit
    if hit.rule.prefix == "sops":
        message = hit.what
    elif hit.rule in rules.OWN_RULES:
        pattern = _SENTENCES.get(hit.rule, _USUAL)
        message = pattern.format(what=hit.what, length=hit.value.length)
    else:
        message = f"{hit.what} in plain text ({hit.value.length})"
    key = identity_key(hit.identity, hit.value, salt)
    return found(
        hit.rule,
        message,
        placed.location,
        severity=hit.severity,
        object=hit.object,
        hint=hit.hint or _MOVE,
        key=key,
        moves=not is_by_place(key),
    )
