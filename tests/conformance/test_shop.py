"""The example repository as the reference programs see it."""

from __future__ import annotations

import subprocess

import pytest

from tests.support.tools import ROOT, require_tool

SHOP = ROOT / "examples" / "shop"
ENVIRONMENTS = ("dev", "staging", "prod")


def run(*words: str) -> str:
    done = subprocess.run(words, cwd=SHOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.full
@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("app", ["cart", "payments", "web"])
def test_overlays_build(app: str, environment: str) -> None:
    kustomize = str(require_tool("kustomize"))
    built = run(kustomize, "build", f"apps/{app}/overlays/{environment}")
    assert f"image: ghcr.io/example/{app}:" in built
    assert f"app.kubernetes.io/name: {app}\n  policyTypes" in built


@pytest.mark.full
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_chart_renders(environment: str) -> None:
    helm = str(require_tool("helm"))
    values = f"charts/storefront/values-{environment}.yaml"
    words = ("--kube-version", "1.32.0", "--namespace", "shop", "--values", values)
    made = run(helm, "template", "storefront", "charts/storefront", *words)
    assert made.count("\nkind: ") == 6
