"""Objects as files: what is written, what stands on which line, what is not shown."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from gitops_ci.documents.read import read
from gitops_ci.policy.engines.sending import masked, route_on_line, text_of

ODD = {"a": "\x7f\x85\u2028\ufeff", "b": "\t\x01\U0001f600é", "yes": [1, 2.5, None, True]}


def test_every_yaml_reader_takes_the_text() -> None:
    text = text_of(ODD)
    assert text is not None
    for name in ("a.yaml", "a.json"):
        (document,) = read(name, text.encode()).documents
        assert document.value == ODD


@pytest.mark.parametrize("value", [{"a": float("nan")}, {"a": "\ud800"}, {"a": {1}}])
def test_what_has_no_json_is_not_written(value: dict[str, Any]) -> None:
    assert text_of(value) is None


@pytest.mark.parametrize(
    ("line", "route"),
    [(2, ("a",)), (3, ("a", "b")), (5, ("a", "b", 1)), (9, ("c",)), (99, ())],
)
def test_lines_lead_back(line: int, route: tuple[str | int, ...]) -> None:
    assert route_on_line({"a": {"b": [1, 2], "d": 0}, "c": 3}, line) == route


def test_values_of_secrets_are_not_shown() -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "s",
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{real}", "a": "b"},
        },
        "data": {"key": "real"},
        "stringData": {"other": "real"},
        "type": "Opaque",
    }
    shown = masked(secret)
    assert "real" not in str(shown)
    assert base64.b64decode(shown["data"]["key"]) == b"masked"
    assert list(shown["stringData"]) == ["other"]
    assert (shown["type"], shown["metadata"]["annotations"]["a"]) == ("Opaque", "b")


@pytest.mark.parametrize(
    "value",
    [
        {"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}},
        {"apiVersion": "bitnami.com/v1alpha1", "kind": "Secret", "data": {"a": "b"}},
    ],
)
def test_other_objects_are_sent_as_they_are(value: dict[str, Any]) -> None:
    assert masked(value) is value
