"""Rendering loads what a root needs, and nothing else."""

from __future__ import annotations

import subprocess
import sys

from tests.support.rendering import objects_of, render_tree

_HEAVY = (
    "render.native",
    "render.kustomize.engine",
    "render.kustomize_binary",
    "render.helm.release",
    "render.argocd.application",
    "render.flux.kustomization",
    "render.templating.gotemplate",
)


def test_the_entrance_loads_no_engine() -> None:
    words = "import sys, gitops_ci.render.render; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, check=True)
    loaded = set(done.stdout.decode().split())
    assert "gitops_ci.render.render" in loaded
    assert not [name for name in _HEAVY if f"gitops_ci.{name}" in loaded]


def test_plain_files_are_rendered_through_it() -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
    assert [item.ref.name for item in objects_of(render_tree({"a.yaml": text}))] == ["settings"]
