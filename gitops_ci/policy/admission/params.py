"""The parameters of a policy: objects that the repository deploys to the same place.

https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#parameter-resources
"""

from __future__ import annotations

from typing import Any

from gitops_ci.policy.admission.admission import Admission
from gitops_ci.policy.admission.model import Clause, ParamSource, Unknown
from gitops_ci.render.argocd.selectors import is_selected
from gitops_ci.render.routes import mapping, text

NO_PARAMS = object()
"""Stands for a clause that takes none."""


def params_of(clause: Clause, admission: Admission) -> tuple[Any, ...] | Unknown:
    """One value of `params` for each evaluation. A policy that takes parameters and is bound
    without gets null."""
    if not clause.has_params:
        return (NO_PARAMS,)
    source = clause.params
    if source is None:
        return (None,)
    namespace = source.namespace or admission.namespace
    kind = source.kind
    group, _, version = source.api_version.rpartition("/")
    if not admission.surroundings.is_namespaced(group, version, kind):
        namespace = ""
    elif not namespace:
        return Unknown(f"its parameters lie in the namespace of {admission.kind}, which is open")
    known = admission.surroundings.objects(source.api_version, kind)
    found = tuple(value for value in known if _is_meant(value, source, namespace))
    if found:
        return found
    wanted = source.name or "that its selector wants"
    return Unknown(f"there is no {kind} {wanted} for its parameters in the repository")


def _is_meant(value: dict[str, Any], source: ParamSource, namespace: str) -> bool:
    if namespace and text(value, "metadata", "namespace") != namespace:
        return False
    if source.selector is not None:
        labels = {key: str(label) for key, label in mapping(value, "metadata", "labels").items()}
        return is_selected(dict(source.selector), labels)
    return text(value, "metadata", "name") == source.name
