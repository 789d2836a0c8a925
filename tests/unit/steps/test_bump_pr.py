"""`bump --pr`: proposals made from the base revision, one per unit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository

CONTAINERS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME}
spec:
  template:
    spec:
      containers:
      - name: main
        image: shop/NAME:1.0.0
      - name: proxy
        image: shop/proxy:1.0.0
"""
WEB_DEV, WEB_PROD, API_PROD = "apps/web/dev/w.yaml", "apps/web/prod/w.yaml", "apps/api/prod/a.yaml"
FILES = {
    WEB_DEV: CONTAINERS.replace("NAME", "web"),
    WEB_PROD: CONTAINERS.replace("NAME", "web"),
    API_PROD: CONTAINERS.replace("NAME", "api"),
}


@pytest.fixture
def shop(repository: Repository) -> Repository:
    """Two apps, one of them in two environments."""
    repository.commit(FILES)
    return repository


def propose(shop: Repository, *words: str, code: int = 0) -> dict[str, Any]:
    ended = gitops_ci(shop.root, "bump", *words, "--pr", "--format", "json")
    assert ended.code == code, ended.err
    made: dict[str, Any] = json.loads(ended.out)
    return made


def outcomes(made: dict[str, Any]) -> dict[str, str]:
    return {item["branch"]: item["outcome"] for item in made["proposals"]}


def test_one_proposal_for_each_app_of_each_environment(shop: Repository) -> None:
    made = propose(shop, "shop/proxy:1.1.0")
    names = ["dev/web", "prod/api", "prod/web"]
    assert outcomes(made) == {f"gitops-ci/bump/{name}": "created" for name in names}
    for name, path in zip(names, (WEB_DEV, API_PROD, WEB_PROD), strict=True):
        branch = f"gitops-ci/bump/{name}"
        assert shop.git("diff", "--name-only", "main", branch) == path
        assert shop.git("show", f"{branch}:{path}").count("1.1.0") == 1
    assert outcomes(propose(shop, "shop/proxy:1.1.0")) == {
        f"gitops-ci/bump/{name}": "unchanged" for name in names
    }


def test_the_base_counts_and_the_work_tree_is_neither_read_nor_written(shop: Repository) -> None:
    shop.write({WEB_DEV: FILES[WEB_DEV].replace("1.0.0", "0.0.1"), "broken.yaml": "a: [\n"})
    before = shop.git("status", "--porcelain")
    made = propose(shop, "shop/proxy:1.1.0", "--env", "dev")
    assert made["moves"][0]["from"] == "1.0.0"
    assert shop.git("status", "--porcelain") == before
    shop.git("checkout", "--quiet", "-b", "elsewhere")
    shop.commit({WEB_DEV: FILES[WEB_DEV].replace("1.0.0", "9.0.0")})
    again = propose(shop, "shop/proxy:1.1.0", "--env", "dev")
    assert outcomes(again) == {"gitops-ci/bump/dev/web": "unchanged"}


def test_the_proposal_holds_the_bytes_of_the_plan(shop: Repository) -> None:
    made = propose(shop, "shop/web:1.1.0", "--env", "prod")
    (branch,) = outcomes(made)
    gitops_ci(shop.root, "bump", "shop/web:1.1.0", "--env", "prod", "--write")
    assert shop.git("diff", branch, "--", WEB_PROD) == ""
    (shop.root / "patch").write_text(made["diff"])
    shop.git("apply", "--reverse", "--check", "patch")


def test_a_later_bump_of_the_same_unit_adds_to_the_open_proposal(shop: Repository) -> None:
    propose(shop, "shop/web:1.1.0", "--env", "prod")
    made = propose(shop, "shop/proxy:2.0.0", "--env", "prod", "--app", "web")
    branch = "gitops-ci/bump/prod/web"
    assert outcomes(made) == {branch: "updated"}
    text = shop.git("show", f"{branch}:{WEB_PROD}")
    assert "shop/web:1.1.0" in text
    assert "shop/proxy:2.0.0" in text
    assert shop.git("rev-list", "--count", f"main..{branch}") == "1"
    newer = propose(shop, "shop/web:1.2.0", "--env", "prod")
    assert outcomes(newer) == {branch: "updated"}
    text = shop.git("show", f"{branch}:{WEB_PROD}")
    assert ("shop/web:1.2.0" in text, "shop/proxy:2.0.0" in text) == (True, True)


def test_what_the_base_took_meanwhile_is_not_carried_on(shop: Repository) -> None:
    propose(shop, "shop/web:1.1.0", "--env", "prod")
    shop.commit({WEB_PROD: FILES[WEB_PROD].replace("web:1.0.0", "web:1.5.0")})
    propose(shop, "shop/proxy:2.0.0", "--env", "prod", "--app", "web")
    assert "shop/web:1.5.0" in shop.git("show", f"gitops-ci/bump/prod/web:{WEB_PROD}")


def test_commits_of_people_decline_the_proposal(shop: Repository) -> None:
    propose(shop, "shop/web:1.1.0", "--env", "prod")
    shop.git("switch", "--quiet", "gitops-ci/bump/prod/web")
    tip = shop.commit({"note": "by hand"})
    shop.git("switch", "--quiet", "main")
    made = propose(shop, "shop/web:1.2.0", "--env", "prod")
    assert outcomes(made) == {"gitops-ci/bump/prod/web": "declined"}
    assert shop.git("rev-parse", "gitops-ci/bump/prod/web") == tip
    shop.commit({".gitops-ci.yaml": "version: 1\npr: {onHumanCommits: overwrite}\n"})
    made = propose(shop, "shop/web:1.2.0", "--env", "prod")
    assert outcomes(made) == {"gitops-ci/bump/prod/web": "updated"}


def test_an_environment_with_a_branch_of_its_own(shop: Repository) -> None:
    shop.git("branch", "live")
    config = (
        "version: 1\nenvironments:\n  dev: {paths: ['apps/{app}/dev']}\n"
        "  prod: {from: [dev], branch: live, paths: ['apps/{app}/prod']}\n"
    )
    shop.commit({".gitops-ci.yaml": config})
    shop.git("switch", "--quiet", "live")
    shop.commit({".gitops-ci.yaml": config, WEB_PROD: FILES[WEB_PROD].replace("1.0.0", "0.9.0")})
    shop.git("switch", "--quiet", "main")
    made = propose(shop, "shop/web:1.1.0")
    assert {(m["environment"], m["from"]) for m in made["moves"]} == {
        ("dev", "1.0.0"),
        ("prod", "0.9.0"),
    }
    parents = {
        name: shop.git("rev-parse", f"gitops-ci/bump/{name}/web~1") for name in ("dev", "prod")
    }
    assert parents == {"dev": shop.git("rev-parse", "main"), "prod": shop.git("rev-parse", "live")}
    only = propose(shop, "shop/api:1.1.0")
    assert list(outcomes(only)) == ["gitops-ci/bump/prod/api"]


def test_nothing_to_do_proposes_nothing(shop: Repository) -> None:
    made = propose(shop, "shop/web:1.0.0")
    assert (made["status"], made["proposals"]) == ("nothing-to-do", [])
    assert shop.git("branch", "--list", "gitops-ci/*") == ""


def test_the_text_shows_hostile_names_and_lets_nothing_live(shop: Repository) -> None:
    shop.commit(
        {"apps/<img src=x>|@all/dev/w.yaml": FILES[WEB_DEV].replace("shop/web", "shop/odd")}
    )
    made = propose(shop, "shop/odd:1.1.0")
    (proposal,) = made["proposals"]
    assert "<img" not in proposal["body"]
    assert "@all" not in proposal["body"]
    assert proposal["body"].count("\n|") == 6
    assert "<" not in proposal["branch"]


def test_no_repository_and_no_commit_are_usage_errors(repository: Repository) -> None:
    repository.write(FILES)
    ended = gitops_ci(repository.root, "bump", "shop/web:1.1.0", "--pr")
    assert (ended.code, "no base branch" in ended.err) == (2, True)
