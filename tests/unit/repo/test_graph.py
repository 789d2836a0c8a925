"""Who depends on whom."""

from __future__ import annotations

import pytest

from gitops_ci.repo.affected import select
from gitops_ci.repo.graph import External, Missing, location
from gitops_ci.repo.references import looks_remote
from tests.unit.repo.support import (
    World,
    application,
    chart,
    flux_kustomization,
    kustomization,
    look,
    manifest,
)

SHOP = {
    "shop/base/kustomization.yaml": kustomization(
        "web.yaml", more="configMapGenerator: [{name: c, files: [app.conf]}]\n"
    ),
    "shop/base/web.yaml": manifest(),
    "shop/base/app.conf": "x\n",
    "shop/probe/kustomization.yaml": kustomization(
        kind="Component", more="patches: [{path: probe.yaml}]\n"
    ),
    "shop/probe/probe.yaml": manifest(),
    "shop/prod/kustomization.yaml": kustomization("../base", more="components: [../probe]\n"),
    "shop/dev/kustomization.yaml": kustomization("../base"),
}


def _closure(world: World, *starts: str) -> set[str]:
    return set(world.graph.closure(starts))


def test_an_overlay_depends_on_everything_below_it() -> None:
    world = look(SHOP)

    assert _closure(world, "shop/prod/kustomization.yaml") == set(SHOP) - {
        "shop/dev/kustomization.yaml"
    }
    assert "shop/probe/probe.yaml" not in _closure(world, "shop/dev/kustomization.yaml")


def test_dependents_run_the_other_way() -> None:
    world = look(SHOP)

    assert world.graph.dependents(["shop/probe/probe.yaml"]) == {
        "shop/probe/probe.yaml",
        "shop/probe/kustomization.yaml",
        "shop/prod/kustomization.yaml",
    }
    assert world.graph.dependents(["shop/base/app.conf"]) == {
        "shop/base/app.conf",
        "shop/base/kustomization.yaml",
        "shop/dev/kustomization.yaml",
        "shop/prod/kustomization.yaml",
    }


def test_a_circle_ends() -> None:
    files = {
        "a/kustomization.yaml": kustomization("../b"),
        "b/kustomization.yaml": kustomization("../a"),
    }

    assert _closure(look(files), "a/kustomization.yaml") == set(files)


def test_links_are_dependencies_themselves() -> None:
    files = {
        "prod/kustomization.yaml": kustomization("../current", "there.yaml"),
        "v2/kustomization.yaml": kustomization("x.yaml"),
        "v2/x.yaml": manifest(),
        "shared/there.yaml": manifest(name="there"),
    }
    links = {"current": "latest", "latest": "v2", "prod/there.yaml": "../shared/there.yaml"}

    assert _closure(look(files, links=links), "prod/kustomization.yaml") == {*files, *links}


def test_a_linked_kustomization_means_the_files_beside_the_link() -> None:
    files = {
        "a/kustomization.yaml": kustomization("x.yaml"),
        "a/x.yaml": manifest(name="a"),
        "b/x.yaml": manifest(name="b"),
    }
    world = look(files, links={"b/kustomization.yaml": "../a/kustomization.yaml"})

    assert [root.path for root in world.plan.roots] == ["a", "b"]
    assert _closure(world, "b/kustomization.yaml") == {"b/kustomization.yaml", "b/x.yaml"}
    affected = select(world.plan.roots, world.graph, frozenset(), ["a/kustomization.yaml"]).roots
    assert [root.path for root in affected] == ["a", "b"]


def test_a_chart_depends_on_its_directory_and_on_charts_by_path() -> None:
    files = {
        "charts/web/Chart.yaml": chart(
            "web", "dependencies:\n- {name: lib, version: 1.0.0, repository: 'file://../lib'}\n"
        ),
        "charts/web/templates/a.yaml": "{{ x }}\n",
        "charts/lib/Chart.yaml": chart("lib", "type: library\n"),
        "charts/lib/templates/_b.tpl": "x\n",
        "charts/other/Chart.yaml": chart("other"),
    }
    world = look(files)

    nodes = _closure(world, "charts/web/")
    assert "charts/lib/templates/_b.tpl" in nodes
    assert "charts/other/Chart.yaml" not in nodes
    assert "charts/web/Chart.yaml" in world.graph.dependents(["charts/lib/templates/_b.tpl"])


EXTERNAL = [
    ("https://github.com/org/repo//base?ref=v1", "remote-base"),
    ("github.com/org/repo/base?ref=v1", "remote-base"),
    ("git@github.com:org/repo.git", "remote-base"),
    ("ssh://git@example.com/org/repo//base", "remote-base"),
    ("git.example.com/org/repo//base", "remote-base"),
]


@pytest.mark.parametrize(("written", "reason"), EXTERNAL)
def test_what_lies_elsewhere_is_external_with_its_place(written: str, reason: str) -> None:
    world = look({"k/kustomization.yaml": f"resources:\n- '{written}'\n"})

    (external,) = world.graph.external
    assert isinstance(external, External)
    assert (external.text, external.reason) == (written, reason)
    assert location(external, world.files).line == 2
    assert world.graph.missing == {}


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("missing.yaml", "k/missing.yaml"),
        ("../gone", "gone"),
        ("../../outside", None),
        ("/etc/passwd", None),
        ("./empty", "k/empty"),
        ("../broken", "broken"),
    ],
)
def test_what_is_missing_is_recorded_with_its_place(written: str, target: str | None) -> None:
    files = {
        "k/kustomization.yaml": f"namePrefix: a-\nresources:\n- {written}\n",
        "k/empty/readme.txt": "no kustomization here",
    }

    world = look(files, links={"broken": "nowhere"})

    (missing,) = world.graph.missing["k/kustomization.yaml"]
    assert isinstance(missing, Missing)
    assert (missing.text, missing.target) == (written, target)
    assert location(missing, world.files).line == 3


@pytest.mark.parametrize(
    ("written", "remote"),
    [
        ("../base", False),
        ("deployment.yaml", False),
        ("apps/github.com", False),
        ("v1.2/base", False),
        ("./git/x", False),
        ("https://example.com/a.yaml", True),
        ("git::https://example.com/a", True),
        ("base?ref=main", True),
        ("bitbucket.org/org/repo", True),
    ],
)
def test_remote_looking_texts(written: str, remote: bool) -> None:
    assert looks_remote(written) is remote


def test_a_deployer_is_a_dependency_of_its_own_kind() -> None:
    files = {
        "clusters/prod/apps.yaml": flux_kustomization("apps", "./apps"),
        "apps/kustomization.yaml": kustomization("x.yaml"),
        "apps/x.yaml": manifest(),
    }
    world = look(files)

    assert _closure(world, "clusters/prod/apps.yaml") == {"clusters/prod/apps.yaml"}
    assert "clusters/prod/apps.yaml" in world.graph.dependents(["apps/x.yaml"])


def test_flux_takes_the_topmost_kustomizations_and_what_lies_beside_them() -> None:
    files = {
        "sync.yaml": flux_kustomization("apps", "apps"),
        "apps/namespace.yaml": manifest(),
        "apps/web/kustomization.yaml": kustomization("x.yaml"),
        "apps/web/x.yaml": manifest(),
        "apps/web/inner/kustomization.yaml": kustomization(),
        "apps/web/forgotten.yaml": manifest(),
        "apps/deep/er/plain.yaml": manifest(),
        "apps/readme.md": "x",
    }

    ((_, nodes),) = look(files).graph.deployed

    assert set(nodes) == {
        "apps/*",
        "apps/namespace.yaml",
        "apps/web/kustomization.yaml",
        "apps/deep/er/plain.yaml",
    }


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", {"apps/*", "apps/a.yaml"}),
        ("    directory: {recurse: true}\n", {"apps/"}),
    ],
)
def test_argo_takes_one_directory_or_all_below(more: str, expected: set[str]) -> None:
    files = {
        "app.yaml": application("apps", "apps", more=more),
        "apps/a.yaml": manifest(),
        "apps/deep/b.yaml": manifest(),
        "apps/readme.md": "x",
    }

    ((_, nodes),) = look(files).graph.deployed

    assert set(nodes) == expected


def test_missing_targets_of_deployers_are_recorded() -> None:
    files = {
        "flux.yaml": flux_kustomization("a", "./gone"),
        "argo.yaml": application(
            "b", "charts/b", more="    helm: {valueFiles: [no.yaml, /env/x.yaml, values.yaml]}\n"
        ),
        "charts/b/Chart.yaml": chart("b"),
        "charts/b/values.yaml": "a: 1\n",
    }

    missing = look(files).graph.missing

    assert [m.target for m in missing["flux.yaml"]] == ["gone"]
    assert [m.target for m in missing["argo.yaml"]] == ["charts/b/no.yaml", "env/x.yaml"]
