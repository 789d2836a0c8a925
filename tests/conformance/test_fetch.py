"""Charts and bases through the real helm and the real git, from 127.0.0.1 and from this disk."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from msgspec.structs import replace

from gitops_ci.render.fetched.clone import GitFetch
from gitops_ci.render.fetched.library import Fetchers, Library
from gitops_ci.render.fetched.lock import PATH, Lock, write_lock
from gitops_ci.render.fetched.model import FetchError, Mode, NotFetchedError, Outcome, State
from gitops_ci.render.fetched.pull import HelmPull
from gitops_ci.render.fetched.store import Store
from gitops_ci.render.programs import LocalPrograms
from gitops_ci.repo.memory import MemoryTree
from tests.support.chart_registry import registry_with
from tests.support.remote import library_of, render_with, served
from tests.support.rendering import findings_of, lines, objects_of, origin_line, skips_of
from tests.support.repository import Repository
from tests.support.tools import require_tool

RELEASE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: shop}
spec: {url: "%s"}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: cache, namespace: shop}
spec:
  chart:
    spec:
      chart: redis
      version: %s
      sourceRef: {kind: HelmRepository, name: charts}
  values:
    replicas: 3
"""
TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  paused: {{ .Values.paused }}
"""


@pytest.fixture
def charts(tmp_path: Path) -> Path:
    """A chart repository with two versions of one chart, packaged by the real helm."""
    helm, chart, folder = require_tool("helm"), tmp_path / "redis", tmp_path / "charts"
    (chart / "templates").mkdir(parents=True)
    (chart / "templates" / "web.yaml").write_text(TEMPLATE)
    (chart / "values.yaml").write_text("replicas: 1\npaused: false\n")
    for version in ("1.0.0", "1.1.0"):
        (chart / "Chart.yaml").write_text(f"apiVersion: v2\nname: redis\nversion: {version}\n")
        subprocess.run([helm, "package", chart, "-d", folder], check=True, capture_output=True)
    subprocess.run([helm, "repo", "index", folder], check=True, capture_output=True)
    return folder


def _fetch(files: dict[str, str], cache: Path, mode: Mode) -> dict[str, str]:
    """The files with the lock that fetching leaves."""
    tree = MemoryTree(files)
    library = library_of(cache, tree, LocalPrograms(), mode)
    render_with(library, tree, LocalPrograms())
    states = {outcome.state for outcome in library.outcomes.values()}
    assert states <= {State.FETCHED, State.PRESENT}, library.outcomes
    entries = [item.entry for item in library.outcomes.values() if item.entry]
    return {**files, PATH: write_lock(entries).decode()}


class TestCharts:
    def test_a_fetched_chart_is_rendered_without_the_network(
        self, charts: Path, tmp_path: Path
    ) -> None:
        cache = tmp_path / "cache"
        with served(charts) as address:
            files = _fetch({"cache.yaml": RELEASE % (address, "1.0.0")}, cache, Mode.LOCK)
        tree = MemoryTree(files)
        rendered = render_with(library_of(cache, tree), tree, LocalPrograms())
        web = objects_of(rendered, "Deployment")[0]
        assert web.value["spec"] == {"replicas": 3, "paused": False}
        assert origin_line(web, "spec", "replicas") == "cache.yaml:16"
        assert origin_line(web, "spec", "paused") == "cache.yaml:13"
        assert skips_of(rendered) == []

    def test_a_range_is_locked_when_asked(self, charts: Path, tmp_path: Path) -> None:
        with served(charts) as address:
            files = {"cache.yaml": RELEASE % (address, '"^1"')}
            files = _fetch(files, tmp_path / "cache", Mode.UPDATE)
        assert 'version: "^1"' in files[PATH]
        assert 'resolved: "1.1.0"' in files[PATH]

    def test_a_replaced_chart_is_refused(self, charts: Path, tmp_path: Path) -> None:
        with served(charts) as address:
            files = {"cache.yaml": RELEASE % (address, "1.0.0")}
            files = _fetch(files, tmp_path / "cache", Mode.LOCK)
            (charts / "redis-1.0.0.tgz").write_bytes((charts / "redis-1.1.0.tgz").read_bytes())
            index = (charts / "index.yaml").read_text()
            (charts / "index.yaml").write_text(
                "\n".join(line for line in index.splitlines() if "digest" not in line)
            )
            tree = MemoryTree(files)
            library = library_of(tmp_path / "other", tree, LocalPrograms(), Mode.LOCK)
            rendered = render_with(library, tree, LocalPrograms())
        assert [item.state for item in library.outcomes.values()] == [State.MISMATCH]
        findings = [finding for item in rendered for finding in item.findings]
        assert [(f.rule.id, f.location.line) for f in findings] == [("helm/chart-mismatch", 13)]


class TestRegistries:
    """An OCI registry that wants a password (distribution specification, pull alone)."""

    FILES: ClassVar = {
        "app.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        "metadata: {name: cache}\nspec:\n  source:\n    repoURL: %s/charts\n"
        "    chart: redis\n    targetRevision: 1.1.0\n",
    }

    @pytest.fixture
    def registry(self, charts: Path) -> Iterator[str]:
        with registry_with("charts/redis", "1.1.0", charts / "redis-1.1.0.tgz") as host:
            yield host

    def _outcome(self, host: str, folder: Path, config: Path | None) -> Outcome:
        tree = MemoryTree({"app.yaml": self.FILES["app.yaml"] % host})
        pull = HelmPull(LocalPrograms(), config, options=("--plain-http",))
        fetchers = Fetchers(pull, GitFetch(LocalPrograms()))
        library = Library(Lock(), Store(folder), fetchers, Mode.LOCK)
        render_with(library, tree, LocalPrograms())
        (outcome,) = library.outcomes.values()
        return outcome

    def test_a_password_is_used_only_when_it_is_named(
        self, registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        auth = base64.b64encode(b"me:secret").decode()
        config = tmp_path / "home" / ".docker" / "config.json"
        config.parent.mkdir(parents=True)
        config.write_text(json.dumps({"auths": {registry: {"auth": auth}}}))
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        refused = self._outcome(registry, tmp_path / "cache", None)
        assert refused.state is State.FAILED
        assert "credential not found" in refused.message
        fetched = self._outcome(registry, tmp_path / "cache", config)
        assert fetched.state is State.FETCHED, fetched
        assert fetched.entry is not None
        assert fetched.entry.resolved == "1.1.0"


class TestBases:
    @pytest.fixture
    def upstream(self, tmp_path: Path) -> Repository:
        """A repository whose attributes would hide a file from archives."""
        repository = Repository(tmp_path / "upstream")
        files = {
            "deploy/kustomization.yaml": "namePrefix: up-\nresources: [../common]\n",
            "common/kustomization.yaml": "resources: [map.yaml]\n",
            "common/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
            "data:\n  colour: blue\n",
            ".gitattributes": "common export-ignore\n",
        }
        repository.commit(files)
        repository.git("tag", "--annotate", "v1.0.0", "--message=first")
        return repository

    def test_a_fetched_base_is_built_without_the_network(
        self, upstream: Repository, tmp_path: Path
    ) -> None:
        address = f"file://{upstream.root}/.git//deploy?ref=v1.0.0"
        files = {"app/kustomization.yaml": f"nameSuffix: -a\nresources:\n- {address}\n"}
        files = _fetch(files, tmp_path / "cache", Mode.LOCK)
        assert f'commit: "{upstream.git("rev-parse", "HEAD")}"' in files[PATH]
        tree = MemoryTree(files)
        rendered = render_with(library_of(tmp_path / "cache", tree), tree, engine="native")
        assert skips_of(rendered) == []
        assert findings_of(rendered) == []
        settings = objects_of(rendered, "ConfigMap")[0]
        assert settings.ref.name == "up-settings-a"
        assert origin_line(settings, "data", "colour") == "app/kustomization.yaml:3"
        assert origin_line(settings, "metadata", "name") == "app/kustomization.yaml:3"

    def test_a_moved_tag_is_refused(self, upstream: Repository, tmp_path: Path) -> None:
        address = f"file://{upstream.root}/.git//deploy?ref=v1.0.0"
        files = {"app/kustomization.yaml": f"resources:\n- {address}\n"}
        files = _fetch(files, tmp_path / "cache", Mode.LOCK)
        upstream.commit({"common/map.yaml": "apiVersion: v1\nkind: Secret\n"})
        upstream.git("tag", "--force", "v1.0.0")
        tree = MemoryTree(files)
        library = library_of(tmp_path / "other", tree, LocalPrograms(), Mode.LOCK)
        rendered = render_with(library, tree, engine="native")
        assert [item.state for item in library.outcomes.values()] == [State.MISMATCH]
        assert lines(findings_of(rendered)) == [
            ("kustomize/missing-resource", "app/kustomization.yaml", 2)
        ]

    def test_a_branch_is_refused_until_it_is_locked(
        self, upstream: Repository, tmp_path: Path
    ) -> None:
        address = f"file://{upstream.root}/.git//deploy?ref=main"
        files = {"app/kustomization.yaml": f"resources:\n- {address}\n"}
        tree = MemoryTree(files)
        library = library_of(tmp_path / "cache", tree, LocalPrograms(), Mode.LOCK)
        skipped = skips_of(render_with(library, tree, engine="native"))
        assert [(item.path, item.reason) for item in skipped] == [
            ("app/kustomization.yaml", "remote-base")
        ]
        assert "'main' is a branch" in skipped[0].detail
        files = _fetch(files, tmp_path / "cache", Mode.UPDATE)
        first = upstream.git("rev-parse", "HEAD")
        assert first in files[PATH]
        second = upstream.commit(message="more")
        assert _fetch(files, tmp_path / "cache", Mode.LOCK) == files
        assert second in _fetch(files, tmp_path / "cache", Mode.UPDATE)[PATH]

    def test_git_is_kept_to_the_protocols(self, upstream: Repository, tmp_path: Path) -> None:
        git = GitFetch(LocalPrograms(), protocols=("https",))
        with pytest.raises(NotFetchedError, match="https addresses only"):
            git.resolve(f"file://{upstream.root}", "v1.0.0", Store(tmp_path / "cache"))
        careless = replace(git, protocols=("https", "file"))
        with pytest.raises(FetchError, match="no tag or branch"):
            careless.resolve(f"file://{upstream.root}", "v2.0.0", Store(tmp_path / "cache"))
