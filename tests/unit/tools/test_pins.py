from __future__ import annotations

import re

import pytest

from gitops_ci.tools.pins import Platform, pins, this_platform


@pytest.mark.parametrize("name", ["kubeconform", "kustomize", "helm"])
def test_each_pin_can_be_fetched_and_built(name: str) -> None:
    pin = pins()[name]
    where = Platform("linux", "arm64")
    assert pin.version in pin.filled(pin.archive, where)
    assert pin.filled(pin.archive, where).startswith("https://")
    assert pin.filled(pin.go, where).endswith(f"@v{pin.version}")
    assert pin.version in pin.filled(pin.ldflags, where)
    assert set(pin.sha256) == {"linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"}
    assert all(re.fullmatch(r"[0-9a-f]{64}|", digest) for digest in pin.sha256.values())
    assert pin.sha256["linux-amd64"]


@pytest.mark.parametrize("name", ["conftest", "gator", "kyverno"])
def test_extra_tools_are_built(name: str) -> None:
    pin = pins()[name]
    where = Platform("linux", "amd64")
    assert pin.filled(pin.go, where).endswith(f"@v{pin.version}")
    assert pin.version in pin.filled(pin.ldflags, where)
    assert pin.extra


def test_the_running_platform_is_named_as_go_names_it() -> None:
    assert re.fullmatch(r"[a-z0-9]+-[a-z0-9_]+", this_platform().key)
