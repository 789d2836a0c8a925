"""Challenges, and the credentials of a machine."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.clients.registry_auth import Credentials, credentials_for, read_challenge

AUTH = base64.b64encode(b"me:se:cret").decode()


@pytest.mark.parametrize(
    ("header", "scheme", "parameters"),
    [
        ('Bearer realm="https://a/t",service="s",scope="r:x:pull"', "bearer",
         {"realm": "https://a/t", "service": "s", "scope": "r:x:pull"}),
        ('bearer Realm=https://a/t , service="a\\"b"', "bearer",
         {"realm": "https://a/t", "service": 'a"b'}),
        ('Basic realm="x"', "basic", {"realm": "x"}),
        ('Basic realm="x", Bearer realm="y"', "bearer", {"realm": "y"}),
        ("Bearer", "bearer", {}),
        ("Negotiate abc", "", {}),
        ("", "", {}),
    ],
)  # fmt: skip
def test_challenges(header: str, scheme: str, parameters: dict[str, str]) -> None:
    challenge = read_challenge(header)
    assert (challenge.scheme if challenge else "") == scheme
    assert (challenge.parameters if challenge else {}) == parameters


@given(st.text(max_size=300))
def test_any_header_is_read_or_left(header: str) -> None:
    challenge = read_challenge("Bearer " + header)
    assert challenge is None or challenge.scheme in ("bearer", "basic")


def held(config: Any) -> dict[str, str]:
    """The credentials that Docker's configuration holds for some hosts."""
    found = {}
    for host in ("registry.example", "registry.example:5000", "docker.io"):
        known = credentials_for(
            host,
            {"HOME": "/home/me"},
            lambda path: config if isinstance(config, bytes) else json.dumps(config).encode(),
        )
        if known:
            found[host] = f"{known.user}/{known.password}"
    return found


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"auths": {"registry.example": {"auth": AUTH}}}, {"registry.example": "me/se:cret"}),
        ({"auths": {"https://registry.example:5000/v2/": {"auth": AUTH}}},
         {"registry.example:5000": "me/se:cret"}),
        ({"auths": {"https://index.docker.io/v1/": {"auth": AUTH}}}, {"docker.io": "me/se:cret"}),
        ({"auths": {"evil.example/registry.example": {"auth": AUTH}}}, {}),
        ({"auths": {"registry.example": {}}, "credsStore": "desktop"}, {}),
        ({"auths": {"registry.example": {"auth": "%%"}}}, {}),
        ({"auths": {"registry.example": {"auth": base64.b64encode(b"\xff").decode()}}}, {}),
        ({"auths": []}, {}),
        ([], {}),
        (b"{", {}),
        (b"[" * 100_000, {}),
    ],
)  # fmt: skip
def test_dockers_configuration(config: Any, expected: dict[str, str]) -> None:
    assert held(config) == expected


def test_variables_count_for_the_host_that_they_name() -> None:
    environ = {
        "GITOPS_CI_REGISTRY": "registry.example",
        "GITOPS_CI_REGISTRY_USER": "ci",
        "GITOPS_CI_REGISTRY_PASSWORD": "token",
    }
    assert credentials_for("registry.example", environ) == Credentials("ci", "token")
    assert credentials_for("other.example", environ) is None


def test_a_home_without_docker_holds_nothing(tmp_path: Path) -> None:
    assert credentials_for("registry.example", {"HOME": str(tmp_path)}) is None
    assert credentials_for("registry.example", {"DOCKER_CONFIG": str(tmp_path / "x")}) is None
