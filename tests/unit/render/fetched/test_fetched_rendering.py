"""Deployers and kustomizations whose charts and bases were fetched: what they give, and which line
of the repository is shown for it."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

from gitops_ci.render.fetched.lock import PATH, write_lock
from gitops_ci.render.fetched.model import Entry, Key, Kind, Mode
from gitops_ci.render.fetched.store import Store, sha256
from gitops_ci.render.objects import Rendered
from gitops_ci.repo.memory import MemoryTree
from tests.support.remote import helm_that_gives, library_of, packed, render_with
from tests.support.rendering import (
    FakePrograms,
    findings_of,
    lines,
    objects_of,
    origin_line,
    prints,
    skips_of,
)

TEMPLATE = """\
kind: Deployment
spec:
  replicas: {{ .Values.replicas }}
  paused: {{ .Values.paused }}
  serviceName: web
"""
CHART = packed(
    {
        "Chart.yaml": "name: redis\nversion: 1.0.0\n",
        "values.yaml": "replicas: 1\npaused: false\n",
        "extra.yaml": "replicas: 2\n",
        "templates/web.yaml": TEMPLATE,
    }
)
PRINTED = """\
---
# Source: redis/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: %d
  paused: false
  serviceName: web
"""
ADDRESS = "https://charts.example.com"
LOCK = write_lock(
    [
        Entry(Key(Kind.CHART, address, "redis", "1.0.0"), "1.0.0", sha256(CHART))
        for address in (ADDRESS, "oci://registry.example.com/charts")
    ]
)
RELEASE = f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {{name: charts, namespace: shop}}
spec: {{url: {ADDRESS}}}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: cache, namespace: shop}}
spec:
  chart:
    spec:
      chart: redis
      version: 1.0.0
      sourceRef: {{kind: HelmRepository, name: charts}}
  values:
    replicas: 3
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: cache}
spec:
  destination: {namespace: shop}
  source:
    repoURL: registry.example.com/charts
    chart: redis
    targetRevision: 1.0.0
    helm:
      valueFiles: [extra.yaml]
"""


def _rendered(
    folder: Path,
    files: Mapping[str, str],
    *,
    lock: bytes = LOCK,
    replicas: int = 3,
    cached: bool = True,
) -> tuple[list[Rendered], FakePrograms]:
    store = Store(folder)
    if cached:
        store.put(CHART)
    tree = MemoryTree({**files, PATH: lock})
    helm = helm_that_gives({}, PRINTED % replicas)
    programs = FakePrograms({"helm": helm})
    return render_with(library_of(folder, tree), tree, programs, engine="native"), programs


class TestCharts:
    def test_a_release_is_rendered(self, tmp_path: Path) -> None:
        rendered, _ = _rendered(tmp_path, {"cache.yaml": RELEASE})
        web = objects_of(rendered, "Deployment")[0]
        assert origin_line(web, "spec", "replicas") == "cache.yaml:16"
        assert origin_line(web, "spec", "paused") == "cache.yaml:13"
        assert origin_line(web, "spec", "serviceName") == "cache.yaml:13"
        assert skips_of(rendered) == []
        assert [item.ref.kind for item in objects_of(rendered)].count("HelmRelease") == 1

    def test_the_place_in_the_chart_is_a_note(self, tmp_path: Path) -> None:
        rendered, _ = _rendered(tmp_path, {"cache.yaml": RELEASE})
        trace = objects_of(rendered, "Deployment")[0].origin.trace(("spec", "paused"))
        assert [step.what for step in trace.chain] == [
            "values of the chart",
            "templates/web.yaml:4 in chart 'redis' 1.0.0, outside the repository",
        ]
        assert not trace.exact

    def test_an_application_is_rendered(self, tmp_path: Path) -> None:
        rendered, programs = _rendered(tmp_path, {"cache.yaml": APPLICATION}, replicas=2)
        web = objects_of(rendered, "Deployment")[0]
        assert origin_line(web, "spec", "replicas") == "cache.yaml:9"
        assert programs.calls[0][0][1:3] == ["template", "cache"]
        assert skips_of(rendered) == []

    def test_a_chart_of_a_kustomization_is_rendered(self, tmp_path: Path) -> None:
        text = f"helmCharts:\n- name: redis\n  repo: {ADDRESS}\n  version: 1.0.0\n"
        rendered, _ = _rendered(tmp_path, {"app/kustomization.yaml": text})
        web = objects_of(rendered, "Deployment")[0]
        assert origin_line(web, "spec", "paused") == "app/kustomization.yaml:2"
        assert skips_of(rendered) == []

    def test_a_dependency_of_an_own_chart_is_supplied_as_locked(self, tmp_path: Path) -> None:
        dependency = f"dependencies:\n- name: redis\n  repository: {ADDRESS}\n  version: "
        files = {
            "shop/Chart.yaml": f"apiVersion: v2\nname: shop\nversion: 1.0.0\n{dependency}^1\n",
            "shop/Chart.lock": f"{dependency}1.0.0\n",
            "shop/templates/x.yaml": "kind: X\n",
        }
        rendered, _ = _rendered(tmp_path, files)
        assert len(objects_of(rendered, "Deployment")) == 1
        files["shop/Chart.lock"] = ""
        skipped = skips_of(_rendered(tmp_path, files)[0])
        assert [item.reason for item in skipped] == ["remote-chart"]
        assert "the dependency 'redis' (shop/Chart.yaml:5)" in skipped[0].detail

    def test_a_source_may_be_an_oci_repository(self, tmp_path: Path) -> None:
        text = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: redis}
spec:
  url: oci://registry.example.com/charts/redis
  ref:
    tag: 1.0.0
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: cache, namespace: shop}
spec:
  chartRef: {kind: OCIRepository, name: redis}
"""
        rendered, _ = _rendered(tmp_path, {"cache.yaml": text})
        web = objects_of(rendered, "Deployment")[0]
        assert origin_line(web, "spec", "paused") == "cache.yaml:7"

    def test_what_was_not_fetched_stays_external(self, tmp_path: Path) -> None:
        files = {"cache.yaml": RELEASE, "app.yaml": APPLICATION}
        detail = "HelmRelease shop/cache installs 'redis' 1.0.0 of HelmRepository 'charts'"
        for lock, more in ((b"", ""), (LOCK, f"{PATH} names it, but the cache lacks it")):
            rendered, _ = _rendered(tmp_path, files, lock=lock, cached=False)
            skipped = {item.path: item for item in skips_of(rendered)}
            assert {item.reason for item in skipped.values()} == {"remote-chart"}
            told = skipped["cache.yaml#HelmRelease/shop/cache"].detail
            assert told.startswith(detail)
            assert more in told
            assert findings_of(rendered) == []

    def test_a_source_that_is_not_here_is_said(self, tmp_path: Path) -> None:
        text = RELEASE.partition("---\n")[2]
        skipped = skips_of(_rendered(tmp_path, {"cache.yaml": text})[0])
        assert [item.reason for item in skipped] == ["remote-chart"]
        assert "neither is its source" in skipped[0].detail

    def test_a_failing_chart_is_shown_where_it_is_asked_for(self, tmp_path: Path) -> None:
        store = Store(tmp_path)
        store.put(CHART)
        tree = MemoryTree({"cache.yaml": RELEASE, PATH: LOCK})
        text = "Error: execution error at (redis/templates/web.yaml:4:3): paused is needed"
        programs = FakePrograms({"helm": prints(error=text, code=1)})
        rendered = render_with(library_of(tmp_path, tree), tree, programs)
        assert lines(findings_of(rendered)) == [("helm/template-failed", "cache.yaml", 13)]
        assert "redis/templates/web.yaml" in findings_of(rendered)[0].message

    def test_a_broken_lock_is_said(self, tmp_path: Path) -> None:
        files = {"cache.yaml": RELEASE, PATH: "fetched: ["}
        tree = MemoryTree(files)
        rendered = render_with(None, tree, FakePrograms())
        assert f"{PATH} is not a lock file" in skips_of(rendered)[0].detail


COMMIT, INNER = "a" * 40, "b" * 40
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata:\n  colour: blue\n"
OUTER_URL = "https://example.com/org/outer//deploy?ref=v1"
INNER_URL = "https://example.com/org/inner?ref=v2"
FILE_URL = "https://example.com/crds.yaml"
BASES = write_lock(
    [
        Entry(Key(Kind.BASE, "https://example.com/org/outer", version="v1"), COMMIT),
        Entry(Key(Kind.BASE, "https://example.com/org/inner", version="v2"), INNER),
        Entry(Key(Kind.FILE, FILE_URL), "", sha256((MAP % "file").encode())),
    ]
)
OUTER = {
    "deploy/kustomization.yaml": f"namePrefix: up-\nresources:\n- ../common\n- {INNER_URL}\n",
    "common/kustomization.yaml": "resources: [map.yaml]\n",
    "common/map.yaml": MAP % "outer",
}


def _archive(store: Store, commit: str, files: Mapping[str, str]) -> None:
    """An archive as git writes it, with the commit in its header."""
    with store.scratch() as folder:
        path = folder / "x.tar"
        with tarfile.open(path, "w", pax_headers={"comment": commit}) as tar:
            for name, text in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(text.encode())
                tar.addfile(member, io.BytesIO(text.encode()))
        store.put_archive(commit, path)


def _built(
    folder: Path,
    kustomization: str,
    *,
    lock: bytes = BASES,
    outer: Mapping[str, str] = OUTER,
    mode: Mode = Mode.OFFLINE,
) -> list[Rendered]:
    store = Store(folder)
    _archive(store, COMMIT, outer)
    inner = {"kustomization.yaml": "resources: [map.yaml]\n", "map.yaml": MAP % "inner"}
    _archive(store, INNER, inner)
    store.put((MAP % "file").encode())
    tree = MemoryTree({"app/kustomization.yaml": kustomization, PATH: lock})
    programs = FakePrograms() if mode is not Mode.OFFLINE else None
    return render_with(library_of(folder, tree, programs, mode), tree, engine="native")


class TestBases:
    def test_a_base_and_what_it_includes_are_built(self, tmp_path: Path) -> None:
        text = f"nameSuffix: -a\nresources:\n- {OUTER_URL}\n- {FILE_URL}\n"
        rendered = _built(tmp_path, text)
        names = [item.ref.name for item in objects_of(rendered)]
        assert sorted(names) == ["file-a", "up-inner-a", "up-outer-a"]
        assert skips_of(rendered) == []
        assert findings_of(rendered) == []

    def test_values_are_shown_on_the_line_that_asks_for_them(self, tmp_path: Path) -> None:
        text = f"nameSuffix: -a\nresources:\n- {OUTER_URL}\n- {FILE_URL}\n"
        built = {item.ref.name: item for item in objects_of(_built(tmp_path, text))}
        outer, inner, file = built["up-outer-a"], built["up-inner-a"], built["file-a"]
        assert origin_line(outer, "data", "colour") == "app/kustomization.yaml:3"
        assert origin_line(inner, "data", "colour") == "app/kustomization.yaml:3"
        assert origin_line(file, "data", "colour") == "app/kustomization.yaml:4"
        trace = inner.origin.trace(("data", "colour"))
        assert not trace.exact
        assert [step.what for step in trace.chain] == [
            f"resource map.yaml:5 of {INNER_URL}, outside the repository"
        ]

    def test_what_the_repository_sets_stays_exact(self, tmp_path: Path) -> None:
        patch = "patches:\n- patch: |-\n    apiVersion: v1\n    kind: ConfigMap\n    metadata: "
        text = f"resources:\n- {FILE_URL}\n{patch}{{name: file}}\n    data: {{colour: red}}\n"
        (item,) = objects_of(_built(tmp_path, text))
        trace = item.origin.trace(("data", "colour"))
        assert (trace.location.path, trace.location.line) == ("app/kustomization.yaml", 8)
        assert trace.exact

    def test_a_fault_in_a_base_is_shown_on_the_line_that_asks_for_it(self, tmp_path: Path) -> None:
        outer = {**OUTER, "common/map.yaml": "apiVersion: v1\nmetadata: {name: x}\n"}
        rendered = _built(tmp_path, f"resources:\n- {OUTER_URL}\n", outer=outer)
        (finding,) = findings_of(rendered)
        assert (finding.location.path, finding.location.line) == ("app/kustomization.yaml", 2)
        assert "common/map.yaml:1 of https://example.com/org/outer?ref=v1" in finding.message

    def test_nothing_leads_from_a_base_into_the_repository(self, tmp_path: Path) -> None:
        outer = {"deploy/kustomization.yaml": "resources: [../../app]\n"}
        rendered = _built(tmp_path, f"resources:\n- {OUTER_URL}\n", outer=outer)
        assert objects_of(rendered) == []
        assert [finding.rule.id for finding in findings_of(rendered)] == [
            "kustomize/missing-resource"
        ]

    def test_what_was_not_fetched_stays_external(self, tmp_path: Path) -> None:
        other = "https://example.com/org/other?ref=v1"
        for lock in (b"", BASES):
            rendered = _built(tmp_path, f"resources:\n- {other}\n", lock=lock)
            assert [(item.path, item.reason) for item in skips_of(rendered)] == [
                ("app/kustomization.yaml", "remote-base")
            ]
            assert other in skips_of(rendered)[0].detail
            assert findings_of(rendered) == []

    def test_an_inner_base_that_is_missing_names_the_own_file(self, tmp_path: Path) -> None:
        lock = BASES.replace(b"org/inner", b"org/gone")
        rendered = _built(tmp_path, f"resources:\n- {OUTER_URL}\n", lock=lock)
        assert [(item.path, item.reason) for item in skips_of(rendered)] == [
            ("app/kustomization.yaml", "remote-base")
        ]

    def test_a_damaged_archive_is_an_error_with_a_line(self, tmp_path: Path) -> None:
        path = tmp_path / "commit" / f"{COMMIT}.tar"
        _built(tmp_path, "resources: []\n")
        tree = MemoryTree({"app/kustomization.yaml": f"resources:\n- {OUTER_URL}\n", PATH: BASES})
        path.write_bytes(path.read_bytes()[:1024] + b"x" * 2048)
        rendered = render_with(library_of(tmp_path, tree), tree, engine="native")
        assert lines(findings_of(rendered)) == [
            ("kustomize/missing-resource", "app/kustomization.yaml", 2)
        ]

    def test_what_only_the_reference_builds_stays_external_without_it(self, tmp_path: Path) -> None:
        outer = {
            "deploy/kustomization.yaml": "generators: [x.yaml]\n",
            "deploy/x.yaml": "kind: X\napiVersion: example.com/v1\nmetadata: {name: x}\n",
        }
        rendered = _built(tmp_path, f"resources:\n- {OUTER_URL}\n", outer=outer)
        assert [item.reason for item in skips_of(rendered)] == ["remote-base"]
