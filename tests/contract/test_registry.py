"""The registry client and Debian's docker-registry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gitops_ci.clients.registry import Registry
from gitops_ci.clients.registry_auth import Credentials
from gitops_ci.model.errors import EndpointError
from tests.support.command import gitops_ci
from tests.support.registry import Reply, Seen, digest, image, push, real_registry, served
from tests.support.repository import Repository
from tests.support.tools import require_tool

pytestmark = pytest.mark.full

HTPASSWD = "me:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n"
"""The user `me` with the password `secret`; the registry takes bcrypt only."""
ONE = image("2026-01-01T00:00:00Z")
MANY = image("2026-02-01T00:00:00Z", ("linux/amd64", "linux/arm64"))


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A registry with two images and many tags of a third."""
    program = require_tool("docker-registry")
    with real_registry(program, tmp_path_factory.mktemp("registry")) as host:
        push(host, "shop/web", "1.0.0", ONE)
        push(host, "shop/web", "1.1.0", MANY)
        for number in range(120):
            push(host, "shop/many", f"1.{number}.0", ONE)
        yield host


def test_tags_through_pages(host: str) -> None:
    assert set(Registry(host).tags("shop/web")) == {"1.0.0", "1.1.0"}
    assert len(Registry(host).tags("shop/many")) == 120


def test_digests_and_times(host: str) -> None:
    registry = Registry(host)
    assert registry.manifest("shop/web", "1.0.0").digest == digest(ONE.top)
    index = registry.manifest("shop/web", "1.1.0")
    assert index.digest == digest(MANY.top)
    assert set(index.platforms.values()) == {digest(data) for data in MANY.manifests}
    assert registry.created("shop/web", "1.1.0") == datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(("path", "tag"), [("shop/none", "1"), ("shop/web", "9")])
def test_what_is_not_there(host: str, path: str, tag: str) -> None:
    with pytest.raises(EndpointError, match="answers 404"):
        Registry(host).manifest(path, tag)


def test_basic_credentials(tmp_path: Path) -> None:
    program = require_tool("docker-registry")
    (tmp_path / "users").write_text(HTPASSWD)
    auth = f"auth: {{htpasswd: {{realm: r, path: {tmp_path / 'users'}}}}}\n"
    with real_registry(program, tmp_path, auth) as host:
        good = Registry(host, Credentials("me", "secret"))
        with pytest.raises(EndpointError, match="answers 404"):
            good.tags("shop/web")
        for bad in (None, Credentials("me", "wrong")):
            with pytest.raises(EndpointError, match=r"wants credentials|answers 401"):
                Registry(host, bad).tags("shop/web")


def test_a_token_from_the_realm_that_the_registry_names(tmp_path: Path) -> None:
    program = require_tool("docker-registry")
    asked: list[str] = []

    def answer(seen: Seen) -> Reply:
        asked.append(seen.path)
        return Reply(200, b'{"token": "any"}')

    with served(answer) as realm:
        auth = f"auth: {{silly: {{realm: 'http://{realm}/token', service: shop}}}}\n"
        with (
            real_registry(program, tmp_path, auth) as host,
            pytest.raises(EndpointError, match="answers 404"),
        ):
            Registry(host).tags("shop/web")
    assert asked == ["/token?scope=repository%3Ashop%2Fweb%3Apull&service=shop"]


def test_the_command_writes_the_newest_version(host: str, repository: Repository) -> None:
    config = f'version: 1\napps: {{defaults: {{images: ["{host}/shop/{{app}}"]}}}}\n'
    path = "apps/web/prod/kustomization.yaml"
    text = f"images:\n- name: {host}/shop/web\n  newTag: 1.0.0\n"
    repository.commit({".gitops-ci.yaml": config, path: text})
    ended = gitops_ci(repository.root, "bump", "--latest", "--pin", "tag+digest", "--write")
    assert ended.code == 0, ended.err
    written = (repository.root / path).read_text()
    assert written == text.replace("1.0.0", "1.1.0") + f"  digest: {digest(MANY.top)}\n"
