"""Ambiguous scalars weighed by what the schema wants."""

from __future__ import annotations

import pytest

from gitops_ci.model.severity import Severity
from tests.unit.validate.checking import doubts, line

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: a
  labels: {{x: {label}}}
spec:
  hostNetwork: {truth}
  activeDeadlineSeconds: {number}
  containers: [{{name: a, image: "a:1", args: [{arg}]}}]
"""


def _pod(label: str = "a", truth: str = "true", number: str = "1", arg: str = "a") -> str:
    return POD.format(label=label, truth=truth, number=number, arg=arg)


@pytest.mark.parametrize(
    "text",
    [
        _pod(truth="yes"),
        _pod(number="0755"),
        _pod(label='"yes"'),
        _pod(label="v1.10"),
        # said by schema/wrong-type already
        _pod(label="yes"),
        _pod(arg="1.10"),
    ],
)
def test_silent_where_the_value_is_what_the_schema_wants(text: str) -> None:
    assert doubts(text) == []


@pytest.mark.parametrize("word", ["2024-01-02", "12:30:45"])
def test_a_warning_where_a_string_is_wanted(word: str) -> None:
    (finding,) = doubts(_pod(label=word))
    assert finding.severity is Severity.WARNING
    assert line(finding).startswith("5:15 warning yaml/ambiguous-scalar YAML readers")
    assert finding.fix is not None
    assert finding.fix.edits[0].text == f'"{word}"'


@pytest.mark.parametrize("word", ["yes", "1.10", "0755"])
def test_what_kustomize_reads_is_weighed_although_kubectl_would_refuse_it(word: str) -> None:
    (finding,) = doubts(_pod(label=word), applied=False)
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: x.example.com/v1\nkind: X\nspec: {a: 1.10}\n",
        "spec: {a: yes}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  on: a\n",
    ],
)
def test_a_note_where_nothing_is_known_or_a_key_is_meant(text: str) -> None:
    (finding,) = doubts(text)
    assert finding.severity is Severity.NOTE
    assert finding.fix is None


@pytest.mark.parametrize(
    "metadata", ["{name: yes}", "{labels: {v: 1.10}}", "{annotations: {on: off}}"]
)
def test_metadata_is_text_in_every_kind(metadata: str) -> None:
    text = f"apiVersion: x.example.com/v1\nkind: X\nmetadata: {metadata}\n"
    assert Severity.WARNING in {finding.severity for finding in doubts(text)}


def test_each_item_of_a_list_is_weighed_by_its_own_kind() -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n" + "".join(
        f"- {{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, data: {{d: {day}}}}}\n"
        for day in ("2024-01-02", "plain")
    )
    (finding,) = doubts(text)
    assert finding.location.line == 4
    assert finding.key == "data.d"
