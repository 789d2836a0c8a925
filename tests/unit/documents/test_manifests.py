"""Lists unfolded and identities read."""

from __future__ import annotations

import pytest

from gitops_ci.documents.manifests import manifests_of, ref_of
from gitops_ci.documents.read import read
from gitops_ci.model.finding import ObjectRef

LISTS = """\
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
- apiVersion: v1
  kind: ConfigMapList
  items: [{kind: ConfigMap, metadata: {name: b}}]
- apiVersion: example.com/v1
  kind: AllowList
  spec: {}
---
- not an object
---
apiVersion: v1
kind: List
items:
"""


def test_lists_are_unfolded() -> None:
    found = [(item.document, item.route) for item in manifests_of(read("a.yaml", LISTS.encode()))]
    assert found == [
        (0, ("items", 0)),
        (0, ("items", 1, "items", 0)),
        (0, ("items", 2)),
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"apiVersion": "apps/v1", "kind": "Deployment",
          "metadata": {"name": "w", "namespace": "n"}},
         ObjectRef("apps", "v1", "Deployment", "n", "w")),
        ({"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "w-"}},
         ObjectRef("", "v1", "Pod", "", "w-")),
        ({"apiVersion": 1, "kind": None, "metadata": []}, ObjectRef("", "", "", "", "")),
        ({}, ObjectRef("", "", "", "", "")),
    ],
)  # fmt: skip
def test_identity(value: dict[str, object], expected: ObjectRef) -> None:
    assert ref_of(value) == expected


def test_identity_as_words() -> None:
    assert str(ObjectRef("apps", "v1", "Deployment", "shop", "web")) == "Deployment shop/web"
    assert ObjectRef("", "v1", "Pod", "", "w").api_version == "v1"
    assert ObjectRef("apps", "v1", "Pod", "", "w").api_version == "apps/v1"
