"""`bump --latest` against a registry that this test plays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from gitops_ci.config.model import App, Config
from gitops_ci.model.image import Version
from gitops_ci.repo.sites.model import Site, Subject
from gitops_ci.steps.bump_latest import is_configured
from tests.support.command import gitops_ci
from tests.support.registry import Reply, Seen, as_json, digest, image, served
from tests.support.repository import Repository

CONTENT = image("2026-01-01T00:00:00Z", ("linux/amd64", "linux/arm64"))


@dataclass
class Played:
    """A registry with the tags of one repository, and what it was asked."""

    host: str = ""
    tags: list[str] = field(default_factory=list)
    status: int = 200
    asked: list[str] = field(default_factory=list)

    def answer(self, seen: Seen) -> Reply:
        self.asked.append(seen.path)
        if "/tags/list" in seen.path:
            return Reply(self.status, as_json({"tags": self.tags}))
        return Reply(200, CONTENT.top)


@pytest.fixture
def registry() -> Iterator[Played]:
    played = Played(tags=["1.0.0", "1.1.0", "1.2.0-rc.1", "latest", "2.0.0-alpine"])
    with served(played.answer) as host:
        played.host = host
        yield played


def kustomization(host: str, tag: str, name: str = "web") -> str:
    return f"images:\n- name: {host}/shop/{name}\n  newTag: {tag}\n"


def prepared(repository: Repository, registry: Played, **tags: str) -> None:
    """One app with a tag for each environment, and a configuration that names the registry."""
    config = f'version: 1\napps: {{defaults: {{images: ["{registry.host}/shop/{{app}}*"]}}}}\n'
    paths = {f"apps/web/{env}/kustomization.yaml": tag for env, tag in tags.items()}
    files = {path: kustomization(registry.host, tag) for path, tag in paths.items()}
    repository.commit({".gitops-ci.yaml": config, **files})


def moves(repository: Repository, *words: str) -> list[tuple[str, str, str]]:
    ended = gitops_ci(repository.root, "bump", "--latest", *words, "--format", "json")
    assert ended.code == 0, ended.err
    made: dict[str, Any] = json.loads(ended.out)
    return [(move["environment"], move["from"], move["to"]) for move in made["moves"]]


def test_every_environment_goes_to_the_newest(repository: Repository, registry: Played) -> None:
    prepared(repository, registry, dev="1.1.0", prod="1.0.0", staging="1.0.0")
    assert moves(repository) == [("prod", "1.0.0", "1.1.0"), ("staging", "1.0.0", "1.1.0")]
    assert moves(repository, "--env", "dev") == []
    assert moves(repository, f"{registry.host}/shop/web", "--env", "prod") == [
        ("prod", "1.0.0", "1.1.0")
    ]


POLICIES = [
    ("{prereleases: true}", "1.0.0", "1.2.0-rc.1"),
    ("{range: '<1.1.0'}", "1.0.0", None),
    ("{order: numerical, pattern: '^b(?P<n>[0-9]+)$', extract: $n}", "b7", "b12"),
    ("{order: alphabetical, pattern: '^release-'}", "release-a", "release-c"),
]


@pytest.mark.parametrize(("policy", "current", "newest"), POLICIES)
def test_the_app_says_what_is_newest(
    repository: Repository, registry: Played, policy: str, current: str, newest: str | None
) -> None:
    registry.tags += ["b7", "b12", "b9", "release-a", "release-c", "release-b"]
    prepared(repository, registry, prod=current)
    images = f'images: ["{registry.host}/shop/{{app}}*"]'
    config = f"version: 1\napps: {{defaults: {{{images}, versions: {policy}}}}}\n"
    repository.commit({".gitops-ci.yaml": config})
    assert moves(repository) == ([("prod", current, newest)] if newest else [])


def test_it_never_goes_down(repository: Repository, registry: Played) -> None:
    prepared(repository, registry, dev="3.0.0", prod="1.0.0")
    assert moves(repository) == [("prod", "1.0.0", "1.1.0")]


def test_a_digest_is_that_of_the_index(repository: Repository, registry: Played) -> None:
    prepared(repository, registry, prod="1.0.0\n  digest: sha256:" + "a" * 64)
    ((_, _, to),) = moves(repository)
    assert to == f"1.1.0@{digest(CONTENT.top)}"


def test_a_tag_that_is_no_version_is_a_note(repository: Repository, registry: Played) -> None:
    prepared(repository, registry, prod="latest")
    ended = gitops_ci(repository.root, "bump", "--latest")
    assert (ended.code, "is no semantic version" in ended.out) == (0, True)


def test_only_configured_registries_are_asked(repository: Repository, registry: Played) -> None:
    prepared(repository, registry, prod="1.0.0")
    repository.commit({".gitops-ci.yaml": "version: 1\n"})
    ended = gitops_ci(repository.root, "bump", "--latest")
    assert (ended.code, registry.asked) == (2, [])


def test_a_registry_that_fails_is_an_endpoint_error(
    repository: Repository, registry: Played
) -> None:
    prepared(repository, registry, prod="1.0.0")
    registry.status = 403
    ended = gitops_ci(repository.root, "bump", "--latest", "--write")
    assert (ended.code, ended.out) == (4, "")
    assert "answers 403" in ended.err


@pytest.mark.parametrize(
    ("pattern", "repository", "configured"),
    [
        ("registry.example/org/{app}*", "registry.example/org/web-api", True),
        ("registry.example/org/{app}", "registry.example/org/web-api", False),
        ("{app}", "docker.io/library/web", True),
        ("org/*", "docker.io/org/web", True),
        ("*", "registry.example/org/web", False),
        ("*.example/org/web", "registry.example/org/web", False),
        ("*/org/web", "registry.example/org/web", False),
        ("host:5000/*", "host:5000/a/b", True),
        ("localhost/*", "localhost/a", True),
    ],
)
def test_a_pattern_has_to_name_its_registry(
    pattern: str, repository: str, configured: bool
) -> None:
    site = Site("a", "workload", Subject.IMAGE, repository, Version("1"), (), app="web")
    config = Config(apps={"defaults": App(images=(pattern,))})
    assert is_configured(site, config) is configured
