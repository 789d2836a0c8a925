"""Whatever the files hold, looking at a repository ends without an exception."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.repo.support import look

WORDS = st.sampled_from(
    (
        *("", ".", "..", "/", "../..", "a", "a/b.yaml", "./a/", "{{x}}", "{{{{", "[", "**", "a=b"),
        *("a\0b", "\ud800x", "\n", "x" * 300, "k/kustomization.yaml", "$v/a", "file://../a"),
        "https://x/y?ref=z",
    )
)
KEYS = (
    *("path", "files", "envs", "name", "source", "sources", "helm", "valueFiles", "spec", "chart"),
    *("template", "generators", "git", "directories", "list", "elements", "env"),
)
FIELDS = (
    *("resources", "bases", "components", "patches", "patchesStrategicMerge", "openapi", "crds"),
    *("configMapGenerator", "helmCharts", "helmGlobals", "replacements", "kind", "generators"),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)
KUSTOMIZATION = st.dictionaries(st.sampled_from(FIELDS), VALUES)
DEPLOYER = st.builds(
    lambda identity, spec: {**identity, "metadata": {"name": "x"}, "spec": spec},
    st.sampled_from(
        [
            {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"},
            {"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet"},
            {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization"},
            {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease"},
            {"apiVersion": "source.extensions.fluxcd.io/v1beta1", "kind": "ArtifactGenerator"},
            {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository"},
        ]
    ),
    VALUES,
)


@given(KUSTOMIZATION, DEPLOYER, VALUES)
def test_no_content_makes_it_fail(
    kustomization: dict[str, Any], deployer: dict[str, Any], chart: object
) -> None:
    files = {
        "k/kustomization.yaml": json.dumps(kustomization),
        "deployer.yaml": json.dumps(deployer),
        "a/Chart.yaml": json.dumps({"name": "a", "dependencies": chart}),
        "a/b.yaml": "a: 1\n",
    }

    world = look(files, links={"a/loop": "loop", "up": "../..", "l": "a"})

    assert set(world.inventory.files) == {*files, "a/loop", "up", "l"}
    assert len(world.plan.roots) >= 1


@given(st.dictionaries(st.sampled_from(["a.yaml", "b.json", "Kustomization", "c"]), st.binary()))
def test_no_bytes_make_it_fail(files: dict[str, bytes]) -> None:
    world = look(files)

    assert set(world.inventory.files) == set(files)


@pytest.mark.parametrize("text", ["{{" * 200_000, "{{ " * 200_000, "a" * 10**6, "a." * 10**6])
def test_long_texts_take_no_time(text: str) -> None:
    deployer = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "spec": {
            "generators": [{"clusters": {}}],
            "template": {"spec": {"source": {"path": text}}},
        },
    }
    files = {"a.yaml": json.dumps(deployer), "k/kustomization.yaml": f"resources: ['{text}']\n"}

    assert look(files).inventory.files["a.yaml"].parsed
