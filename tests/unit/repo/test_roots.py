"""What is rendered, and what a change concerns."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gitops_ci.config.model import Config, RootRule
from gitops_ci.repo.affected import Concern, bearers_of, select
from gitops_ci.repo.root_plan import PlannedRoot
from tests.unit.repo.support import (
    World,
    application,
    chart,
    flux_kustomization,
    kustomization,
    look,
    manifest,
)

OVERLAYS = {
    "shop/base/kustomization.yaml": kustomization("web.yaml"),
    "shop/base/web.yaml": manifest("Deployment"),
    "shop/overlays/dev/kustomization.yaml": kustomization("../../base"),
    "shop/overlays/prod/kustomization.yaml": kustomization(
        "../../base", more="components: [../../probe]\npatches: [{path: size.yaml}]\n"
    ),
    "shop/overlays/prod/size.yaml": manifest("Deployment"),
    "shop/probe/kustomization.yaml": kustomization(kind="Component"),
}


def _names(world: World) -> list[tuple[str, str]]:
    return [(root.kind, root.name) for root in world.plan.roots]


def test_overlays_are_roots_and_bases_are_not() -> None:
    world = look(OVERLAYS)

    assert _names(world) == [
        ("kustomize", "shop/overlays/dev"),
        ("kustomize", "shop/overlays/prod"),
    ]
    assert world.skips()["shop/base"] == "base"
    assert world.skips()["shop/probe/kustomization.yaml"] == "component"
    assert [root.environment for root in world.plan.roots] == ["dev", "prod"]
    assert {root.app for root in world.plan.roots} == {"shop"}


def test_a_base_that_only_an_unused_component_includes_is_a_root() -> None:
    files = {
        "base/kustomization.yaml": kustomization("x.yaml"),
        "base/x.yaml": manifest(),
        "extra/kustomization.yaml": kustomization("../base", "y.yaml", kind="Component"),
        "extra/y.yaml": manifest(),
    }

    world = look(files)

    assert _names(world) == [("kustomize", "base")]
    assert world.skips()["extra/y.yaml"] == "component"


def test_one_of_a_circle_is_a_root_so_that_it_is_found() -> None:
    files = {
        "a/kustomization.yaml": kustomization("../b"),
        "b/kustomization.yaml": kustomization("../a"),
        "c/kustomization.yaml": kustomization("../c"),
    }

    assert _names(look(files)) == [("kustomize", "a"), ("kustomize", "c")]


def test_what_deployers_apply_are_their_roots() -> None:
    files = {
        **OVERLAYS,
        "clusters/prod/shop.yaml": flux_kustomization("shop", "./shop/overlays/prod"),
        "clusters/dev/shop.yaml": flux_kustomization("shop", "./shop/overlays/dev"),
        "tools/kustomization.yaml": kustomization(),
    }

    world = look(files)

    assert _names(world) == [
        ("plain", "clusters/dev"),
        ("plain", "clusters/prod"),
        ("flux-kustomization", "clusters/dev/shop.yaml#Kustomization/flux-system/shop"),
        ("flux-kustomization", "clusters/prod/shop.yaml#Kustomization/flux-system/shop"),
        ("kustomize", "tools"),
    ]
    root = world.roots()["clusters/prod/shop.yaml#Kustomization/flux-system/shop"]
    assert (root.path, root.environment, root.app, root.nested) == (
        "shop/overlays/prod",
        "prod",
        "shop",
        True,
    )


def test_one_directory_may_be_applied_twice() -> None:
    files = {
        "infra/kustomization.yaml": kustomization(),
        "clusters/prod/infra.yaml": flux_kustomization("infra", "./infra"),
        "clusters/staging/infra.yaml": flux_kustomization("infra", "./infra"),
    }

    roots = [root for root in look(files).plan.roots if root.path == "infra"]

    assert [root.environment for root in roots] == ["prod", "staging"]


def test_app_of_apps_starts_at_the_top() -> None:
    files = {
        "bootstrap/root.yaml": application("root", "argocd"),
        "argocd/shop.yaml": application("shop", "shop"),
        "argocd/self.yaml": application("self", "argocd"),
        "shop/kustomization.yaml": kustomization(),
    }

    world = look(files)

    nested = {root.name: root.nested for root in world.plan.roots}
    assert nested == {
        "bootstrap": False,
        "bootstrap/root.yaml#Application/argocd/root": True,
        "argocd/shop.yaml#Application/argocd/shop": True,
        "argocd/self.yaml#Application/argocd/self": True,
    }


def test_deployers_that_hold_only_each_other_are_entered_once() -> None:
    files = {
        "a/b.yaml": application("b", "b"),
        "b/a.yaml": application("a", "a"),
    }

    nested = [root.nested for root in look(files).plan.roots]

    assert sorted(nested) == [False, True]


def test_charts_that_nothing_deploys() -> None:
    files = {
        "charts/web/Chart.yaml": chart("web"),
        "charts/web/values.yaml": "a: 1\n",
        "charts/lib/Chart.yaml": chart("lib", "type: library\n"),
        "charts/part/Chart.yaml": chart("part"),
        "charts/whole/Chart.yaml": chart(
            "whole", "dependencies: [{name: part, repository: 'file://../part'}]\n"
        ),
        "charts/whole/charts/sub/Chart.yaml": chart("sub"),
        "charts/api/Chart.yaml": chart("api"),
        "charts/api/values-dev.yaml": "a: 1\n",
        "charts/api/values-prod.yaml": "a: 1\n",
        "charts/api/values-schema.yaml": "a: 1\n",
        "charts/one/Chart.yaml": chart("one"),
        "charts/one/values-production.yaml": "a: 1\n",
    }

    roots = [(root.path, root.environment, root.values) for root in look(files).plan.roots]

    assert roots == [
        ("charts/api", "dev", ("charts/api/values-dev.yaml",)),
        ("charts/api", "prod", ("charts/api/values-prod.yaml",)),
        ("charts/one", "", ()),
        ("charts/one", "prod", ("charts/one/values-production.yaml",)),
        ("charts/web", "", ()),
        ("charts/whole", "", ()),
    ]


def test_a_chart_that_is_deployed_is_no_root_of_its_own() -> None:
    files = {
        "charts/web/Chart.yaml": chart("web"),
        "envs/prod/web.yaml": application(
            "web", "charts/web", more="    helm: {releaseName: front, valueFiles: [v.yaml]}\n"
        ),
        "charts/web/v.yaml": "a: 1\n",
        "envs/prod/release.yaml": (
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
            "metadata: {name: web, namespace: shop}\n"
            "spec: {chart: {spec: {chart: ./charts/web, "
            "sourceRef: {kind: GitRepository, name: flux-system}}}}\n"
        ),
    }

    world = look(files)

    assert {root.kind for root in world.plan.roots} == {
        "plain",
        "argocd-application",
        "flux-helmrelease",
    }
    root = world.roots()["envs/prod/web.yaml#Application/argocd/web"]
    assert (root.release, root.values, root.environment) == (
        "front",
        ("charts/web/v.yaml",),
        "prod",
    )
    assert world.roots()["envs/prod/release.yaml#HelmRelease/shop/web"].namespace == "shop"


def test_what_comes_from_elsewhere_is_external() -> None:
    files = {
        "release.yaml": (
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
            "metadata: {name: redis, namespace: shop}\n"
            "spec: {chart: {spec: {chart: redis, "
            "sourceRef: {kind: HelmRepository, name: bitnami}}}}\n"
        ),
        "sync.yaml": flux_kustomization("team", "./deploy", source="team"),
        "app.yaml": application("other", "deploy", url="https://example.com/org/other.git"),
    }

    world = look(files, own_url="git@example.com:org/this.git")

    skips = {skip.path: skip.reason for skip in world.plan.skipped}
    assert skips == {
        "release.yaml#HelmRelease/shop/redis": "remote-chart",
        "sync.yaml#Kustomization/flux-system/team": "other-repository",
        "app.yaml#Application/argocd/other": "other-repository",
    }
    assert _names(world) == [("plain", ".")]


def test_manifests_that_nothing_includes_form_a_root_per_directory() -> None:
    files = {
        "raw/a.yaml": manifest(name="a"),
        "raw/b.yaml": manifest(name="b"),
        "raw/prod.yaml": manifest(name="c"),
        "raw/values.yaml": "a: 1\n",
        "raw/patch.yaml": manifest("Deployment"),
        "raw/deep/c.yaml": manifest(name="d"),
        "top.yaml": manifest(name="e"),
    }

    roots = [(root.name, root.environment, root.files) for root in look(files).plan.roots]

    assert roots == [
        (".", "", ("top.yaml",)),
        ("raw", "", ("raw/a.yaml", "raw/b.yaml")),
        ("raw", "prod", ("raw/prod.yaml",)),
        ("raw/deep", "", ("raw/deep/c.yaml",)),
    ]


def test_the_configuration_names_roots() -> None:
    rule = RootRule(
        chart="charts/{app}",
        values=("charts/{app}/values.yaml", "envs/{env}/{app}.yaml?"),
        release="{app}-{env}",
        namespace="{app}",
    )
    files = {
        "charts/web/Chart.yaml": chart("web"),
        "charts/web/values.yaml": "a: 1\n",
        "charts/api/Chart.yaml": chart("api"),
        "envs/dev/web.yaml": "a: 2\n",
        "envs/prod/web.yaml": "a: 3\n",
        "plain/x.yaml": manifest(),
    }

    world = look(files, Config(roots=(rule, RootRule(path="plain", environment="prod"))))

    found = [(r.path, r.environment, r.app, r.release, r.values) for r in world.plan.roots]
    assert found == [
        ("charts/api", "", "api", "api", ("charts/api/values.yaml",)),
        (
            "charts/web", "dev", "web", "web-dev",
            ("charts/web/values.yaml", "envs/dev/web.yaml"),
        ),
        (
            "charts/web", "prod", "web", "web-prod",
            ("charts/web/values.yaml", "envs/prod/web.yaml"),
        ),
        ("plain", "prod", "plain", "plain", ()),
    ]  # fmt: skip


def test_ignored_kustomizations_are_bases_but_no_roots() -> None:
    files = {
        "vendor/x/kustomization.yaml": kustomization("x.yaml"),
        "vendor/x/x.yaml": manifest(),
        "prod/kustomization.yaml": kustomization("../vendor/x"),
    }

    world = look(files, Config(ignore=("vendor/**",)))

    assert _names(world) == [("kustomize", "prod")]
    assert "vendor/x/x.yaml" in world.graph.closure(world.plan.roots[0].starts)


AFFECTED = {
    **OVERLAYS,
    "flux/prod.yaml": flux_kustomization("raw", "./raw"),
    "raw/a.yaml": manifest(),
    "charts/web/Chart.yaml": chart("web"),
    "charts/web/templates/a.yaml": "x\n",
    "notes.md": "x",
}
RAW = "flux/prod.yaml#Kustomization/flux-system/raw"


def _affected(
    world: World, changed: list[str], listed: list[str] | None = None
) -> tuple[PlannedRoot, ...]:
    bearers = bearers_of(world.files, world.inventory)
    return select(world.plan.roots, world.graph, bearers, changed, listed or []).roots


@pytest.mark.parametrize(
    ("changed", "roots"),
    [
        ("shop/base/web.yaml", ["shop/overlays/dev", "shop/overlays/prod"]),
        ("shop/overlays/prod/size.yaml", ["shop/overlays/prod"]),
        ("shop/probe/kustomization.yaml", ["shop/overlays/prod"]),
        ("charts/web/templates/a.yaml", ["charts/web"]),
        ("charts/web/templates/new.yaml", ["charts/web"]),
        ("raw/a.yaml", [RAW]),
        ("flux/prod.yaml", ["flux", RAW]),
        ("notes.md", []),
        ("elsewhere/new.yaml", []),
    ],
)
def test_a_change_concerns_the_roots_that_read_the_file(changed: str, roots: list[str]) -> None:
    world = look(AFFECTED)

    found = _affected(world, [changed])

    assert [root.name for root in found] == roots


@pytest.mark.parametrize(
    ("gone", "roots"),
    [
        ("shop/base/web.yaml", ["shop/overlays/dev", "shop/overlays/prod"]),
        ("raw/b.yaml", [RAW]),
        ("charts/web/values.yaml", ["charts/web"]),
    ],
)
def test_a_deleted_file_concerns_who_still_names_or_lists_it(gone: str, roots: list[str]) -> None:
    world = look({path: text for path, text in AFFECTED.items() if path != gone})

    found = _affected(world, [gone], [gone])

    assert [root.name for root in found] == roots


PATCHED = {
    "clusters/prod/kustomization.yaml": kustomization(
        "../base", more="patches: [{path: path.yaml}]\n"
    ),
    "clusters/prod/path.yaml": flux_kustomization("apps", "./apps/prod"),
    "clusters/base/kustomization.yaml": kustomization("apps.yaml"),
    "clusters/base/apps.yaml": flux_kustomization("apps", "./apps/base"),
    "charts/apps/Chart.yaml": chart("apps"),
    "charts/apps/templates/web.yaml": "kind: Application\n",
    "charts/plain/Chart.yaml": chart("plain"),
    "charts/plain/templates/web.yaml": "kind: Deployment\n",
    "apps/base/a.yaml": manifest(),
    "apps/prod/a.yaml": manifest(),
}


def test_where_deployers_appear_only_when_rendered_is_looked_through() -> None:
    world = look(PATCHED)
    bearers = bearers_of(world.files, world.inventory)
    found = select(world.plan.roots, world.graph, bearers, ["apps/prod/a.yaml"])

    assert [root.name for root in found.roots] == ["apps/prod"]
    assert [root.name for root in found.carriers.roots] == ["charts/apps", "clusters/prod"]


@pytest.mark.parametrize(
    ("directory", "concern"),
    [
        ("apps/prod", Concern.TOUCHED),
        ("apps", Concern.TOUCHED),
        ("apps/base", Concern.NONE),
        ("clusters/base", Concern.HOLDS),
        ("charts/apps", Concern.HOLDS),
        ("charts/plain", Concern.NONE),
    ],
)
def test_what_a_deployer_in_rendered_output_has_to_do_with_a_change(
    directory: str, concern: Concern
) -> None:
    world = look(PATCHED)
    bearers = bearers_of(world.files, world.inventory)
    found = select(world.plan.roots, world.graph, bearers, ["apps/prod/a.yaml"])
    (known, *_) = world.inventory.deployments

    assert found.carriers.concern([replace(known, directory=directory)]) is concern


def test_two_selections_together_give_what_both_give() -> None:
    world = look(PATCHED)
    bearers = bearers_of(world.files, world.inventory)
    one = select(world.plan.roots, world.graph, bearers, ["apps/prod/a.yaml"])
    two = select(world.plan.roots, world.graph, bearers, ["clusters/prod/path.yaml"])
    both = one.within(two)

    assert both.roots == ()
    assert [root.name for root in both.carriers.roots] == ["charts/apps", "clusters/prod"]
    (known, *_) = world.inventory.deployments
    assert both.carriers.concern([replace(known, directory="apps/prod")]) is Concern.NONE
