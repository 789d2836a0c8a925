from __future__ import annotations

import pytest

from gitops_ci.render.argocd.globs import matches
from gitops_ci.render.argocd.kustomize_options import image_entry, kustomize_fields
from gitops_ci.render.argocd.selectors import is_selected
from gitops_ci.render.paths import is_own, normal_address


@pytest.mark.parametrize(
    ("words", "entry"),
    [
        ("nginx:1.2", {"name": "nginx", "newTag": "1.2"}),
        (
            "nginx=registry.example:5000/x/nginx:1.2",
            {"name": "nginx", "newName": "registry.example:5000/x/nginx", "newTag": "1.2"},
        ),
        ("registry.example:5000/nginx", {"name": "registry.example:5000/nginx"}),
        ("nginx@sha256:abc", {"name": "nginx", "digest": "sha256:abc"}),
        ("nginx=other@sha256:abc", {"name": "nginx", "newName": "other", "digest": "sha256:abc"}),
        ("nginx=*:1.3", {"name": "nginx", "newTag": "1.3"}),
        ("nginx=nginx:1.3", {"name": "nginx", "newTag": "1.3"}),
    ],
)
def test_images_are_read_as_kustomize_edit_reads_them(words: str, entry: dict[str, str]) -> None:
    assert image_entry(words) == entry


def test_options_become_fields_with_their_routes() -> None:
    options = {
        "namePrefix": "dev-",
        "images": ["nginx:2"],
        "replicas": [{"name": "web", "count": "3"}],
        "commonLabels": {"a": 1},
        "labelWithoutSelector": True,
        "version": "v5",
    }
    fields, routes = kustomize_fields(options, ("spec", "source", "kustomize"))
    assert fields == {
        "namePrefix": "dev-",
        "images": [{"name": "nginx", "newTag": "2"}],
        "replicas": [{"name": "web", "count": 3}],
        "labels": [{"pairs": {"a": "1"}}],
    }
    assert routes["labels"] == ("spec", "source", "kustomize", "commonLabels")
    assert set(routes) == set(fields)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.yaml", "a.yaml", True),
        ("*.yaml", "deep/a.yaml", True),
        ("{a,b}.yaml", "b.yaml", True),
        ("{a,b}.yaml", "c.yaml", False),
        ("config/**", "config/x/y.yaml", True),
        ("a?.yaml", "ab.yaml", True),
        ("[!a].yaml", "b.yaml", True),
        ("[!a].yaml", "a.yaml", False),
        ("(x", "(x", True),
        ("[", "[", True),
    ],
)
def test_globs_of_directories(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({}, True),
        ({"matchLabels": {"env": "prod"}}, True),
        ({"matchLabels": {"env": "dev"}}, False),
        ({"matchExpressions": [{"key": "env", "operator": "In", "values": ["prod"]}]}, True),
        ({"matchExpressions": [{"key": "env", "operator": "NotIn", "values": ["prod"]}]}, False),
        ({"matchExpressions": [{"key": "x", "operator": "DoesNotExist"}]}, True),
        ({"matchExpressions": [{"key": "x", "operator": "Exists"}]}, False),
        ({"matchExpressions": [{"key": "x", "operator": "Sometimes"}]}, False),
    ],
)
def test_selectors(selector: dict[str, object], expected: bool) -> None:
    assert is_selected(selector, {"env": "prod"}) is expected


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example/Org/Repo.git",
        "https://git.example/org/repo",
        "https://user:pw@git.example/org/repo/",
        "ssh://git@git.example:22/org/repo.git",
        "git@git.example:org/repo.git",
    ],
)
def test_the_spellings_of_one_address_are_equal(address: str) -> None:
    assert normal_address(address) == "git.example/org/repo"
    assert is_own(address, ("https://git.example/org/repo",), known_here=False)
    assert not is_own("https://git.example/org/other", (address,), known_here=True)


def test_without_a_remote_what_is_there_is_meant() -> None:
    assert is_own("https://git.example/a/b", (), known_here=True)
    assert not is_own("https://git.example/a/b", (), known_here=False)
