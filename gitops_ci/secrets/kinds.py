"""The kinds whose manifests hold, seal or only refer to secrets."""

from __future__ import annotations

from typing import Any

from gitops_ci.model.regex import regex
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.secrets import rules
from gitops_ci.secrets.classify import Kind, classify
from gitops_ci.secrets.secret_data import secret_entry
from gitops_ci.secrets.trail import Handler, Trail
from gitops_ci.secrets.walking import entries, walk

_SEALED = regex(r"Ag[A-Za-z0-9+/\s]{200,}={0,2}\s*\Z")
"""What kubeseal writes: base64 whose first bytes are the length of the session key, 0x0200 for an
RSA key of 4,096 bits."""


def _secret(value: dict[str, Any], route: Route, trail: Trail) -> None:
    with trail.under(rules.KUBERNETES_SECRET):
        for part, encoded in (("data", True), ("stringData", False)):
            data = value.get(part)
            for key, item in data.items() if isinstance(data, dict) else ():
                secret_entry(key, item, (*route, part, key), trail, encoded=encoded)
    _metadata(value, route, trail)
    made = value.get("data")
    if isinstance(made, dict) and isinstance(made.get("data") or made.get("stringData"), dict):
        _secret(made, (*route, "data"), trail)  # what a policy of Kyverno generates


def _secret_list(value: dict[str, Any], route: Route, trail: Trail) -> None:
    """The answer of the API server to a list, whose items do not repeat their kind."""
    items = value.get("items")
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            _secret(item, (*route, "items", index), trail)


def _metadata(value: dict[str, Any], route: Route, trail: Trail) -> None:
    """Annotations hold whole manifests: what kubectl applied last, for one."""
    walk(value.get("metadata"), (*route, "metadata"), trail)


def _sealed_secret(value: dict[str, Any], route: Route, trail: Trail) -> None:
    spec = value.get("spec")
    if not isinstance(spec, dict):
        return
    with trail.under(rules.UNSEALED):
        sealed = spec.get("encryptedData")
        for key, item in sealed.items() if isinstance(sealed, dict) else ():
            if isinstance(item, str) and not _SEALED.match(item) and _is_literal(item):
                way = (*route, "spec", "encryptedData", key)
                trail.add(way, item, Severity.ERROR)
        _template_data(spec.get("template"), (*route, "spec", "template"), trail)
    _metadata(value, route, trail)


def _is_literal(text: str) -> bool:
    return classify(text) in (Kind.SECRET, Kind.PLAIN, Kind.HASH)


def _templated(*way: str) -> Handler:
    """For kinds of the External Secrets Operator, whose template lies at `way`."""

    def look(value: dict[str, Any], route: Route, trail: Trail) -> None:
        template: Any = value
        for step in way:
            template = template.get(step) if isinstance(template, dict) else None
        with trail.under(rules.EXTERNAL_SECRET_LITERAL):
            _template_data(template, (*route, *way), trail)
        _metadata(value, route, trail)

    return look


def _template_data(template: Any, route: Route, trail: Trail) -> None:
    """The literals of a template that becomes a Secret."""
    data = template.get("data") if isinstance(template, dict) else None
    if isinstance(data, dict):
        entries(data, (*route, "data"), trail)


def _kubeconfig(value: dict[str, Any], route: Route, trail: Trail) -> None:
    """A kubeconfig; another `kind: Config` is walked like anything else."""
    is_client = "users" in value and ("clusters" in value or "contexts" in value)
    with trail.under(rules.KUBECONFIG if is_client else trail.rule):
        entries(value, route, trail)


def _secret_store(value: dict[str, Any], route: Route, trail: Trail) -> None:
    """A store only refers to secrets, except one that hands out what is written in it."""
    spec = value.get("spec")
    provider = spec.get("provider") if isinstance(spec, dict) else None
    if isinstance(provider, dict) and "fake" in provider:
        walk(provider["fake"], (*route, "spec", "provider", "fake"), trail)


def _nothing(_value: dict[str, Any], _route: Route, _trail: Trail) -> None:
    """For kinds that only say where secrets are, or what their fields are called."""


REFERRING = (
    *("CustomResourceDefinition", "VaultAuth"),
    *("SecretProviderClass", "VaultStaticSecret", "VaultDynamicSecret", "VaultConnection"),
    *(
        "VaultPKISecret",
        "ValidatingAdmissionPolicy",
        "MutatingAdmissionPolicy",
        "ConstraintTemplate",
    ),
    *("ClusterGenerator", "Password", "OnePasswordItem", "InfisicalSecret", "BitwardenSecret"),
    *("GrafanaDashboard", "CompositeResourceDefinition", "APIService"),
)
HANDLERS: dict[str, Handler] = {
    "Secret": _secret,
    "SealedSecret": _sealed_secret,
    "SecretList": _secret_list,
    "ExternalSecret": _templated("spec", "target", "template"),
    "ClusterExternalSecret": _templated("spec", "externalSecretSpec", "target", "template"),
    "PushSecret": _templated("spec", "template"),
    "ClusterPushSecret": _templated("spec", "pushSecretSpec", "template"),
    "SecretStore": _secret_store,
    "ClusterSecretStore": _secret_store,
    "Config": _kubeconfig,
    **dict.fromkeys(REFERRING, _nothing),
}
"""What is looked at in objects of a kind; all others are walked entirely."""
