"""Label selectors on labels of which not all may be known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gitops_ci.policy.admission.admission import NAME_LABEL, Admission
from gitops_ci.policy.admission.model import Answer, Unknown
from gitops_ci.render.argocd.selectors import is_selected
from gitops_ci.render.routes import items, mapping, text


def selects_object(selector: Mapping[str, Any] | None, admission: Admission) -> Answer:
    """Whether the labels of the object fulfil the selector; none and an empty one select all."""
    return not selector or is_selected(dict(selector), _texts(admission.labels))


def selects_namespace(selector: Mapping[str, Any] | None, admission: Admission) -> Answer:
    """Whether the namespace of the object does, or the object itself if it is a namespace; an
    object without namespace is always selected.
    https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/"""
    if not selector:
        return True
    if admission.kind == "Namespace" and not admission.group:
        own = {NAME_LABEL: admission.name, **_texts(admission.labels)}
        return is_selected(dict(selector), own)
    if not admission.is_namespaced:
        return True
    known = admission.namespace_object
    if isinstance(known, Unknown):
        return _by_name_alone(selector, admission.namespace, known)
    return is_selected(dict(selector), _texts(mapping(known, "metadata", "labels")))


def _by_name_alone(selector: Mapping[str, Any], name: str, unknown: Unknown) -> Answer:
    """The answer as far as the label that every namespace has gives it."""
    labels = {NAME_LABEL: name}
    open_questions = not name
    for key, single in _requirements(selector):
        if key != NAME_LABEL:
            open_questions = True
        elif name and not is_selected(single, labels):
            return False
    return unknown if open_questions else True


def _requirements(selector: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The key of each requirement, and a selector with it alone."""
    for key, value in mapping(selector, "matchLabels").items():
        yield key, {"matchLabels": {key: value}}
    for expression in items(selector, "matchExpressions"):
        yield text(expression, "key"), {"matchExpressions": [expression]}


def _texts(labels: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in labels.items()}
