from __future__ import annotations

import pytest

from gitops_ci.render.fetched.addresses import (
    Base,
    base_of,
    chart_address,
    is_exact,
    is_file,
    is_safe_chart,
    is_safe_ref,
    scheme_of,
    shown,
)

BASES = [
    ("https://github.com/org/repo", "https://github.com/org/repo", "", ""),
    ("https://github.com/org/repo?ref=v1", "https://github.com/org/repo", "v1", ""),
    ("https://github.com/org/repo//a/b?ref=v1", "https://github.com/org/repo", "v1", "a/b"),
    ("https://github.com/org/repo/a/b?ref=v1", "https://github.com/org/repo", "v1", "a/b"),
    ("https://github.com/org/repo/a/b/?version=v1", "https://github.com/org/repo", "v1", "a/b"),
    ("https://host/x/y/repo.git/a?ref=v1", "https://host/x/y/repo.git", "v1", "a"),
    ("https://host/x/y/z//a?ref=v1&timeout=9", "https://host/x/y/z", "v1", "a"),
    ("git::https://host/x/y//a?ref=v1", "https://host/x/y", "v1", "a"),
    ("github.com/org/repo/a?ref=v1", "https://github.com/org/repo", "v1", "a"),
    ("ssh://git@host/x/y//a?ref=v1", "ssh://git@host/x/y", "v1", "a"),
    ("git@host:x/y//a?ref=v1", "git@host:x/y", "v1", "a"),
    ("git@host:x/y.git?ref=v1", "git@host:x/y.git", "v1", ""),
    (
        "https://host/org/project/_git/repo/a?ref=v1",
        "https://host/org/project/_git/repo",
        "v1",
        "a",
    ),
    ("file:///srv/repo.git//a?ref=v1", "file:///srv/repo.git", "v1", "a"),
]


@pytest.mark.parametrize(("text", "address", "ref", "path"), BASES)
def test_bases_are_read_as_kustomize_reads_them(
    text: str, address: str, ref: str, path: str
) -> None:
    assert base_of(text) == Base(address, ref, path)


@pytest.mark.parametrize("text", ["../base", "https://host", "https://host/o/r//../../x", "x y"])
def test_what_is_no_base(text: str) -> None:
    assert base_of(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://raw.example.com/org/repo/v1/install.yaml", True),
        ("https://example.com/releases/v1/crds.yml?raw=true", True),
        ("http://example.com/a.json", True),
        ("https://github.com/org/repo//deploy/x.yaml?ref=v1", False),
        ("https://github.com/org/repo.git/x.yaml", False),
        ("https://github.com/org/repo?ref=v1", False),
        ("git@github.com:org/repo/x.yaml", False),
        ("https://[broken/x.yaml", False),
    ],
)
def test_which_entries_are_single_files(text: str, expected: bool) -> None:
    assert is_file(text) is expected


@pytest.mark.parametrize(
    ("address", "scheme"),
    [
        ("https://host/x", "https"),
        ("HTTPS://host/x", "https"),
        ("oci://host:5000/x", "oci"),
        ("ssh://git@host/x", "ssh"),
        ("git@host:x/y", "ssh"),
        ("file:///x", "file"),
        ("ext::sh -c x", ""),
        ("ssh://-oProxyCommand=x/y", ""),
        ("-oProxyCommand=x:y", ""),
        ("git@host:-x", ""),
        ("https:///x", ""),
        ("https://[x", ""),
        ("x", ""),
    ],
)
def test_the_protocol_of_an_address(address: str, scheme: str) -> None:
    assert scheme_of(address) == scheme


@pytest.mark.parametrize(
    ("version", "exact"),
    [("1.2.3", True), ("v1.2.3", True), ("1.2.3-rc.1+b", True), ("1.2.3_b", True)]
    + [
        (text, False)
        for text in ("", "1", "1.2", "1.x", "^1.2.3", "~1.2.3", ">=1.2.3", "*", "1.2.3 ")
    ],
)
def test_which_versions_are_exact(version: str, exact: bool) -> None:
    assert is_exact(version) is exact


def test_bare_registries_are_those_of_argo_cd() -> None:
    assert chart_address("registry.example.com/charts/") == "oci://registry.example.com/charts"
    assert chart_address("https://charts.example.com/") == "https://charts.example.com"
    assert chart_address("@alias") == "@alias"
    assert chart_address("") == ""


def test_nothing_becomes_an_option() -> None:
    assert is_safe_chart("redis", "^1.2 || >2.0.0-0")
    assert not is_safe_chart("--post-renderer", "1.0.0")
    assert not is_safe_chart("redis", "1.0.0\n--x")
    assert is_safe_ref("release/v1.0+x")
    assert not is_safe_ref("--upload-pack=x")
    assert not is_safe_ref("a..b")
    assert not is_safe_ref("v1:refs/heads/x")


def test_passwords_are_not_shown() -> None:
    text = "fatal: https://me:secret@host/x and ssh://git@host/y"
    assert shown(text) == "fatal: https://host/x and ssh://host/y"
