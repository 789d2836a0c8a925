"""What the text alone is certain to be judged as is what parsing it gives."""

from __future__ import annotations

import random

import pytest

from gitops_ci.documents.read import read
from gitops_ci.repo.classify import judge_content, shows_manifest
from gitops_ci.repo.kinds import FileKind

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
OTHER = {
    "patch by its name": ("web-patch.yaml", POD, FileKind.PATCH),
    "patch by a directive": ("a.yaml", f"{POD}$patch: delete\n", FileKind.PATCH),
    "configures kustomize": (
        "a.yaml",
        "apiVersion: builtin\nkind: PrefixTransformer\nprefix: a\n",
        FileKind.KUSTOMIZE_CONFIG,
    ),
    "configures a program": (
        "a.yaml",
        "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nnodes: []\n",
        FileKind.TOOL_CONFIG,
    ),
    "template": ("a.yaml", f"{POD}{{{{- if .x }}}}\nspec: 1\n", FileKind.TEMPLATE),
    "encrypted": ("a.yaml", f"{POD}sops: {{mac: a}}\n", FileKind.SOPS),
    "empty list": (
        "a.yaml",
        "apiVersion: v1\nkind: List\nitems: []\n",
        FileKind.UNKNOWN,
    ),
}
PIECES = (POD, "spec: {a: 1}\n", "---\n", "a: [\n", "- b\n", "sops: {mac: a}\n", "$patch: delete\n")
MORE = ("apiVersion: v1\n", "kind: Config\nclusters: []\n", "kind: List\nitems: []\n", "{{ a }}\n")


@pytest.mark.parametrize("name", OTHER)
def test_other_than_a_manifest(name: str) -> None:
    path, text, kind = OTHER[name]
    assert not shows_manifest(path, text.encode())
    assert judge_content(read(path, text.encode())).kind is kind


def test_what_shows_a_manifest_is_judged_as_one() -> None:
    rng = random.Random(4)
    certain = 0
    for _ in range(2_000):
        text = POD * rng.randrange(2) + "".join(rng.choices(PIECES + MORE, k=rng.randrange(5)))
        if shows_manifest("a.yaml", text.encode()):
            certain += 1
            # a space behind a key is no different for a parser, and tells the text no more
            same = text.replace("apiVersion: v1\n", "apiVersion:  v1\n").encode()
            assert not shows_manifest("a.yaml", same)
            assert judge_content(read("a.yaml", same)).kind is FileKind.MANIFEST, text
    assert certain > 100
