"""What a selector says about labels, and where nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest

from gitops_ci.policy.selectors import labels_match, selector_matches

LABELS = {"app": "web", "tier": "front"}
HIDDEN = "${VALUE}"


@pytest.mark.parametrize(
    ("wanted", "labels", "verdict"),
    [
        ({"app": "web"}, LABELS, True),
        ({"app": "web", "tier": "back"}, LABELS, False),
        ({}, LABELS, True),
        ({"app": HIDDEN}, LABELS, None),
        ({"app": HIDDEN, "tier": "back"}, LABELS, False),
        ({"app": "web"}, {"app": HIDDEN}, None),
        ({"app": "web"}, {"app": "web", HIDDEN: "x"}, None),
        (HIDDEN, LABELS, None),
    ],
)
def test_pairs_of_labels(wanted: Any, labels: dict[str, Any], *, verdict: bool | None) -> None:
    assert labels_match(wanted, labels) is verdict


def expression(key: str, operator: str, *values: str) -> dict[str, Any]:
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


@pytest.mark.parametrize(
    ("selector", "verdict"),
    [
        (None, False),
        ({}, True),
        ({"matchLabels": {"app": "web"}}, True),
        ({"matchLabels": {"app": "api"}}, False),
        (expression("app", "In", "api", "web"), True),
        (expression("app", "NotIn", "web"), False),
        (expression("app", "Exists"), True),
        (expression("other", "Exists"), False),
        (expression("other", "DoesNotExist"), True),
        (expression("app", "In", HIDDEN), None),
        (expression("app", "Like", "web"), None),
        ({"matchLabels": {"app": "api"}, **expression("app", "In", HIDDEN)}, False),
        ({"matchExpressions": ["text"]}, None),
        (HIDDEN, None),
    ],
)
def test_label_selectors(selector: Any, *, verdict: bool | None) -> None:
    assert selector_matches(selector, LABELS) is verdict
