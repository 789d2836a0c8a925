"""`status` on repositories with a history."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository

CONFIG = """\
version: 1
layouts: ["apps/{app}/{env}"]
environments: {dev: {}, staging: {from: [dev]}, prod: {from: [staging]}}
gates: {prod: {soak: 20000d}}
"""


def tag(version: str, app: str = "web") -> str:
    return f"images:\n- name: shop/{app}\n  newTag: '{version}'\n"


def files(app: str, dev: str = "", staging: str = "", prod: str = "") -> dict[str, str]:
    versions = {"dev": dev, "staging": staging, "prod": prod}
    return {
        f"apps/{app}/{env}/kustomization.yaml": tag(version, app)
        for env, version in versions.items()
        if version
    }


@pytest.fixture
def shop(repository: Repository) -> Repository:
    repository.commit(
        {
            ".gitops-ci.yaml": CONFIG,
            **files("web", "1.0.0", "1.0.0", "1.0.0"),
            **files("cart", "1.0.0", "1.0.0", "1.5.0"),
            **files("new", "0.1.0"),
        }
    )
    repository.commit(files("web", staging="1.1.0", dev="1.1.0"))
    repository.commit(files("web", dev="1.2.0"))
    return repository


def cells(shop: Repository, *words: str) -> dict[str, dict[str, Any]]:
    ended = gitops_ci(shop.root, "status", "--format", "json", *words)
    assert ended.code == 0, ended.err
    return {f"{c['environment']}/{c['app']}": c for c in json.loads(ended.out)["cells"]}


def test_every_cell_says_how_it_stands(shop: Repository) -> None:
    told = cells(shop)
    assert {name: cell["state"] for name, cell in told.items()} == {
        "dev/web": "first", "staging/web": "behind", "prod/web": "behind",
        "dev/cart": "first", "staging/cart": "level", "prod/cart": "ahead",
        "dev/new": "first", "staging/new": "absent", "prod/new": "alone",
    }  # fmt: skip
    assert told["staging/web"]["coming"] == ["1.2.0"]
    assert told["staging/web"]["waits"] == []
    assert told["prod/web"]["coming"] == ["1.1.0"]
    assert told["prod/web"]["waits"][0].startswith("soak: ")
    assert told["prod/web"]["commit"] != told["staging/web"]["commit"]


def test_what_is_ahead_may_go_back_to_its_source(shop: Repository) -> None:
    offer = cells(shop)["prod/cart"]["offer"]
    assert offer == "gitops-ci promote --from prod --to staging --app cart"
    assert f": `{offer}` brings it back" in gitops_ci(shop.root, "status").out


def test_each_app_of_a_group_is_told_its_own_version(shop: Repository) -> None:
    shop.commit({".gitops-ci.yaml": CONFIG + "groups: {shop: {apps: [web, cart], atomic: true}}\n"})
    assert cells(shop)["staging/web"]["coming"] == ["1.2.0"]


def test_the_same_repository_gives_the_same_status(shop: Repository) -> None:
    assert cells(shop) == cells(shop)
    assert shop.git("status", "--porcelain") == ""


def test_holds_and_freezes_are_told(shop: Repository) -> None:
    gitops_ci(shop.root, "rollback", "--env", "staging", "--app", "web", "--write")
    gitops_ci(shop.root, "freeze", "--env", "prod", "--reason", "sale", "--write")
    shop.commit()
    told = cells(shop, "--app", "web")
    assert told["staging/web"]["held"]["versions"] == ["docker.io/shop/web 1.1.0"]
    assert told["prod/web"]["state"] == "level"
    text = gitops_ci(shop.root, "status").out
    assert "prod is frozen until somebody lifts it: sale" in text


def test_it_is_written_in_several_forms_at_once(shop: Repository) -> None:
    words = ("--output", "html=out.html", "--output", "markdown=out.md")
    assert gitops_ci(shop.root, "status", *words).code == 0
    assert (shop.root / "out.html").read_text().startswith("<!doctype html>")
    assert (shop.root / "out.md").read_text().startswith("## Environments")


def test_without_a_history_ages_are_unknown(shop: Repository) -> None:
    import shutil

    shutil.rmtree(shop.root / ".git")
    ended = gitops_ci(shop.root, "status")
    assert ended.code == 0
    assert "there is no git history here" in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--env", "prdo"), "did you mean prod?"),
        (("--app", "wep"), "did you mean web?"),
        (("--output", "pdf=x"), "write FORMAT=PATH"),
        (("--output", "html"), "write FORMAT=PATH"),
    ],
)
def test_what_cannot_be_meant_ends_with_2(
    shop: Repository, words: tuple[str, ...], said: str
) -> None:
    ended = gitops_ci(shop.root, "status", *words)
    assert ended.code == 2
    assert said in ended.err
