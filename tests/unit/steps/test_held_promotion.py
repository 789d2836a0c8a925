"""What people decided keeps a promotion away: rollbacks, holds, freezes, downgrades by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository

CONFIG = """\
version: 1
layouts: ["apps/{app}/{env}"]
environments: {dev: {}, prod: {from: [dev]}}
"""
DEV, PROD = "apps/web/dev/kustomization.yaml", "apps/web/prod/kustomization.yaml"
HOLDS, FREEZE = ".gitops-ci/holds.yaml", ".gitops-ci/FREEZE"


def tag(version: str) -> str:
    return f"images:\n- name: shop/web\n  newTag: '{version}'\n"


@pytest.fixture
def shop(repository: Repository) -> Repository:
    """1.1.0 went from dev to prod."""
    repository.commit({".gitops-ci.yaml": CONFIG, DEV: tag("1.0.0"), PROD: tag("1.0.0")})
    repository.commit({DEV: tag("1.1.0")})
    repository.commit({PROD: tag("1.1.0")})
    return repository


def promote(shop: Repository, *words: str, **environ: str) -> dict[str, Any]:
    ended = gitops_ci(shop.root, "promote", "--to", "prod", "--format", "json", *words,
                      environ=environ)  # fmt: skip
    assert ended.code == 0, ended.err
    plan: dict[str, Any] = json.loads(ended.out)
    return plan


def moved(plan: dict[str, Any]) -> list[str]:
    return [move["to"] for move in plan["moves"]]


def test_a_rollback_stays_rolled_back_until_something_newer_comes(shop: Repository) -> None:
    gitops_ci(shop.root, "rollback", "--env", "prod", "--write")
    shop.commit()
    plan = promote(shop)
    assert moved(plan) == []
    (candidate,) = plan["candidates"][0]["passed"]
    assert candidate["gates"][0]["gate"] == "hold"
    shop.commit({DEV: tag("1.2.0")})
    assert moved(promote(shop)) == ["1.2.0"]


def test_it_moves_again_once_the_hold_is_lifted(shop: Repository) -> None:
    gitops_ci(shop.root, "rollback", "--env", "prod", "--write")
    shop.commit()
    gitops_ci(shop.root, "unhold", "--env", "prod", "--write")
    shop.commit()
    assert moved(promote(shop)) == ["1.1.0"]


def test_the_newest_is_not_taken_over_a_hold(shop: Repository) -> None:
    shop.commit({".gitops-ci.yaml": CONFIG + "promote: {candidate: newest}\n"})
    gitops_ci(shop.root, "rollback", "--env", "prod", "--write")
    shop.commit()
    assert moved(promote(shop)) == []


def test_a_downgrade_by_hand_holds_until_it_is_released(shop: Repository) -> None:
    shop.commit({PROD: tag("1.0.0")}, "by hand")
    plan = promote(shop)
    assert moved(plan) == []
    assert "went back from 1.1.0" in plan["candidates"][0]["passed"][0]["gates"][0]["text"]
    words = ("--env", "prod", "--app", "web", "--reason", "mended")
    gitops_ci(shop.root, "unhold", *words, "--version", "docker.io/shop/web 1.1.0", "--write")
    shop.commit()
    assert moved(promote(shop)) == ["1.1.0"]


def test_what_the_source_had_before_the_held_version_is_held_too(shop: Repository) -> None:
    for version in ("aaaaaaa", "bbbbbbb", "ccccccc"):
        shop.commit({DEV: tag(version)})
    text = "- environment: prod\n  app: web\n  version: ccccccc\n  reason: bad\n"
    shop.commit({HOLDS: text})
    assert moved(promote(shop)) == []
    shop.commit({DEV: tag("ddddddd")})
    assert moved(promote(shop)) == ["ddddddd"]


@pytest.mark.parametrize(
    ("files", "environ"),
    [
        ({FREEZE: "the sale\n"}, {}),
        ({FREEZE: "- environment: prod\n"}, {}),
        ({"note": ""}, {"GITOPS_CI_FREEZE": "prod"}),
    ],
)
def test_a_freeze_lets_nothing_in(
    shop: Repository, files: dict[str, str], environ: dict[str, str]
) -> None:
    shop.commit({DEV: tag("1.2.0"), **files})
    assert moved(promote(shop, **environ)) == []
    assert moved(promote(shop, "--pr", **environ)) == []


@pytest.mark.parametrize(
    ("files", "environ"),
    [
        ({FREEZE: "- environment: dev\n"}, {}),
        ({FREEZE: "- until: 2001-01-01\n"}, {}),
        ({"note": ""}, {"GITOPS_CI_FREEZE": "false"}),
        ({HOLDS: "- {environment: dev, reason: x, until: manual}\n"}, {}),
    ],
)
def test_what_is_about_something_else_keeps_nothing_away(
    shop: Repository, files: dict[str, str], environ: dict[str, str]
) -> None:
    shop.commit({DEV: tag("1.2.0"), **files})
    assert moved(promote(shop, **environ)) == ["1.2.0"]


@pytest.mark.parametrize(
    "files", [{HOLDS: "- app: web\n"}, {FREEZE: "environment: prdo\n"}, {HOLDS: "- [\n"}]
)
def test_a_faulty_file_stops_everything(shop: Repository, files: dict[str, str]) -> None:
    shop.commit(files)
    ended = gitops_ci(shop.root, "promote", "--to", "prod")
    assert ended.code == 2
    assert next(iter(files)) in ended.err


APART = """\
version: 1
environments: {dev: {paths: ["apps/{app}"]}, prod: {from: [dev], branch: live}}
layouts: ["apps/{app}"]
"""
PATH = "apps/web/kustomization.yaml"


@pytest.fixture
def apart(repository: Repository) -> Repository:
    """1.1.0 went from dev on main to prod on live."""
    repository.commit({".gitops-ci.yaml": APART, PATH: tag("1.0.0")})
    repository.git("branch", "live")
    repository.commit({PATH: tag("1.1.0")})
    merge(repository, gitops_ci(repository.root, "promote", "--pr", "--format", "json").out)
    return repository


def merge(repository: Repository, out: str, into: str = "live") -> None:
    (proposal,) = json.loads(out)["proposals"]
    repository.git("switch", "--quiet", into)
    repository.git("merge", "--quiet", "--ff-only", proposal["branch"])
    repository.git("switch", "--quiet", "main")


def test_a_hold_on_the_environments_own_branch_holds(apart: Repository) -> None:
    words = ("rollback", "--env", "prod", "--until", "manual", "--pr", "--format", "json")
    merge(apart, gitops_ci(apart.root, *words).out)
    assert apart.git("show", f"live:{PATH}").endswith("newTag: '1.0.0'")
    assert "manual" in apart.git("show", f"live:{HOLDS}")
    apart.commit({PATH: tag("1.2.0")})
    plan = promote(apart)
    assert (moved(plan), plan["candidates"][0]["passed"][0]["gates"][0]["gate"]) == ([], "hold")
    shown = gitops_ci(apart.root, "status", "--format", "json")
    assert '"held"' in shown.out
    assert '"until": "manual"' in shown.out

    printed = gitops_ci(apart.root, "unhold", "--env", "prod")
    assert "note: prod is held on its own, in branch live: use --pr" in printed.out
    lifted = gitops_ci(apart.root, "unhold", "--env", "prod", "--pr", "--format", "json")
    assert json.loads(lifted.out)["proposals"][0]["branch"] == "gitops-ci/unhold/prod/web-own"
    merge(apart, lifted.out)
    assert moved(promote(apart)) == ["1.2.0"]


def test_a_hold_on_another_environments_branch_holds_nothing(apart: Repository) -> None:
    stray = "- {environment: dev, app: '*', until: manual, reason: x}\n"
    apart.git("switch", "--quiet", "live")
    apart.commit({HOLDS: stray})
    apart.git("switch", "--quiet", "main")
    apart.commit({PATH: tag("1.2.0")})
    assert moved(promote(apart)) == ["1.2.0"]


def test_a_broken_file_of_holds_on_the_branch_stops_the_plan(apart: Repository) -> None:
    apart.git("switch", "--quiet", "live")
    apart.commit({HOLDS: "- {environment: prod\n"})
    apart.git("switch", "--quiet", "main")
    ended = gitops_ci(apart.root, "promote", "--to", "prod")
    assert (ended.code, HOLDS in ended.err) == (2, True)
