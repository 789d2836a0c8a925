"""`promote`: printed, written, proposed; on one branch, on several, in two clones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.support.command import gitops_ci
from tests.support.repository import Repository
from tests.support.tools import ROOT
from tests.unit.promote.build import images
from tests.unit.promote.places import THREE

CONFIG = ".gitops-ci.yaml"
PATHS = {env: f"apps/web/overlays/{env}/kustomization.yaml" for env in ("dev", "staging", "prod")}


def overlay(environment: str, version: str) -> dict[str, str]:
    return {PATHS[environment]: images("shop/web", version)}


@pytest.fixture
def shop(repository: Repository) -> Repository:
    """One app in three environments, the first ahead."""
    repository.commit(
        {
            CONFIG: THREE,
            **overlay("dev", "1.2.0"),
            **overlay("staging", "1.1.0"),
            **overlay("prod", "1.1.0"),
        }
    )
    return repository


def promote(root: Path, *words: str, code: int = 0) -> dict[str, Any]:
    ended = gitops_ci(root, "promote", *words, "--format", "json")
    assert ended.code == code, ended.err
    made: dict[str, Any] = json.loads(ended.out)
    return made


def test_printed_written_and_proposed_are_the_same_bytes(shop: Repository) -> None:
    printed = promote(shop.root, "--to", "staging")
    proposed = promote(shop.root, "--to", "staging", "--pr")
    written = promote(shop.root, "--to", "staging", "--write")
    assert printed["diff"] == proposed["diff"] == written["diff"]
    assert printed["edits"] == proposed["edits"] == written["edits"]
    assert (printed["written"], written["written"]) == (False, True)
    assert shop.git("diff", "gitops-ci/promote/staging/web") == ""
    assert (shop.root / PATHS["staging"]).read_text() == images("shop/web", "1.2.0")
    again = promote(shop.root, "--to", "staging", "--write")
    assert (again["status"], again["diff"]) == ("nothing-to-do", "")


def test_a_proposal_is_one_branch_that_stays(shop: Repository) -> None:
    first = promote(shop.root, "--to", "staging", "--pr")
    assert [item["outcome"] for item in first["proposals"]] == ["created"]
    again = promote(shop.root, "--to", "staging", "--pr")
    assert [item["outcome"] for item in again["proposals"]] == ["unchanged"]
    shop.commit(overlay("dev", "1.3.0"))
    newer = promote(shop.root, "--to", "staging", "--pr")
    assert [item["outcome"] for item in newer["proposals"]] == ["updated"]
    branch = "gitops-ci/promote/staging/web"
    assert shop.git("rev-list", "--count", f"main..{branch}") == "1"
    message = shop.git("log", "-1", "--format=%B", branch)
    assert message.startswith("chore(staging): promote web 1.1.0 to 1.3.0\n")
    assert "Gitops-CI-Source: dev" in message
    assert "Gitops-CI-Version: docker.io/shop/web 1.1.0 1.3.0" in message
    assert "Gitops-CI-Evidence: stands in dev since" in message
    shop.commit(overlay("dev", "1.1.0"))
    gone = promote(shop.root, "--to", "staging", "--pr")
    assert [item["outcome"] for item in gone["proposals"]] == ["closed"]
    assert shop.git("branch", "--list", branch) == ""


def test_trailers_and_messages_decide_nothing(shop: Repository) -> None:
    shop.commit(overlay("dev", "1.3.0"), "x\n\nGitops-CI-Version: docker.io/shop/web 1.3.0 9.9.9\n")
    made = promote(shop.root, "--to", "staging")
    assert [(move["from"], move["to"]) for move in made["moves"]] == [("1.1.0", "1.3.0")]


def test_the_text_of_proposals_goes_to_a_file(shop: Repository) -> None:
    promote(shop.root, "--to", "staging", "--pr", "--body", "out/body.md")
    text = (shop.root / "out/body.md").read_text()
    assert "1.2.0" in text


def test_from_a_bump_to_production(shop: Repository) -> None:
    gates = "gates: {staging: {soak: 1s}, prod: {soak: 1s}}\n"
    shop.commit({CONFIG: THREE + gates})

    def merge(branch: str) -> None:
        shop.git("merge", "--quiet", "--no-ff", "--no-edit", branch)
        shop.commit({"note": branch})

    gitops_ci(shop.root, "bump", "shop/web:2.0.0", "--env", "dev", "--pr")
    merge("gitops-ci/bump/dev/web")
    for environment in ("staging", "prod"):
        made = promote(shop.root, "--to", environment, "--pr")
        (proposal,) = made["proposals"]
        assert "soak" in proposal["body"]
        merge(proposal["branch"])
    assert all("2.0.0" in (shop.root / path).read_text() for path in PATHS.values())
    done = promote(shop.root, "--pr")
    assert (done["status"], {item["outcome"] for item in done["proposals"]}) == (
        "nothing-to-do",
        {"closed"},
    )


BRANCHES = """\
version: 1
environments:
  dev: {}
  prod: {from: [dev], branch: live}
layouts: ["apps/{app}"]
"""


def test_each_environment_on_its_own_branch(repository: Repository) -> None:
    config = BRANCHES.replace("dev: {}", "dev: {branch: next}")
    path = "apps/web/kustomization.yaml"
    own = {"apps/web/own.yaml": "replicas: 1\n"}
    repository.commit({CONFIG: config, path: images("shop/web", "1.0.0"), **own})
    repository.git("branch", "live")
    repository.git("switch", "--quiet", "-c", "next")
    repository.commit({path: images("shop/web", "1.1.0"), "apps/web/own.yaml": "replicas: 9\n"})
    repository.git("switch", "--quiet", "main")
    made = promote(repository.root, "--to", "prod", "--pr")
    (proposal,) = made["proposals"]
    branch = proposal["branch"]
    parent = repository.git("rev-parse", f"{branch}~1")
    assert parent == repository.git("rev-parse", "live")
    assert repository.git("diff", "--name-only", "live", branch) == path
    ended = gitops_ci(repository.root, "promote", "--to", "prod", "--write")
    assert (ended.code, "belongs to branch live" in ended.err) == (2, True)


def test_the_target_in_another_clone(repository: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "live")
    path = "deploy/web/prod/kustomization.yaml"
    other.commit({path: images("shop/web", "1.0.0")})
    config = """\
version: 1
environments:
  dev: {paths: ["apps/{app}/dev"]}
  prod: {from: [dev], repo: REPO, paths: ["deploy/{app}/prod"]}
""".replace("REPO", str(other.root))
    source = {"apps/web/dev/kustomization.yaml": images("shop/web", "1.1.0")}
    repository.commit({CONFIG: config, **source})
    made = promote(repository.root, "--to", "prod", "--pr")
    assert [(move["path"], move["to"]) for move in made["moves"]] == [(path, "1.1.0")]
    (proposal,) = made["proposals"]
    assert images("shop/web", "1.1.0").strip() == other.git("show", f"{proposal['branch']}:{path}")
    assert repository.git("branch", "--list", "gitops-ci/*") == ""


def test_what_is_not_committed_counts_in_the_work_tree_without_a_soak(shop: Repository) -> None:
    shop.write(overlay("dev", "1.4.0"))
    made = promote(shop.root, "--to", "staging")
    assert [move["to"] for move in made["moves"]] == ["1.4.0"]
    shop.write({CONFIG: THREE + "gates: {staging: {soak: 1s}}\n"})
    made = promote(shop.root, "--to", "staging")
    assert [move["to"] for move in made["moves"]] == ["1.2.0"]


def test_without_a_repository_the_files_alone_are_enough(tmp_path: Path) -> None:
    for path, text in {CONFIG: THREE, **overlay("dev", "2"), **overlay("staging", "1")}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    made = promote(tmp_path, "--to", "staging")
    assert [move["to"] for move in made["moves"]] == ["2"]


@pytest.mark.parametrize(
    ("graph", "words"),
    [
        ("{dev: {from: [prod]}, prod: {from: [dev]}}", "go round in a circle"),
        ("{dev: {}, prod: {from: [dve]}}", "there is no environment 'dve'"),
    ],
)
def test_a_graph_that_is_wrong_ends_with_its_line(
    repository: Repository, graph: str, words: str
) -> None:
    repository.commit({CONFIG: f"version: 1\nenvironments: {graph}\n"})
    ended = gitops_ci(repository.root, "promote", "--to", "prod")
    assert ended.code == 2
    assert words in ended.out + ended.err
    assert f"{CONFIG}:2" in ended.out + ended.err


@pytest.mark.parametrize("words", [("--write", "--pr"), ("--version", " "), ("--to", "nowhere")])
def test_wrong_words_are_usage_errors(shop: Repository, words: tuple[str, ...]) -> None:
    assert gitops_ci(shop.root, "promote", *words).code == 2


def test_the_json_plan_is_as_its_schema_says(shop: Repository) -> None:
    path = ROOT / "docs" / "reference" / "promote-plan-v1.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    rules = "promote: {files: ['boards/**']}\ngates: {prod: {soak: 99999d}}\n"
    board = {"apps/web/overlays/dev/boards/a.json": "{}"}
    shop.commit({CONFIG: THREE + rules, **board, **overlay("staging", "1.1.5")})
    for words in ((), ("--to", "staging", "--pr"), ("--from", "prod", "--to", "dev")):
        validator.validate(promote(shop.root, *words))


UNITS = {
    "environment": ("unit: environment", "all"),
    "group": ("unit: group", "shop"),
    "team": ("unit: team", "ann"),
}


@pytest.mark.parametrize("unit", UNITS)
def test_proposals_for_several_apps_close_when_none_has_anything_to_move(
    repository: Repository, unit: str
) -> None:
    setting, name = UNITS[unit]
    more = (
        "groups: {shop: {apps: [web, api]}}\napps: {defaults: {owners: ['@ann']}}\n"
        f"pr: {{{setting}}}\n"
    )

    def both(environment: str, web: str, api: str) -> dict[str, str]:
        path = PATHS[environment].replace("web", "api")
        return {**overlay(environment, web), path: images("shop/api", api)}

    repository.commit({CONFIG: THREE + more, **both("dev", "1.2.0", "1.2.0")})
    repository.commit(both("staging", "1.1.0", "1.1.0"))
    made = promote(repository.root, "--to", "staging", "--pr")
    branch = f"gitops-ci/promote/staging/{name}"
    assert [(item["branch"], item["outcome"]) for item in made["proposals"]] == [
        (branch, "created")
    ]
    repository.commit(both("staging", "1.2.0", "1.1.0"))
    narrow = promote(repository.root, "--to", "staging", "--app", "web", "--pr")
    assert narrow["proposals"] == []
    half = promote(repository.root, "--to", "staging", "--pr")
    assert [item["outcome"] for item in half["proposals"]] == ["updated"]
    repository.commit(both("staging", "1.2.0", "1.2.0"))
    gone = promote(repository.root, "--to", "staging", "--pr")
    (closed,) = gone["proposals"]
    assert (closed["branch"], closed["outcome"]) == (branch, "closed")
    assert closed["reason"] == f"{name} has nothing to move to staging any more"


def test_a_named_version_closes_no_other_proposal(shop: Repository) -> None:
    api = {path.replace("web", "api"): images("shop/api", "1") for path in PATHS.values()}
    shop.commit({**api, PATHS["dev"].replace("web", "api"): images("shop/api", "2")})
    assert len(promote(shop.root, "--to", "staging", "--pr")["proposals"]) == 2
    shop.commit(overlay("dev", "1.3.0"))
    made = promote(shop.root, "--to", "staging", "--version", "shop/api:2", "--pr")
    assert [item["branch"] for item in made["proposals"]] == ["gitops-ci/promote/staging/api"]
    assert shop.git("branch", "--list", "gitops-ci/promote/staging/web")


def test_a_proposal_that_waits_again_stays(shop: Repository) -> None:
    assert len(promote(shop.root, "--to", "staging", "--pr")["proposals"]) == 1
    shop.commit({CONFIG: THREE + "gates: {staging: {soak: 99999d}}\n"})
    assert promote(shop.root, "--to", "staging", "--pr")["proposals"] == []
