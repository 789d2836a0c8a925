"""Label selectors: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gitops_ci.render.routes import items, mapping, text


def is_selected(selector: dict[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether the labels fulfil `matchLabels` and `matchExpressions`; an empty selector is true."""
    for key, value in mapping(selector, "matchLabels").items():
        if labels.get(key) != str(value):
            return False
    return all(_fulfils(item, labels) for item in items(selector, "matchExpressions"))


def _fulfils(expression: Any, labels: Mapping[str, str]) -> bool:
    key, operator = text(expression, "key"), text(expression, "operator")
    values = [str(value) for value in items(expression, "values")]
    if operator == "In":
        return labels.get(key) in values
    if operator == "NotIn":
        return labels.get(key) not in values
    if operator == "Exists":
        return key in labels
    return operator == "DoesNotExist" and key not in labels
