"""What moves, what stays, what is refused: one table row or test for each situation."""

from __future__ import annotations

import pytest

from gitops_ci.model.errors import UsageError
from tests.unit.promote.build import deployment, images
from tests.unit.promote.places import THREE, Files
from tests.unit.promote.scene import Scene, configured, joined, told

SOAK = THREE + "gates: {staging: {soak: 100s}, prod: {soak: 100s}}\n"


def web(environment: str, version: str, app: str = "web") -> Files:
    path = f"apps/{app}/overlays/{environment}/kustomization.yaml"
    return {path: images(f"shop/{app}", version) if version else ""}


def one(config: str, *parts: Files) -> Scene:
    return Scene((1, configured(config, joined(*parts))))


def test_a_newer_version_moves_and_nothing_else_does() -> None:
    scene = one(THREE, web("dev", "1.2.0"), web("staging", "1.1.0"), web("prod", "1.1.0"))
    plan = scene.plan("dev", "staging")
    assert told(plan) == {"moves": ["staging/web web 1.1.0 1.2.0"]}
    assert scene.after(plan) == {
        "apps/web/overlays/staging/kustomization.yaml": images("shop/web", "1.2.0")
    }
    assert "dev since 1970-01-01 00:00 UTC (c0)" in plan.moves[0].why


def test_without_names_every_edge_of_the_graph_is_planned() -> None:
    scene = one(THREE, web("dev", "1.2.0"), web("staging", "1.1.0"), web("prod", "1.0.0"))
    moves = ["staging/web web 1.1.0 1.2.0", "prod/web web 1.0.0 1.1.0"]
    assert told(scene.plan()) == {"moves": moves}
    assert told(scene.plan(target="prod")) == {"moves": moves[1:]}
    assert told(scene.plan(source="dev")) == {"moves": moves[:1]}


def test_doing_it_again_changes_nothing() -> None:
    first = one(THREE, web("dev", "2"), web("staging", "1"))
    done = Scene((1, {**first.files, **first.after(first.plan("dev", "staging"))}))
    assert told(done.plan("dev", "staging")) == {"done": ["staging/web"]}


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("1.1.0", "1.2.0", "stands at 1.2.0, which is newer than 1.1.0 of dev"),
        ("1.1.0-rc.1", "1.1.0", "stands at 1.1.0, which is newer than 1.1.0-rc.1 of dev"),
    ],
)
def test_a_target_that_is_ahead_stays_and_the_way_back_is_offered(
    source: str, target: str, reason: str
) -> None:
    scene = one(THREE, web("dev", source), web("staging", target))
    plan = scene.plan("dev", "staging")
    assert told(plan) == {"left": [f"staging/web: {reason}"]}
    assert (plan.left[0].ahead, plan.left[0].hint) == (
        True,
        "gitops-ci promote --from staging --to dev --app web",
    )
    back = scene.plan("staging", "dev", apps=["web"])
    assert told(back) == {"moves": [f"dev/web web {source} {target}"]}


def test_what_the_source_got_later_is_newer_also_where_versions_do_not_compare() -> None:
    a, b, c = "a" * 40, "b" * 40, "c" * 40
    scene = Scene(
        (1, configured(SOAK, joined(web("dev", a), web("staging", a)))),
        (200, joined(web("dev", b), web("staging", c))),
        (400, joined(web("dev", c))),
        (440, joined(web("dev", "d" * 40))),
    )
    plan = scene.plan("dev", "staging", now=450)
    assert told(plan) == {}
    assert [item.candidate for item in plan.chosen] == [None]
    group = SOAK + "groups: {shop: {apps: [web, api], atomic: true}}\n"
    both = joined(
        web("dev", b), web("dev", "1", "api"), web("staging", a), web("staging", "0", "api")
    )
    scene = Scene((1, configured(group, both)), (200, {**web("dev", c), **web("staging", c)}))
    older = scene.plan("dev", "staging", now=250)
    assert f"stands at {c}, which dev got after {b}" in told(older)["left"][0]
    assert [move.older for move in older.moves] == [False]
    named = scene.plan("dev", "staging", now=250, version=b)
    assert sorted((move.app, move.older) for move in named.moves) == [("api", False), ("web", True)]


def test_the_newest_version_that_stood_long_enough_moves() -> None:
    scene = Scene(
        (0, configured(SOAK, joined(web("dev", "1"), web("staging", "1")))),
        (100, web("dev", "2")),
        (250, web("dev", "3")),
        (300, web("dev", "4")),
    )
    plan = scene.plan("dev", "staging", now=350)
    assert told(plan) == {"moves": ["staging/web web 1 2"]}
    (chosen,) = plan.chosen
    assert [candidate.epoch.versions() for candidate in chosen.passed] == [("4",), ("3",)]
    assert chosen.passed[0].verdicts[0].until is not None
    assert told(scene.plan("dev", "staging", now=400)) == {"moves": ["staging/web web 1 4"]}


def test_newest_means_newest_and_says_what_the_gate_says() -> None:
    config = SOAK + "promote: {candidate: newest}\n"
    scene = Scene(
        (0, configured(config, joined(web("dev", "1"), web("staging", "1")))),
        (100, web("dev", "2")),
    )
    plan = scene.plan("dev", "staging", now=101)
    assert told(plan) == {"moves": ["staging/web web 1 2"]}
    candidate = plan.chosen[0].candidate
    assert candidate is not None
    assert not candidate.eligible


def test_a_version_that_the_source_went_back_from_is_no_candidate() -> None:
    scene = Scene(
        (0, configured(SOAK, joined(web("dev", "1"), web("staging", "1")))),
        (100, web("dev", "2")),
        (300, web("dev", "1")),
    )
    plan = scene.plan("dev", "staging", now=500)
    assert told(plan) == {"done": ["staging/web"]}
    asked = scene.plan("dev", "staging", now=500, version="2")
    assert told(asked) == {"moves": ["staging/web web 1 2"]}


def test_a_source_that_was_reverted_during_its_soak_moves_what_it_went_back_to() -> None:
    scene = Scene(
        (0, configured(SOAK, joined(web("dev", "2"), web("staging", "1")))),
        (50, web("dev", "3")),
        (60, web("dev", "2")),
    )
    assert told(scene.plan("dev", "staging", now=100)) == {}
    assert told(scene.plan("dev", "staging", now=160)) == {"moves": ["staging/web web 1 2"]}


def test_a_version_by_name_is_found_where_the_source_left_it() -> None:
    commit = "f00d" * 10
    scene = Scene(
        (0, configured(THREE, joined(web("dev", commit), web("staging", "1")))),
        (100, web("dev", "beef" * 10)),
    )
    for text in (commit, commit[:8], f"shop/web:{commit}"):
        plan = scene.plan("dev", "staging", version=text)
        assert told(plan) == {"moves": [f"staging/web web 1 {commit}"]}
    with pytest.raises(UsageError, match=r"1\.9 has not stood in dev"):
        scene.plan("dev", "staging", version="1.9")
    plan = scene.plan("dev", "staging", version="1.9", apps=["web"])
    assert told(plan) == {
        "refused": ["staging/web: 1.9 has not stood in dev, as far as its history goes"]
    }


def test_a_new_app_is_refused_with_a_hint_where_somebody_asks_for_it() -> None:
    scene = one(THREE, web("dev", "1"), web("dev", "1", "api"), web("staging", "1", "api"))
    assert "`--app web --scaffold`" in scene.plan("dev", "staging").left[0].reason
    plan = scene.plan("dev", "staging", apps=["web"])
    assert told(plan) == {"refused": ["staging/web: web is new in staging"]}
    assert "--scaffold" in plan.refused[0].hint


def test_what_the_source_lacks_stays() -> None:
    extra = {"apps/web/overlays/staging/extra.yaml": deployment("shop/extra:1", "extra")}
    scene = one(THREE, web("dev", "2"), web("staging", "1"), extra, web("staging", "1", "old"))
    plan = scene.plan("dev", "staging")
    assert told(plan) == {
        "moves": ["staging/web web 1 2"],
        "left": ["staging/old: old is not in dev, so nothing comes from there"],
    }


def test_one_image_in_two_versions_is_matched_by_its_place_or_refused() -> None:
    def both(environment: str, canary: str, stable: str, other: str = "stable") -> Files:
        at = f"apps/web/overlays/{environment}"
        return {
            f"{at}/canary.yaml": deployment(f"shop/web:{canary}", "canary"),
            f"{at}/{other}.yaml": deployment(f"shop/web:{stable}", other),
        }

    scene = one(THREE, both("dev", "3", "2"), both("staging", "2", "1"))
    assert told(scene.plan("dev", "staging")) == {
        "moves": ["staging/web web 2 3", "staging/web web 1 2"]
    }
    scene = one(THREE, both("dev", "3", "2"), both("staging", "2", "1", "main"))
    plan = scene.plan("dev", "staging")
    dev = "apps/web/overlays/dev"
    stands = f"stands in dev at 2 ({dev}/stable.yaml) and 3 ({dev}/canary.yaml)"
    assert told(plan) == {"refused": [f"staging/web: docker.io/shop/web {stands}"]}
    assert not plan.edits


def test_the_registry_of_each_environment_stays() -> None:
    def regional(registry: str, version: str) -> str:
        entry = f"images:\n- name: web\n  newName: {registry}/shop/web\n"
        return f"{entry}  newTag: {version}\n"

    path = "apps/web/overlays/{}/kustomization.yaml"
    files = {
        path.format("dev"): regional("eu.example", "2"),
        path.format("staging"): regional("us.example", "1"),
    }
    scene = one(THREE, files)
    plan = scene.plan("dev", "staging")
    assert scene.after(plan) == {path.format("staging"): regional("us.example", '"2"')}


def test_a_tag_and_the_ref_that_it_was_built_from_move_together() -> None:
    old, new = "a" * 40, "b" * 40

    def overlay(ref: str, tag: str) -> str:
        return (
            f"resources:\n- https://github.com/o/web/config?ref={ref}\n"
            f"images:\n- name: quay.io/o/web\n  newTag: {tag}\n"
        )

    path = "apps/web/overlays/{}/kustomization.yaml"
    for ref in (new, "main"):
        files = {path.format("dev"): overlay(ref, new), path.format("staging"): overlay(old, old)}
        scene = one(THREE, files)
        assert scene.after(scene.plan("dev", "staging")) == {
            path.format("staging"): overlay(new, new)
        }
    files = {path.format("dev"): overlay(new, new), path.format("staging"): overlay("main", old)}
    scene = one(THREE, files)
    assert scene.after(scene.plan("dev", "staging")) == {
        path.format("staging"): overlay("main", new)
    }


def test_an_entry_that_the_target_lacks_is_added() -> None:
    base = {
        "apps/web/base/kustomization.yaml": "resources: [web.yaml]\n",
        "apps/web/base/web.yaml": deployment("shop/web:1.0"),
    }
    inheriting = {"apps/web/overlays/staging/kustomization.yaml": "resources: [../../base]\n"}
    scene = one(THREE, base, web("dev", "1.1"), inheriting)
    plan = scene.plan("dev", "staging")
    assert told(plan) == {"moves": ["staging/web web 1.0 1.1"]}
    assert scene.after(plan) == {
        "apps/web/overlays/staging/kustomization.yaml": (
            'resources: [../../base]\nimages:\n- name: shop/web\n  newTag: "1.1"\n'
        )
    }
    same = one(THREE, base, web("dev", "1.0"), inheriting)
    assert told(same.plan("dev", "staging")) == {"done": ["staging/web"]}
    newer = {**base, "apps/web/base/web.yaml": deployment("shop/web:1.5.0")}
    ahead = one(THREE, newer, web("dev", "1.1.0"), inheriting).plan("dev", "staging")
    assert ahead.left[0].ahead


def test_a_digest_without_its_counterpart_is_refused() -> None:
    digest = "sha256:" + "a" * 64
    files = {"apps/web/overlays/staging/w.yaml": deployment(f"shop/web:1@{digest}")}
    scene = one(THREE, web("dev", "2"), files)
    plan = scene.plan("dev", "staging")
    assert told(plan) == {"refused": ["staging/web: a digest has to be written and none is given"]}
    assert plan.refused[0].location is not None
    assert plan.refused[0].location.line > 1


def test_an_atomic_group_moves_as_a_whole_or_not_at_all() -> None:
    config = THREE + "groups: {shop: {apps: [web, api], atomic: true}}\n"
    both = joined(web("dev", "2"), web("dev", "2", "api"))
    scene = one(config, both, web("staging", "1"), web("staging", "1", "api"))
    assert told(scene.plan("dev", "staging", apps=["web"])) == {
        "moves": ["staging/api api 1 2", "staging/web web 1 2"]
    }
    scene = one(config, both, web("staging", "1"))
    assert told(scene.plan("dev", "staging")) == {"refused": ["staging/api: api is new in staging"]}
    extra = {"apps/web/overlays/dev/more.yaml": deployment("shop/more:1", "more")}
    scene = one(config, both, extra, web("staging", "1"), web("staging", "1", "api"))
    assert told(scene.plan("dev", "staging")) == {
        "refused": ["staging/web: dev has docker.io/shop/more, and there is no place for it here"]
    }


def test_a_group_takes_a_set_that_stood_together() -> None:
    config = SOAK + "groups: {shop: {apps: [web, api], atomic: true}}\n"
    low = joined(web("staging", "1"), web("staging", "1", "api"))
    scene = Scene(
        (0, configured(config, joined(web("dev", "2"), web("dev", "2", "api"), low))),
        (150, web("dev", "3")),
        (200, web("dev", "3", "api")),
    )
    assert told(scene.plan("dev", "staging", now=260)) == {
        "moves": ["staging/api api 1 2", "staging/web web 1 2"]
    }


def test_a_batch_that_was_merged_by_half_goes_on() -> None:
    config = THREE + "groups: {shop: {apps: [web, api], atomic: true}}\n"
    scene = one(
        config,
        web("dev", "2"),
        web("dev", "2", "api"),
        web("staging", "2"),
        web("staging", "1", "api"),
    )
    assert told(scene.plan("dev", "staging")) == {
        "moves": ["staging/api api 1 2"],
        "done": ["staging/web"],
    }


FAN = """\
version: 1
layouts: ["apps/{app}/overlays/{env}"]
environments: {qa: {}, perf: {}, prod: {from: SOURCES}}
gates: {prod: {soak: 10s}}
"""


def test_a_version_has_to_have_stood_in_all_sources() -> None:
    config = FAN.replace("SOURCES", "[qa, perf]")
    first = joined(web("qa", "2"), web("perf", "1"), web("prod", "1"))
    scene = Scene((0, configured(config, first)))
    plan = scene.plan(target="prod")
    assert told(plan) == {}
    assert "has not stood in perf" in plan.chosen[0].passed[0].verdicts[1].text
    later = Scene((0, configured(config, first)), (50, web("perf", "2")), (70, web("perf", "3")))
    assert told(later.plan(target="prod")) == {"moves": ["prod/web web 1 2"]}


def test_every_app_of_a_group_has_to_have_stood_in_all_sources() -> None:
    config = FAN.replace("SOURCES", "[qa, perf]")
    config += "groups: {shop: {apps: [web, api], atomic: true}}\n"
    low = joined(web("perf", "2"), web("prod", "1"), web("prod", "1", "api"))
    first = joined(web("qa", "2"), web("qa", "2", "api"), low)
    scene = Scene((0, configured(config, first)))
    assert told(scene.plan(target="prod")) == {}
    later = Scene((0, configured(config, first)), (50, web("perf", "2", "api")))
    assert told(later.plan(target="prod")) == {"moves": ["prod/api api 1 2", "prod/web web 1 2"]}


def test_one_of_several_sources_is_enough() -> None:
    config = FAN.replace("SOURCES", "{any: [qa, perf]}")
    scene = one(config, web("qa", "1.1.0"), web("perf", "1.2.0"), web("prod", "1.0.0"))
    assert told(scene.plan(target="prod")) == {"moves": ["prod/web web 1.0.0 1.2.0"]}
    scene = one(config, web("perf", "1.2.0"), web("prod", "1.0.0"))
    assert told(scene.plan(target="prod")) == {"moves": ["prod/web web 1.0.0 1.2.0"]}


CLUSTERS = """\
version: 1
layouts: ["c/{env}/{cluster}/{app}"]
environments: {dev: {}, prod: {from: [dev], waves: WAVES}}
clusters: [{name: eu, environment: prod}, {name: us, environment: prod}]
"""


def on(environment: str, cluster: str, version: str) -> Files:
    own = f"{deployment(f'shop/web:{version}')}  replicas: {len(cluster)}\n"
    return {f"c/{environment}/{cluster}/web/w.yaml": own}


@pytest.mark.parametrize("waves", ["[{clusters: [eu]}, {percent: 100}]", "[{percent: 10}]"])
def test_clusters_take_a_version_in_waves(waves: str) -> None:
    config = CLUSTERS.replace("WAVES", waves)
    scene = one(config, on("dev", "d", "2"), on("prod", "us", "1"), on("prod", "eu", "1"))
    plan = scene.plan("dev", "prod")
    assert told(plan) == {
        "moves": ["prod/web/cluster=eu web 1 2"],
        "left": ["prod/web/cluster=us: waits for cluster=eu, which is in an earlier wave"],
    }
    scene = one(config, on("dev", "d", "2"), on("prod", "us", "1"), on("prod", "eu", "2"))
    assert told(scene.plan("dev", "prod"))["moves"] == ["prod/web/cluster=us web 1 2"]


def test_the_next_wave_waits_for_the_soak_of_the_one_before() -> None:
    config = CLUSTERS.replace("WAVES", "[{clusters: [eu]}, {percent: 100}]")
    config += "gates: {prod: {soak: 100s}}\n"
    low = joined(on("dev", "d", "2"), on("prod", "us", "1"), on("prod", "eu", "1"))
    scene = Scene((0, configured(config, low)), (200, on("prod", "eu", "2")))
    assert "the wave before it" in told(scene.plan("dev", "prod", now=250))["left"][0]
    assert told(scene.plan("dev", "prod", now=300))["moves"] == ["prod/web/cluster=us web 1 2"]


def test_clusters_of_the_source_have_to_agree() -> None:
    config = CLUSTERS.replace("WAVES", "[]")
    scene = one(config, on("dev", "a", "2"), on("dev", "b", "3"), on("prod", "eu", "1"))
    assert (
        "stands in dev at 2 (c/dev/a/web/w.yaml) and 3"
        in told(scene.plan("dev", "prod"))["refused"][0]
    )
    same = one(config, on("dev", "eu", "2"), on("dev", "us", "3"), on("prod", "eu", "1"))
    assert told(same.plan("dev", "prod")) == {"moves": ["prod/web/cluster=eu web 1 2"]}


def test_a_file_that_two_environments_claim_is_refused() -> None:
    config = """\
version: 1
environments:
  dev: {paths: ["apps/{app}/dev"]}
  prod: {from: [dev], paths: ["apps/{app}/prod"]}
layouts: ["apps/*/{env}", "apps/*/*/{env}"]
"""
    files = {
        "apps/web/dev/w.yaml": deployment("shop/web:2"),
        "apps/web/prod/dev/w.yaml": deployment("shop/web:1"),
    }
    plan = one(config, files).plan("dev", "prod")
    assert told(plan) == {
        "refused": ["prod/web: apps/web/prod/dev/w.yaml belongs to prod and dev by the layouts"]
    }


def test_two_apps_in_one_file_do_not_take_each_others_changes() -> None:
    config = """\
version: 1
layouts: ["envs/{env}/values.yaml"]
environments: {dev: {}, prod: {from: [dev]}}
apps: {a: {images: [shop/a]}, b: {images: [shop/b]}}
"""
    text = "a: {image: 'shop/a:%s'}\nb: {image: 'shop/b:%s'}\n"
    files = {"envs/dev/values.yaml": text % ("2", "2"), "envs/prod/values.yaml": text % ("1", "1")}
    scene = one(config, files)
    plan = scene.plan("dev", "prod", apps=["a"])
    assert scene.after(plan) == {"envs/prod/values.yaml": text % ("2", "1")}


def test_paths_limit_what_is_written() -> None:
    scene = one(THREE, web("dev", "2"), web("staging", "1"), web("dev", "2", "api"),
                web("staging", "1", "api"))  # fmt: skip
    assert told(scene.plan("dev", "staging", paths=["apps/api/**"])) == {
        "moves": ["staging/api api 1 2"]
    }


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("dve", "staging", "did you mean dev?"),
        ("dev", "dev", ""),
        ("", "dev", "from"),
        ("prod", "", "from"),
    ],
)
def test_edges_that_are_none_are_usage_errors(source: str, target: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        one(THREE, web("dev", "1")).plan(source, target)
    assert words in error.value.hint


def test_without_a_written_order_nothing_is_promoted() -> None:
    with pytest.raises(UsageError, match="needs the order"):
        one("version: 1\n", web("dev", "1"), web("prod", "1")).plan("dev", "prod")


def test_an_app_that_is_nowhere_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no app wbe") as error:
        one(THREE, web("dev", "1"), web("staging", "1")).plan("dev", "staging", apps=["wbe"])
    assert error.value.hint == "did you mean web?"


def test_peers_are_promoted_on_request() -> None:
    scene = one(THREE, web("dev", "2"), web("prod", "1"))
    assert told(scene.plan("dev", "prod")) == {"moves": ["prod/web web 1 2"]}
