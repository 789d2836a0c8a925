"""`hold`, `unhold`, `freeze`, `unfreeze`: shown, written, proposed, and twice."""

from __future__ import annotations

import json

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository

HOLDS, FREEZE = ".gitops-ci/holds.yaml", ".gitops-ci/FREEZE"
CONFIG = "version: 1\nenvironments: {dev: {}, prod: {from: [dev]}}\n"
HOLD = ("hold", "--env", "prod", "--app", "web", "--version", "shop/web 1.4.0", "--reason", "broke")


@pytest.fixture
def shop(repository: Repository) -> Repository:
    repository.commit({".gitops-ci.yaml": CONFIG, "note": "x\n"})
    return repository


def test_a_hold_is_shown_then_written_once_then_lifted(shop: Repository) -> None:
    shown = gitops_ci(shop.root, *HOLD)
    assert shown.code == 0
    assert "planned: web in prod is held until something newer than 1.4.0: broke" in shown.out
    assert not (shop.root / HOLDS).exists()
    written = gitops_ci(shop.root, *HOLD, "--write", "--by", "bob")
    assert written.out.startswith("written: ")
    text = (shop.root / HOLDS).read_text()
    assert "  by: bob\n" in text
    again = gitops_ci(shop.root, *HOLD, "--write")
    assert again.out == "nothing to do\n"
    assert (shop.root / HOLDS).read_text() == text
    lifted = gitops_ci(shop.root, "unhold", "--env", "prod", "--app", "web", "--write")
    assert "written: web in prod may move again" in lifted.out
    assert not (shop.root / HOLDS).exists()
    assert gitops_ci(shop.root, "unhold", "--env", "prod").out == "nothing to do\n"


def test_a_hold_is_proposed_from_the_base(shop: Repository) -> None:
    shop.write({HOLDS: "not what the base has\n"})
    made = gitops_ci(shop.root, *HOLD, "--pr", "--format", "json")
    report = json.loads(made.out)
    (proposal,) = report["proposals"]
    assert (proposal["branch"], proposal["outcome"]) == ("gitops-ci/hold/prod/web", "created")
    assert report["items"][0]["versions"] == ["shop/web 1.4.0"]
    message = shop.git("log", "-1", "--format=%B", proposal["branch"])
    assert message.startswith("chore(prod): hold web\n")
    assert "Gitops-CI-Hold: prod web until something newer than 1.4.0" in message
    again = json.loads(gitops_ci(shop.root, *HOLD, "--pr", "--format", "json").out)
    assert again["proposals"][0]["outcome"] == "unchanged"


def test_what_the_history_holds_is_released_by_an_entry(shop: Repository) -> None:
    words = ("unhold", "--env", "prod", "--app", "web", "--version", "1.4.0", "--reason", "mended")
    assert gitops_ci(shop.root, *words, "--write").code == 0
    assert "until: released\n" in (shop.root / HOLDS).read_text()


def test_a_freeze_comes_and_goes(shop: Repository) -> None:
    words = ("freeze", "--env", "prod", "--reason", "sale", "--until", "2999-01-01")
    first = gitops_ci(shop.root, *words, "--write")
    assert "written: prod is frozen until 2999-01-02 00:00 UTC: sale" in first.out
    assert gitops_ci(shop.root, *words, "--write").out == "nothing to do\n"
    made = gitops_ci(shop.root, "freeze", "--pr")
    assert "created: gitops-ci/freeze/all" in made.out
    assert shop.git("log", "-1", "--format=%s", "gitops-ci/freeze/all") == "chore: freeze all"
    assert gitops_ci(shop.root, "unfreeze", "--env", "prod", "--write").code == 0
    assert not (shop.root / FREEZE).exists()
    assert gitops_ci(shop.root, "unfreeze").out == "nothing to do\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("hold", "--env", "prod"), "needs a reason"),
        (("hold", "--reason", "x"), "where does it hold?"),
        (("hold", "--env", "prdo", "--reason", "x"), "did you mean prod?"),
        (("hold", "--env", "prod", "--reason", "x", "--until", "until-newer"), "newer than what"),
        (("hold", "--env", "prod", "--reason", "x", "--until", "later"), "no date or time"),
        (("hold", "--env", "prod", "--reason", "x", "--write", "--pr"), "one of them"),
        (("unhold",), "where is it lifted?"),
        (("unhold", "--env", "prod", "--version", "1"), "name the app"),
        (("unhold", "--env", "prod", "--version", "1", "--app", "a"), "needs a reason"),
        (("freeze", "--env", "prdo"), "did you mean prod?"),
        (("freeze", "--until", "later"), "no date or time"),
    ],
)
def test_what_cannot_be_meant_ends_with_2(
    shop: Repository, words: tuple[str, ...], said: str
) -> None:
    ended = gitops_ci(shop.root, *words)
    assert ended.code == 2
    assert said in ended.err


@pytest.mark.parametrize(
    ("path", "text", "command"),
    [
        (HOLDS, "- environment: prdo\n  reason: x\n  until: manual\n", HOLD),
        (HOLDS, "- environment: prdo\n  reason: x\n  until: manual\n", ("unhold", "--env", "prod")),
        (FREEZE, "environment: prod\nuntil: x\n", ("freeze", "--env", "dev")),
    ],
)
def test_a_faulty_file_is_told_with_its_line(
    shop: Repository, path: str, text: str, command: tuple[str, ...]
) -> None:
    shop.write({path: text})
    ended = gitops_ci(shop.root, *command, "--write")
    assert ended.code == 2
    assert f"{path}:" in ended.err
    assert (shop.root / path).read_text() == text
