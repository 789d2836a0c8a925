"""`rollback`: exactly what the promotion changed, back again, with a hold in the same change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository

CONFIG = """\
version: 1
layouts: ["apps/{app}/overlays/{env}"]
environments: {dev: {}, prod: {from: [dev]}}
promote: {values: [{file: config.yaml, keys: ["features.*"]}], files: ["dash/**"]}
"""
DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n"
    "    spec:\n      containers:\n      - name: web\n        image: shop/web:0.1.0\n"
)
PROD = "apps/web/overlays/prod"
SITE, VALUES = f"{PROD}/kustomization.yaml", f"{PROD}/config.yaml"
DASH = f"{PROD}/dash/d.json"


def overlay(tag: str) -> str:
    return f"resources: [../../base]\nimages:\n- name: shop/web\n  newTag: '{tag}' # pinned\n"


@pytest.fixture
def shop(repository: Repository) -> Repository:
    """1.0.0 in both environments, then 1.1.0 in production with a value and a file more."""
    repository.commit(
        {
            ".gitops-ci.yaml": CONFIG,
            "apps/web/base/kustomization.yaml": "resources: [web.yaml]\n",
            "apps/web/base/web.yaml": DEPLOYMENT,
            "apps/web/overlays/dev/kustomization.yaml": overlay("1.0.0"),
            SITE: overlay("1.0.0"),
            VALUES: "features:\n  a: true # x\nreplicas: 1\n",
        }
    )
    repository.commit(
        {
            SITE: overlay("1.1.0"),
            VALUES: "features:\n  a: false # x\n  b: 2\nreplicas: 1\n",
            DASH: "{}\n",
        }
    )
    return repository


def rollback(shop: Repository, *words: str, code: int = 0) -> dict[str, Any]:
    ended = gitops_ci(shop.root, "rollback", "--env", "prod", *words, "--format", "json")
    assert ended.code == code, ended.err + ended.out
    made: dict[str, Any] = json.loads(ended.out)
    return made


def test_the_change_goes_back_byte_by_byte_and_what_came_since_stays(shop: Repository) -> None:
    shop.commit({VALUES: "features:\n  a: false # x\n  b: 2\nreplicas: 5\n", "note": "x"})
    made = rollback(shop, "--write", "--reason", "checkout broke", "--by", "bob")
    assert {(m["name"], m["from"], m["to"]) for m in made["moves"] if m["name"]} == {
        ("docker.io/shop/web", "1.1.0", "1.0.0")
    }
    assert (shop.root / SITE).read_text() == overlay("1.0.0")
    assert (shop.root / VALUES).read_text() == "features:\n  a: true # x\nreplicas: 5\n"
    assert not (shop.root / DASH).exists()
    assert (shop.root / ".gitops-ci/holds.yaml").read_text() == (
        "- environment: prod\n  app: web\n  version: docker.io/shop/web 1.1.0\n"
        "  reason: checkout broke\n  by: bob\n  until: until-newer\n"
    )
    assert made["holds"][0]["versions"] == ["docker.io/shop/web 1.1.0"]


def test_going_back_twice_does_not_go_back_further(shop: Repository) -> None:
    rollback(shop, "--write")
    status = shop.git("status", "--porcelain")
    assert rollback(shop, "--write")["moves"] == []
    assert shop.git("status", "--porcelain") == status
    shop.commit()
    again = rollback(shop, "--app", "web", "--write")
    assert again["moves"] == []
    assert "went back already" in again["left"][0]["reason"]
    assert shop.git("status", "--porcelain") == ""


def test_what_is_printed_written_and_proposed_is_the_same(shop: Repository) -> None:
    printed = rollback(shop)
    assert shop.git("status", "--porcelain") == ""
    proposed = rollback(shop, "--pr")
    (proposal,) = proposed["proposals"]
    branch = "gitops-ci/rollback/prod/web"
    assert (proposal["branch"], proposal["outcome"]) == (branch, "created")
    assert "Rolls back web in prod." in proposal["body"]
    assert printed["diff"] == proposed["diff"]
    (shop.root / "patch").write_text(printed["diff"])
    shop.git("apply", "--index", "patch")
    (shop.root / "patch").unlink()
    assert shop.git("diff", "--cached", branch) == ""
    message = shop.git("log", "-1", "--format=%B", branch)
    assert "Gitops-CI-Hold: prod web until something newer than 1.1.0" in message
    assert "Gitops-CI-Version: docker.io/shop/web 1.1.0 1.0.0" in message
    assert rollback(shop, "--pr")["proposals"][0]["outcome"] == "unchanged"


@pytest.mark.parametrize(
    ("to", "version"),
    [
        ("1.0.0", "1.0.0"),
        ("HEAD~2", "1.0.0"),
        ("1.1.0", "1.1.0"),
        ("2023-11-14T22:13:21Z", "1.0.0"),
    ],
)
def test_a_version_a_commit_or_a_time_names_the_state(
    shop: Repository, to: str, version: str
) -> None:
    shop.commit({SITE: overlay("1.2.0")})
    (pin,) = [m for m in rollback(shop, "--to", to)["moves"] if m["name"]]
    assert (pin["from"], pin["to"]) == ("1.2.0", version)


@pytest.mark.parametrize("to", ["9.9.9", "2001-01-01", "side"])
def test_a_state_that_did_not_stand_there_is_refused(shop: Repository, to: str) -> None:
    shop.git("switch", "--quiet", "-c", "side")
    shop.commit({"elsewhere": "x"})
    shop.git("switch", "--quiet", "main")
    made = rollback(shop, "--app", "web", "--to", to, code=1)
    assert made["refused"]


def test_how_long_it_holds_can_be_said(shop: Repository) -> None:
    assert rollback(shop, "--until", "manual")["holds"][0]["until"] == "manual"
    assert rollback(shop, "--until", "48h")["holds"][0]["until"].endswith("Z")
    without = rollback(shop, "--until", "no")
    assert without["holds"] == []
    assert "holds.yaml" not in without["diff"]


def test_going_forward_again_holds_nothing(shop: Repository) -> None:
    rollback(shop, "--write")
    shop.commit()
    made = rollback(shop, "--to", "1.1.0")
    assert made["moves"]
    assert made["holds"] == []


def test_what_a_base_gives_to_several_environments_is_not_changed(repository: Repository) -> None:
    base = "apps/web/base/web.yaml"
    plain = "resources: [../../base]\n"
    repository.commit(
        {
            ".gitops-ci.yaml": CONFIG,
            "apps/web/base/kustomization.yaml": "resources: [web.yaml]\n",
            base: DEPLOYMENT,
            "apps/web/overlays/dev/kustomization.yaml": plain,
            SITE: plain,
        }
    )
    repository.commit({base: DEPLOYMENT.replace("0.1.0", "0.2.0")})
    made = rollback(repository, "--write")
    assert repository.git("status", "--porcelain", "--", base) == ""
    assert "newTag: 0.1.0" in (repository.root / SITE).read_text()
    assert len(made["moves"]) == 1


def test_an_entry_that_the_change_added_goes_again(shop: Repository) -> None:
    plain = "resources: [../../base]\n"
    shop.commit({SITE: plain})
    shop.commit({SITE: "resources: [../../base]\nimages:\n- name: shop/web\n  newTag: 2.0.0\n"})
    rollback(shop, "--write")
    assert (shop.root / SITE).read_text() == plain


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--env", "prdo"), "did you mean prod?"),
        ((), "which environment goes back?"),
        (("--env", "prod", "--app", "wep"), "did you mean web?"),
        (("--env", "prod", "--to", "2026-13-01"), "no date"),
        (("--env", "prod", "--until", "soon"), "no date or time"),
        (("--env", "prod", "--write", "--pr"), "give one of them"),
    ],
)
def test_what_cannot_be_meant_ends_with_2(
    shop: Repository, words: tuple[str, ...], said: str
) -> None:
    ended = gitops_ci(shop.root, "rollback", *words)
    assert ended.code == 2
    assert said in ended.err
