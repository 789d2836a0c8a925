"""Label selectors, where every part of them is written.

Source: kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from __future__ import annotations

from typing import Any

from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import items, mapping


def labels_match(wanted: Any, labels: dict[str, Any]) -> bool | None:
    """Whether the labels hold every pair of `wanted`, as a Service selects. None when only the
    cluster knows."""
    if not isinstance(wanted, dict):
        return None
    unclear = False
    for name, value in wanted.items():
        own = labels.get(name)
        if is_opaque(value) or is_opaque(own) or is_opaque(name):
            unclear = True
        elif own != value:
            return False
    return None if unclear or any(is_opaque(name) for name in labels) else True


def selector_matches(selector: Any, labels: dict[str, Any]) -> bool | None:
    """Whether a LabelSelector selects the labels; an empty one selects everything, and null
    nothing. None when only the cluster knows."""
    if selector is None:
        return False
    if not isinstance(selector, dict):
        return None
    verdicts = [labels_match(mapping(selector, "matchLabels"), labels)]
    verdicts += [_holds(expression, labels) for expression in items(selector, "matchExpressions")]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _holds(expression: Any, labels: dict[str, Any]) -> bool | None:
    if not isinstance(expression, dict):
        return None
    key, operator = expression.get("key"), expression.get("operator")
    values = items(expression, "values")
    if not isinstance(key, str) or any(map(is_opaque, (key, *values, labels.get(key)))):
        return None
    if operator == "Exists":
        return key in labels
    if operator == "DoesNotExist":
        return key not in labels
    if operator == "In":
        return labels.get(key) in values
    if operator == "NotIn":
        return labels.get(key) not in values
    return None
