from __future__ import annotations

import time

import pytest

from gitops_ci.config.globs import PatternError
from gitops_ci.config.layout import fill, layout

MATCHING = [
    ("apps/{app}/overlays/{env}", "apps/shop/overlays/prod", {"app": "shop", "env": "prod"}, ""),
    (
        "apps/{app}/overlays/{env}",
        "apps/a/overlays/b/c/d.yaml",
        {"app": "a", "env": "b"},
        "c/d.yaml",
    ),
    (
        "clusters/{env}/{cluster}/{app}",
        "clusters/p/eu/web",
        {"env": "p", "cluster": "eu", "app": "web"},
        "",
    ),
    ("apps/{app}/values-{env}.yaml", "apps/a/values-prod.yaml", {"app": "a", "env": "prod"}, ""),
    ("components/{app}/*/staging", "components/a/x/staging/k.yaml", {"app": "a"}, "k.yaml"),
    ("**/{env}", "x/y/prod", {"env": "x"}, "y/prod"),
    ("a/**/{app}/base", "a/base/x/y/web/base/f", {"app": "web"}, "f"),
    ("a/**/{app}/base", "a/web/base", {"app": "web"}, ""),
    ("{app}/**", "web/x/y", {"app": "web"}, ""),
    ("{env}/{app}/{env}", "p/a/p", {"env": "p", "app": "a"}, ""),
    ("{app}-{env}", "cart-api-prod", {"app": "cart-api", "env": "prod"}, ""),
    ("plain/dir", "plain/dir/x", {}, "x"),
    ("{app}/", "web", {"app": "web"}, ""),
]
SILENT = [
    ("apps/{app}/overlays/{env}", "apps/shop/overlays"),
    ("apps/{app}/overlays/{env}", "x/apps/shop/overlays/prod"),
    ("apps/{app}/values-{env}.yaml", "apps/a/values.yaml"),
    ("{env}/{app}/{env}", "p/a/q"),
    ("{app}/x", "a/b/x"),
    ("a.c/{app}", "abc/web"),
]


@pytest.mark.parametrize(("text", "path", "values", "rest"), MATCHING)
def test_matches(text: str, path: str, values: dict[str, str], rest: str) -> None:
    placed = layout(text).place(path)
    assert placed is not None
    assert (placed.values, placed.rest) == (values, rest)
    assert f"{placed.base}/{rest}".rstrip("/") == path
    assert layout(text).match(path) == values
    assert layout(text).match(path, exact=True) == (None if rest else values)


@pytest.mark.parametrize(("text", "path"), SILENT)
def test_does_not_match(text: str, path: str) -> None:
    assert layout(text).match(path) is None


def test_known_values_decide_where_a_segment_is_split() -> None:
    known = {"env": ["prod", "prod-eu"]}
    assert layout("{app}-{env}", {"env": ["prod-eu"]}).match("web-prod-eu") == {
        "app": "web",
        "env": "prod-eu",
    }
    assert layout("{env}/{app}", known).match("prod-eu/a") == {"env": "prod-eu", "app": "a"}
    assert layout("{env}/{app}", known).match("dev/a") is None
    assert layout("{env}/{app}", {"env": []}).match("dev/a") is None


@pytest.mark.parametrize(
    "text",
    ["", "/", "{ap}/x", "{}/x", "{app", "app}", "{app}{env}", "{app}-{env}-{region}-{group}", "[a"],
)
def test_refuses_what_means_nothing(text: str) -> None:
    with pytest.raises(PatternError):
        layout(text)


def test_names_are_listed_in_order() -> None:
    assert layout("{env}/{app}/{env}").names == ("env", "app")


def test_fills_in_what_is_known() -> None:
    assert fill("{app}/{env}", {"app": "web"}) == "web/{env}"
    assert fill("envs/{env}.yaml?", {"env": "a{app}"}) == "envs/a{app}.yaml?"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{app}-{env}-{region}x", "-" * 255),
        ("{app}-{env}-{region}x", "-" * 100_000),
        ("**/a/{app}/**/a/{env}/**/b", "a/" * 1000),
    ],
)
def test_hostile_paths_cost_little(text: str, path: str) -> None:
    start = time.process_time()
    assert layout(text).match(path) is None
    assert time.process_time() - start < 2
