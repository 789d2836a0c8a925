"""Which sites move, which stay, which are refused."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gitops_ci.model.errors import UsageError
from gitops_ci.model.image import Pin
from gitops_ci.promote.bump.overlays import Overlay, renames_of
from gitops_ci.promote.bump.plan import Plan
from gitops_ci.promote.bump.planner import Facts, plan_bump
from gitops_ci.promote.bump.request import (
    Filters,
    Request,
    chart_target,
    filters_of,
    git_target,
    image_target,
    refuse_contradictions,
)
from tests.unit.promote.build import after, deployment, facts, images, yaml

DIGEST, OTHER = "sha256:" + "a" * 64, "sha256:" + "b" * 64
SHOP = {
    "apps/web/base/kustomization.yaml": "resources: [web.yaml]\n",
    "apps/web/base/web.yaml": deployment("shop/web:1.0.0"),
    "apps/web/overlays/dev/kustomization.yaml": images("shop/web", "1.0.0"),
    "apps/web/overlays/prod/kustomization.yaml": images("shop/web", "0.9.0"),
    "apps/api/overlays/prod/api.yaml": deployment("shop/api:3.0.0", "api"),
    "apps/api/overlays/prod/kustomization.yaml": "resources: [api.yaml]\n",
}
BASE = "apps/web/base/web.yaml"
DEV, PROD = (f"apps/web/overlays/{env}/kustomization.yaml" for env in ("dev", "prod"))
OVERLAYS = (
    Overlay(DEV, "dev", "web", frozenset({DEV, BASE})),
    Overlay(PROD, "prod", "web", frozenset({PROD, BASE})),
)


EVERYTHING = Filters()


def bump(
    known: Facts, *refs: str, filters: Filters = EVERYTHING, pin: Pin = Pin.KEEP, up: bool = False
) -> Plan:
    targets = tuple(image_target(ref) for ref in refs)
    return plan_bump(Request(targets, filters, pin, never_down=up), known)


@pytest.mark.parametrize(
    ("filters", "paths"),
    [
        (filters_of((), (), ()), {DEV, PROD}),
        (filters_of(("dev",), (), ()), {DEV}),
        (filters_of((), (), ("apps/web/overlays/prod",)), {PROD}),
        (filters_of((), (), ("./apps/web/base/**",)), {BASE}),
        (filters_of((), (), ("**/*.yaml", "!**/prod/**")), {DEV, BASE}),
        (filters_of(("prod", "dev"), ("web",), ()), {DEV, PROD}),
        (filters_of(("prod",), ("w*",), ("apps/**",)), {PROD}),
    ],
)
def test_each_filter_narrows_and_an_overridden_base_stays(
    filters: Filters, paths: set[str]
) -> None:
    plan = bump(facts(SHOP, OVERLAYS), "shop/web:1.1.0", filters=filters)
    assert {move.site.path for move in plan.moves} == paths
    assert set(after(SHOP, plan)) == paths
    assert not plan.refused


def test_a_base_whose_name_the_overlays_replace_is_refused_with_the_new_name() -> None:
    renamed = images("shop/web", "0.9.0") + "  newName: prod.example/web\n"
    files = {**SHOP, PROD: renamed, DEV: renamed.replace("prod", "dev")}
    overlays = tuple(
        replace(overlay, renames=renames_of(yaml(files[overlay.path]))) for overlay in OVERLAYS
    )
    known = facts(files, overlays)
    plan = bump(known, "shop/web:1.1.0")
    assert not plan.moves
    assert "put dev.example/web and prod.example/web in its place" in plan.refused[0].reason
    plan = bump(known, "shop/web:1.1.0", filters=filters_of(("prod",), (), ()))
    assert "puts prod.example/web in its place" in plan.refused[0].reason
    plan = bump(known, "prod.example/web:1.1.0")
    assert [move.site.path for move in plan.moves] == [PROD]


def test_a_base_that_some_overlay_inherits_moves_too() -> None:
    inheriting = {**SHOP, DEV: "resources: [../../base]\n"}
    plan = bump(facts(inheriting, OVERLAYS), "shop/web:1.1.0")
    assert {move.site.path for move in plan.moves} == {BASE, PROD}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "resources: [../../base]\n",
            "resources: [../../base]\nimages:\n- name: shop/web\n  newTag: 1.1.0\n",
        ),
        (
            "images:\n  - name: other\n    newTag: x\nk:\n",
            "images:\n  - name: other\n    newTag: x\n  - name: shop/web\n    newTag: 1.1.0\nk:\n",
        ),
        (
            "resources: [../../base]\nimages: []\n",
            "resources: [../../base]\nimages: [{name: shop/web, newTag: 1.1.0}]\n",
        ),
    ],
)
def test_an_overlay_without_an_entry_gets_one(text: str, expected: str) -> None:
    files = {**SHOP, PROD: text}
    plan = bump(facts(files, OVERLAYS), "shop/web:1.1.0", filters=filters_of(("prod",), (), ()))
    assert after(files, plan) == {PROD: expected}
    assert [(move.site.path, move.entry) for move in plan.moves] == [(PROD, "shop/web")]


def test_two_missing_entries_come_as_one_list() -> None:
    base = SHOP[BASE] + "      - name: proxy\n        image: shop/proxy:1.0.0\n"
    files = {**SHOP, BASE: base, PROD: "resources: [../../base]\n"}
    known, prod = facts(files, OVERLAYS), filters_of(("prod",), (), ())
    plan = bump(known, "shop/web:1.1.0", "shop/proxy:1.1.0", filters=prod)
    assert after(files, plan)[PROD].count("newTag: 1.1.0") == 2
    blocked = {**files, PROD: "resources: [../../base]\nimages: {}\n"}
    plan = bump(facts(blocked, OVERLAYS), "shop/web:1.1.0", filters=prod)
    assert [item.reason for item in plan.refused] == ["`images` is no list"]


def test_two_versions_in_one_environment_are_refused_by_name() -> None:
    files = {
        "apps/a/prod/a.yaml": deployment("shop/proxy:1.0.0", "a"),
        "apps/b/prod/b.yaml": deployment("shop/proxy:2.0.0", "b"),
        "apps/b/dev/b.yaml": deployment("shop/proxy:2.1.0", "b"),
    }
    known = facts(files)
    with pytest.raises(UsageError, match=r"1.0.0 .*a.yaml.* and 2.0.0 .*b.yaml") as error:
        bump(known, "shop/proxy:3.0.0")
    assert "--app a" in error.value.hint
    one = bump(known, "shop/proxy:3.0.0", filters=filters_of((), ("b",), ()))
    assert {move.site.path for move in one.moves} == {"apps/b/prod/b.yaml", "apps/b/dev/b.yaml"}
    named = filters_of((), (), ("apps/a/prod/a.yaml", "apps/b/prod/b.yaml"))
    assert len(bump(known, "shop/proxy:3.0.0", filters=named).moves) == 2
    with pytest.raises(UsageError):
        bump(known, "shop/proxy:3.0.0", filters=filters_of((), (), ("apps/**",)))


def test_a_bump_that_was_cut_short_goes_on() -> None:
    files = {
        "apps/a/prod/a.yaml": deployment("shop/proxy:1.0.0", "a"),
        "apps/b/prod/b.yaml": deployment("shop/proxy:3.0.0", "b"),
    }
    plan = bump(facts(files), "shop/proxy:3.0.0")
    assert (len(plan.moves), len(plan.done)) == (1, 1)


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("shop/wbe:1.0.0", "docker.io/shop/web"),
        ("ghcr.io/shop/web:1.0.0", "docker.io/shop/web"),
        ("nothing/like/it:1", "nothing in this repository is near"),
    ],
)
def test_no_site_lists_the_near_misses(ref: str, words: str) -> None:
    with pytest.raises(UsageError, match="has no site") as error:
        bump(facts(SHOP), ref)
    assert words in error.value.hint


def test_a_filter_that_leaves_nothing_says_where_the_sites_are() -> None:
    with pytest.raises(UsageError, match="--app api") as error:
        bump(facts(SHOP), "shop/web:2", filters=filters_of((), ("api",), ()))
    assert f"{PROD} (environment prod, app web)" in error.value.hint


def test_a_digest_never_stays_beside_another_tag() -> None:
    files = {"apps/web/prod/a.yaml": deployment(f"shop/web:1.0.0@{DIGEST}")}
    known = facts(files)
    plan = bump(known, "shop/web:1.1.0")
    assert (plan.edits, len(plan.refused)) == ((), 1)
    assert "--pin tag" in plan.refused[0].hint
    for pin, image in ((Pin.TAG, "shop/web:1.1.0"), (Pin.KEEP, f"shop/web:1.1.0@{OTHER}")):
        plan = bump(known, f"shop/web:1.1.0{'' if pin is Pin.TAG else '@' + OTHER}", pin=pin)
        assert f"image: {image}\n" in after(files, plan)["apps/web/prod/a.yaml"]


def test_an_explicit_version_may_go_down_and_the_newest_never_does() -> None:
    known, prod = facts(SHOP), filters_of(("dev",), (), ())
    (move,) = bump(known, "shop/web:0.1.0", filters=prod).moves
    assert move.older
    plan = bump(known, "shop/web:0.1.0", filters=prod, up=True)
    assert not plan.moves
    assert "newer than 0.1.0" in plan.left[0].reason
    assert not plan.refused


def test_templates_are_left_alone_beside_others_and_refused_alone() -> None:
    template = deployment('"{{ .Values.image }}:1.0"')
    files = {
        "apps/web/prod/a.yaml": deployment("shop/web:1.0.0"),
        "apps/web/prod/b.yaml": deployment('"shop/web:${TAG}"'),
        "apps/web/prod/c.yaml": template,
    }
    plan = bump(facts(files), "shop/web:1.1.0")
    assert [move.site.path for move in plan.moves] == ["apps/web/prod/a.yaml"]
    assert [(item.site.path, item.reason) for item in plan.left] == [
        ("apps/web/prod/b.yaml", "the value is a template")
    ]
    alone = bump(facts({"b.yaml": files["apps/web/prod/b.yaml"]}), "shop/web:1.1.0")
    assert [item.reason for item in alone.refused] == ["the value is a template"]


def test_charts_and_git_sources_have_targets_of_their_own() -> None:
    chart = "apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n- name: redis\n  version: 17.0.0\n  repository: https://charts.example\n"  # noqa: E501 - a file
    source = "resources:\n- https://git.example/org/base//deploy?ref=v1.0.0\n"
    files = {"charts/shop/Chart.yaml": chart, "apps/web/kustomization.yaml": source}
    targets = (chart_target("redis=18.0.0"), git_target("https://git.example/org/base=v1.1.0"))
    plan = plan_bump(Request(targets), facts(files))
    changed = after(files, plan)
    assert "version: 18.0.0" in changed["charts/shop/Chart.yaml"]
    assert "?ref=v1.1.0" in changed["apps/web/kustomization.yaml"]


def test_a_range_stays_unless_its_file_is_named() -> None:
    chart = "apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n- name: redis\n  version: ^17.0.0\n  repository: https://charts.example\n"  # noqa: E501 - a file
    target = (chart_target("redis=18.0.0"),)
    plan = plan_bump(Request(target), facts({"charts/shop/Chart.yaml": chart}))
    assert "moves by itself" in plan.refused[0].reason


def test_contradictions_are_usage_errors() -> None:
    with pytest.raises(UsageError, match="two versions of one thing"):
        refuse_contradictions([image_target("a/b:1"), image_target("docker.io/a/b:2")])
    refuse_contradictions([image_target("a/b:1"), image_target("docker.io/a/b:1")])


@pytest.mark.parametrize(
    "text", ["shop/web", "shop/Web:1", "shop/web:", "a" * 2000, "shop/web:a b"]
)
def test_what_is_no_image_with_a_version(text: str) -> None:
    with pytest.raises(UsageError):
        image_target(text)


@pytest.mark.parametrize("text", ["redis", "=1", "redis=", "re\ndis=1", "redis=1 2"])
def test_what_is_no_chart_with_a_version(text: str) -> None:
    with pytest.raises(UsageError):
        chart_target(text)


def test_a_broken_filter_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no glob"):
        filters_of((), (), ("apps/[",))


@pytest.mark.parametrize(
    ("text", "renames"),
    [
        ("images: [{name: a, newName: b/c}]\n", {"docker.io/library/a": "docker.io/b/c"}),
        ("images: [{name: a, newName: docker.io/library/a}, {name: a, newTag: x}]\n", {}),
        ("images: [{name: A B, newName: b}, {newName: b}, x, {name: 1, newName: 2}]\n", {}),
        ("images: {}\n", {}),
        ("[]\n", {}),
    ],
)
def test_what_a_kustomization_renames(text: str, renames: dict[str, str]) -> None:
    assert renames_of(yaml(text)) == renames
