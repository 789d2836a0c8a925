from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from gitops_ci.model.forge_settings import (
    ApprovalRules,
    BranchRules,
    RepositoryFacts,
    RequiredCheck,
    TokenFacts,
)
from gitops_ci.operate.code_owners import read_code_owners
from gitops_ci.operate.doctor.diagnosis import Diagnosis, Health
from gitops_ci.operate.doctor.enforcement import (
    bots,
    github_rules,
    gitlab_approvals,
    gitlab_settings,
)
from gitops_ci.operate.doctor.ownership import ownership
from gitops_ci.operate.doctor.tokens import token_health

STRICT = BranchRules(
    "main",
    protected=True,
    checks=(RequiredCheck("check / gate", "15368"),),
    approvals=1,
    code_owners=True,
    dismiss_stale=True,
    up_to_date=True,
    binds_admins=True,
    force_pushes=False,
)
EXPECTED = ("check / gate",)


def weak(items: list[Diagnosis]) -> list[str]:
    return [item.text for item in items if item.health is not Health.GOOD]


def bypassed(items: list[Diagnosis]) -> bool:
    return any(item.enforces and item.health is not Health.GOOD for item in items)


def test_a_strict_branch() -> None:
    found = list(github_rules(STRICT, EXPECTED))
    assert weak(found) == []
    assert not bypassed(found)


CASES: list[tuple[str, BranchRules, str, bool]] = [
    ("no protection", BranchRules("main", protected=False), "is not protected", True),
    ("no check", replace(STRICT, checks=()), "requires no check", True),
    (
        "another check",
        replace(STRICT, checks=(RequiredCheck("build", "1"),)),
        "requires build",
        True,
    ),
    ("no source", replace(STRICT, checks=(RequiredCheck("check / gate"),)), "anybody", False),
    ("admins", replace(STRICT, binds_admins=False), "administrators", True),
    ("admins unseen", replace(STRICT, binds_admins=None), "cannot be seen", False),
    ("pushers", replace(STRICT, pushers=("ann",)), "ann may push", False),
    ("force pushes", replace(STRICT, force_pushes=True), "force-pushed", True),
    ("no approval", replace(STRICT, approvals=0), "needs no approval", False),
    ("stale approvals", replace(STRICT, dismiss_stale=False), "outlives", False),
    ("owners", replace(STRICT, code_owners=False), "need not agree", False),
    ("older base", replace(STRICT, up_to_date=False), "older base", False),
]


@pytest.mark.parametrize(
    ("rules", "text", "loose"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_github(rules: BranchRules, text: str, loose: bool) -> None:
    found = list(github_rules(rules, EXPECTED))
    assert any(text in line for line in weak(found))
    assert bypassed(found) is loose
    assert all(item.fix for item in found if item.health is not Health.GOOD)


def test_a_merge_queue_and_a_required_workflow_are_ways_too() -> None:
    queue = replace(STRICT, up_to_date=False, merge_queue=True)
    assert weak(list(github_rules(queue, EXPECTED))) == []
    ruled = replace(STRICT, checks=(), workflows=("gate.yml",))
    assert not bypassed(list(github_rules(ruled, EXPECTED)))


FACTS = RepositoryFacts(
    "org/r", "main", "", pipelines_must_succeed=True, skipped_counts=False,
    threads_must_resolve=True,
)  # fmt: skip
SHUT = BranchRules("main", protected=True, pushers=())
GITLAB: list[tuple[str, RepositoryFacts, BranchRules, str, bool]] = [
    ("no pipeline", replace(FACTS, pipelines_must_succeed=False), SHUT, "no green", True),
    ("unseen", replace(FACTS, pipelines_must_succeed=None), SHUT, "cannot be seen", True),
    ("skipped", replace(FACTS, skipped_counts=True), SHUT, "skipped pipeline", True),
    ("threads", replace(FACTS, threads_must_resolve=False), SHUT, "threads", False),
    ("open branch", FACTS, replace(SHUT, protected=False), "not protected", True),
    ("pushers", FACTS, replace(SHUT, pushers=("Maintainers",)), "may push", False),
]


@pytest.mark.parametrize(
    ("facts", "rules", "text", "loose"), [c[1:] for c in GITLAB], ids=[c[0] for c in GITLAB]
)
def test_gitlab(facts: RepositoryFacts, rules: BranchRules, text: str, loose: bool) -> None:
    found = list(gitlab_settings(facts, rules))
    assert any(text in line for line in weak(found))
    assert bypassed(found) is loose


def test_a_strict_project() -> None:
    assert weak(list(gitlab_settings(FACTS, SHUT))) == []


def test_bots_matter_only_where_versions_are_promoted() -> None:
    facts = replace(FACTS, bots_may_propose=False, runs_on_bot_pulls=False, auto_merge=False)
    assert list(bots(facts, proposes=False)) == []
    assert len(list(bots(facts, proposes=True))) == 3
    assert list(bots(FACTS, proposes=True)) == []


NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (TokenFacts("app", "bot", expires=NOW + timedelta(hours=1)), None),
        (TokenFacts("workflow"), None),
        (TokenFacts("project", expires=NOW - timedelta(1)), "has expired"),
        (TokenFacts("project", expires=NOW + timedelta(3)), "ends on 2026-11-29"),
        (TokenFacts("personal", "ann"), "in the person's name"),
        (TokenFacts("project", scopes=frozenset({"repo", "delete_repo"})), "delete_repo"),
        (TokenFacts("job"), "neither comment nor propose"),
    ],
)
def test_tokens(facts: TokenFacts, text: str | None) -> None:
    told = weak(list(token_health(facts, NOW)))
    assert told == [] if text is None else any(text in line for line in told)


def test_ownership() -> None:
    owners = read_code_owners("CODEOWNERS", "/.github/ @ann\n")
    (none,) = ownership(["a"], None)
    assert none.health is Health.ADVICE
    (alone,) = ownership([".github/workflows/a.yml", ".gitops-ci.yaml"], owners)
    assert alone.text == "nobody owns .gitops-ci.yaml"
    (owned,) = ownership([".github/workflows/a.yml"], owners)
    assert owned.health is Health.GOOD
    assert list(ownership([], owners)) == []


@pytest.mark.parametrize(
    ("kept", "texts", "loose"),
    [
        (ApprovalRules(True, False, False), [], False),
        (ApprovalRules(True, True, True), ["authors may", "who adds commits may"], False),
        (ApprovalRules(False, False, False), ["outlives later commits"], True),
        (None, ["cannot be seen"], True),
    ],
)
def test_whose_approvals_gitlab_keeps(
    kept: ApprovalRules | None, texts: list[str], loose: bool
) -> None:
    rules = replace(STRICT, approvers=kept)
    gated = list(gitlab_approvals(rules, gated=True))
    assert len(weak(gated)) == len(texts)
    assert all(text in found for text, found in zip(texts, weak(gated), strict=True))
    assert bypassed(gated) is loose
    free = list(gitlab_approvals(rules, gated=False))
    assert not bypassed(free)
    assert (free == []) is (kept is None)
