"""Which place and slot everything has, so that environments can be compared."""

from __future__ import annotations

import pytest

from gitops_ci.promote.slots import Slot
from tests.unit.promote.build import deployment, images
from tests.unit.promote.places import CONFIG, THREE, Files, contents, place, sight

LISTS = """\
version: 1
environments: {dev: {}, prod: {from: [dev]}}
apps: {web: {images: ["shop/web"]}}
sites: [{file: "sets/{app}.yaml", select: "spec.items[env={env}]", keys: [tag]}]
"""
OWN_PATHS = """\
version: 1
environments:
  dev: {paths: ['a/{app}/develop']}
  prod: {paths: ['a/{app}/production/base'], from: [dev]}
"""


@pytest.mark.parametrize(
    ("config", "files"),
    [
        (THREE, {"apps/web/overlays/dev/k.yaml": deployment("shop/web:1")}),
        (
            THREE.replace("apps/{app}/overlays/{env}", "apps/{app}/{env}.yaml"),
            {"apps/web/dev.yaml": deployment("shop/web:1")},
        ),
        (
            THREE.replace("apps/{app}/overlays/{env}", "apps/{app}/values-{env}.yaml"),
            {"apps/web/values-dev.yaml": "image: {repository: shop/web, tag: '1'}\n"},
        ),
        (
            THREE.replace('"apps/{app}/overlays/{env}"', '"c/{env}/{app}/x", "c/{app}/*/{env}"'),
            {"c/web/eu/dev/k.yaml": deployment("shop/web:1")},
        ),
        (
            OWN_PATHS,
            {"a/web/develop/k.yaml": deployment("shop/web:1")},
        ),
        ("version: 1\n", {"web/overlays/dev/k.yaml": deployment("shop/web:1")}),
        ("version: 1\n", {"envs/dev/web/k.yaml": deployment("shop/web:1")}),
        ("version: 1\n", {"web/dev-tools/dev/k.yaml": deployment("shop/web:1")}),
    ],
)
def test_counterparts_have_the_same_slots(config: str, files: Files) -> None:
    twin = {
        path.replace("develop", "production/base")
        .replace("/dev/", "/prod/")
        .replace("/dev.", "/prod.")
        .replace("-dev.", "-prod."): text
        for path, text in files.items()
    }
    states = sight({CONFIG: config, **files, **twin}).states
    by_env = {found.environment: state for found, state in states.items()}
    assert set(by_env) == {"dev", "prod"}
    assert by_env["dev"].contents == by_env["prod"].contents
    assert {found.app for found in states} == {by_env["dev"].place.app}
    assert by_env["dev"].fingerprint == by_env["prod"].fingerprint


def test_elements_of_one_file_belong_to_several_environments() -> None:
    text = "spec:\n  items:\n  - {env: dev, tag: '2'}\n  - {env: prod, tag: '1'}\n"
    states = sight({CONFIG: LISTS, "sets/web.yaml": text}).states
    slots = {found: set(state.contents) for found, state in states.items()}
    assert slots[place("dev/web")] == slots[place("prod/web")]
    assert [pin.content for pin in states[place("dev/web")].pins] == ["2"]


def test_clusters_are_variants() -> None:
    config = THREE.replace("apps/{app}/overlays/{env}", "c/{env}/{cluster}/{app}")
    files = {f"c/prod/{name}/web/k.yaml": deployment("shop/web:1") for name in ("eu", "us")}
    states = sight({CONFIG: config, **files}).states
    assert list(states) == [place("prod/web/cluster=eu"), place("prod/web/cluster=us")]
    one, other = states.values()
    assert one.contents == other.contents


def test_a_slot_survives_moved_lines_and_other_items() -> None:
    one = "containers: [{name: a, image: 'shop/web:1'}, {name: b, image: 'shop/web:2'}]\n"
    other = (
        "\ncontainers:\n- {name: b, image: 'shop/web:2'}\n- {name: n, image: n:9}\n"
        "- {name: a, image: 'shop/web:1'}\n"
    )
    base = "apps/web/overlays/dev/values.yaml"
    first, second = (sight({CONFIG: THREE, base: text}).states for text in (one, other))
    kept = first[place("dev/web")].contents
    assert kept.items() < second[place("dev/web")].contents.items()


def test_what_never_moves_has_no_slot() -> None:
    rules = (
        "promote:\n  pins: {images: ['shop/*'], charts: false}\n"
        "  values: [{file: 'values*.yaml', keys: ['config.*', 'ingress.host']}]\n"
        "  files: ['boards/**']\n"
        "  never: {keys: [secret, 'proxy.image'], files: ['**/own.yaml']}\n"
    )
    values = (
        "config: {colour: red, host: dev.example, replicas: 3, secret: x}\n"
        "ingress: {host: a.example, path: /}\nproxy: {image: 'shop/proxy:1'}\n"
        "web: {image: 'shop/web:1'}\nother: {image: 'quay.io/other/web:1'}\n"
    )
    at = "apps/web/overlays/dev"
    files = {
        CONFIG: THREE + rules,
        f"{at}/values.yaml": values,
        f"{at}/own.yaml": values,
        f"{at}/boards/a.json": "{}",
        f"{at}/remote.yaml": "x: 1\n",
        f"{at}/kustomization.yaml": "resources: ['https://github.com/o/r/config?ref=main']\n"
        "helmCharts: [{name: c, repo: 'https://charts.example', version: 1.2.3}]\n",
    }
    state = sight(files).states[place("dev/web")]
    assert contents(state) == {
        "docker.io/shop/web": "1",
        "apps/web/overlays/{env}/values.yaml:0:config.colour": '"red"',
        "apps/web/overlays/{env}/values.yaml:0:ingress.host": '"a.example"',
        "apps/web/overlays/{env}/boards/a.json:": state.copies[0].content,
    }


def test_a_version_that_comes_from_a_base_is_what_runs() -> None:
    files = {
        CONFIG: THREE,
        "apps/web/base/kustomization.yaml": "resources: [web.yaml]\n",
        "apps/web/base/web.yaml": deployment("shop/web:1.5"),
        "apps/web/overlays/dev/kustomization.yaml": "resources: [../../base]\n",
        "apps/web/overlays/prod/kustomization.yaml": images("shop/web", "1.4"),
    }
    states = sight(files).states
    (dev,), (prod,) = states[place("dev/web")].pins, states[place("prod/web")].pins
    assert (dev.content, dev.inherited, prod.content, prod.inherited) == ("1.5", True, "1.4", False)


def test_an_app_is_told_by_its_images_where_files_are_shared() -> None:
    config = (
        "version: 1\nlayouts: ['envs/{env}/values.yaml']\nenvironments: {dev: {}}\n"
        "apps: {a: {images: [shop/a]}, b: {images: [shop/b]}}\n"
    )
    text = "a: {image: 'shop/a:1'}\nb: {image: 'shop/b:2'}\n"
    states = sight({CONFIG: config, "envs/dev/values.yaml": text}).states
    assert {str(found) for found in states} == {"dev/a", "dev/b"}


def test_a_slot_that_comes_twice_is_two_slots() -> None:
    text = "a:\n- {image: 'shop/web:1'}\n- {image: 'shop/web:2'}\n"
    state = sight({CONFIG: THREE, "apps/web/overlays/dev/values.yaml": text}).states[
        place("dev/web")
    ]
    assert sorted(state.contents.values()) == ["1", "2"]
    assert all(isinstance(slot, Slot) for slot in state.contents)
