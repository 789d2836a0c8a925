"""Ways to a forge or registry: an authority of one's own, a proxy, an address with a path."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from gitops_ci.cli.forges import RealForges
from gitops_ci.clients.registry import Registry
from gitops_ci.model.change import Outcome
from gitops_ci.model.errors import EndpointError
from gitops_ci.model.forge_errors import UnreachableError
from gitops_ci.net.http import HttpError, get
from gitops_ci.output.sink import Sink
from gitops_ci.steps.context import Forge as Kind
from gitops_ci.steps.context import RunContext
from tests.support.fake_github.fake import TOKEN
from tests.support.fake_github.state import REPOSITORY
from tests.support.fake_gitlab.state import PROJECT
from tests.support.forges.places import Place, github, gitlab
from tests.support.forges.scenarios import BRANCH, change
from tests.support.registry import Reply, holding, image, served
from tests.support.tls import Identity, identity, proxied, tls

pytestmark = pytest.mark.full
NAME = "forge.test"
BOTH = pytest.mark.parametrize("make", [github, gitlab], ids=["github", "gitlab"])
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
_FILES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO")
Setenv = Callable[..., None]


@pytest.fixture
def setenv(monkeypatch: pytest.MonkeyPatch) -> Setenv:
    """Sets variables, of which none says anything of proxies and certificates before."""
    for name in (*_PROXIES, *map(str.lower, _PROXIES), *_FILES):
        monkeypatch.delenv(name, raising=False)

    def settle(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return settle


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("tls"), NAME, "localhost", "registry.test")


@pytest.fixture
def place(make: Callable[[Path], Place], tmp_path: Path) -> Iterator[Place]:
    made = make(tmp_path)
    yield made
    made.close()


def port(place: Place) -> int:
    return int(place.fake.server.url.rpartition(":")[2])


def opened(place: Place, server: str) -> Place:
    """The place as a run sees it that finds the forge at `server` in its variables. Both fakes
    live below a path."""
    kind = Kind.GITHUB if make_of(place) == "github" else Kind.GITLAB
    environ: Mapping[str, str] = {
        **os.environ,
        "GITHUB_SERVER_URL": f"{server}/sub",
        "GITHUB_API_URL": f"{server}/sub/api/v3",
        "GITHUB_GRAPHQL_URL": f"{server}/sub/api/graphql",
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_TOKEN": TOKEN,
        "CI_SERVER_URL": f"{server}/sub",
        "CI_PROJECT_PATH": PROJECT,
        "GITLAB_TOKEN": TOKEN,
    }
    sink = Sink(io.BytesIO(), io.BytesIO())
    forges = RealForges(
        place.clone.root, place.time, environ, RunContext(kind), sink, place.time.pause
    )
    return replace(place, forge=forges.open(kind.value), service=forges.service())


def make_of(place: Place) -> str:
    return "github" if hasattr(place.fake.state, "pulls") else "gitlab"


def proposes_twice(place: Place) -> None:
    """By the API and, for the second one, by git on GitLab: both take the same way."""
    assert place.forge.propose(change(place)).outcome is Outcome.CREATED
    assert place.forge.propose(change(place, "1.2")).outcome is Outcome.UPDATED
    assert "1.2" in place.file(BRANCH, "web/a.yaml")


@BOTH
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_an_authority_of_ones_own(
    place: Place, own: Identity, setenv: Setenv, variable: str
) -> None:
    setenv(**{variable: str(own.authority)})
    with tls(port(place), own) as front:
        proposes_twice(opened(place, f"https://localhost:{front}"))


@BOTH
def test_through_a_proxy(place: Place, own: Identity, setenv: Setenv) -> None:
    with tls(port(place), own) as front, proxied({f"{NAME}:443": front}, "me:secret") as proxy:
        setenv(HTTPS_PROXY=proxy.url, REQUESTS_CA_BUNDLE=str(own.authority))
        proposes_twice(opened(place, f"https://{NAME}"))
        assert set(proxy.asked) == {f"{NAME}:443"}
        agents = {line for head in proxy.heads for line in head.split("\r\n") if "gent:" in line}
        assert any("git/" in agent for agent in agents)


@BOTH
def test_who_cannot_be_trusted_is_not_spoken_to(
    place: Place, own: Identity, setenv: Setenv, tmp_path: Path
) -> None:
    other = identity(tmp_path / "other", "localhost")
    setenv(REQUESTS_CA_BUNDLE=str(other.authority))
    wanted, before = change(place), len(place.fake.server.calls)
    with tls(port(place), own) as front:
        run = opened(place, f"https://localhost:{front}")
        with pytest.raises(UnreachableError, match="does not answer"):
            run.forge.propose(wanted)
        setenv(REQUESTS_CA_BUNDLE=str(own.authority))
        elsewhere = opened(place, f"https://127.0.0.1:{front}")  # no name of the certificate
        with pytest.raises(UnreachableError, match="does not answer"):
            elsewhere.forge.propose(wanted)
    assert len(place.fake.server.calls) == before


@BOTH
def test_a_proxy_that_refuses(place: Place, own: Identity, setenv: Setenv) -> None:
    wanted, before = change(place), len(place.fake.server.calls)
    with proxied({}, "me:secret") as proxy:
        setenv(HTTPS_PROXY=proxy.url)
        with pytest.raises(UnreachableError) as caught:
            opened(place, f"https://{NAME}").forge.propose(wanted)
        assert "secret" not in caught.value.message
        assert proxy.asked
    assert len(place.fake.server.calls) == before


def test_a_registry_by_the_same_ways(own: Identity, setenv: Setenv) -> None:
    content = image("2026-01-01T00:00:00Z")
    with (
        served(holding("shop/web", "1", content)) as host,
        tls(int(host.rpartition(":")[2]), own) as front,
        proxied({"registry.test:443": front}) as proxy,
    ):
        setenv(HTTPS_PROXY=proxy.url, SSL_CERT_FILE=str(own.authority))
        assert Registry("registry.test").created("shop/web", "1") is not None
        assert set(proxy.asked) == {"registry.test:443"}
        setenv(SSL_CERT_FILE=os.devnull)
        with pytest.raises(EndpointError, match="certificate"):
            Registry("registry.test").created("shop/web", "1")


def test_whom_a_name_leads_to_is_looked_at_before_anything_is_sent(
    own: Identity, setenv: Setenv
) -> None:
    setenv(SSL_CERT_FILE=str(own.authority))
    seen = []

    def answer(request: object) -> Reply:
        seen.append(request)
        return Reply(200, b"{}")

    with served(answer) as host, tls(int(host.rpartition(":")[2]), own) as front:
        url = f"https://localhost:{front}/"
        with pytest.raises(HttpError, match=r"served by 127\.0\.0\.1"):
            get(url, {}, limit=10, refused=lambda peer: peer == "127.0.0.1")
        assert seen == []
        assert get(url, {}, limit=10).body == b"{}"
