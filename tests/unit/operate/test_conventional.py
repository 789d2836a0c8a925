"""Which subjects are Conventional Commits."""

from __future__ import annotations

import pytest

from gitops_ci.operate.conventional import fault_of, without_draft

GOOD = [
    "feat: sell tea",
    "fix(web): raise the memory limit",
    "feat(api)!: drop v1",
    "chore!: Debian 13",
    "BUILD: upper case is allowed",
    "revert: sell tea",
    "docs(read me): a scope with a space",
    'Revert "sell tea"',
    "Merge branch 'main' into topic",
]
BAD = [
    ("sell tea", "it does not begin with a type"),
    ("", "it does not begin with a type"),
    ("feat sell tea", "it does not begin with a type"),
    ("feat: ", "a space and a description have to follow the colon"),
    ("feat:tea", "a space and a description have to follow the colon"),
    ("feat(): tea", "its scope is empty"),
    ("fixup! feat: tea", "it waits to be squashed"),
    ("::error::x", "it does not begin with a type"),
]
DRAFTS = [
    ("Draft: feat: tea", "feat: tea"),
    ("[Draft] feat: tea", "feat: tea"),
    ("WIP: feat: tea", "feat: tea"),
    ("feat: Draft: tea", "feat: Draft: tea"),
]


@pytest.mark.parametrize("subject", GOOD)
def test_silent(subject: str) -> None:
    assert fault_of(subject) == ""


@pytest.mark.parametrize(("subject", "fault"), BAD)
def test_found(subject: str, fault: str) -> None:
    assert fault_of(subject) == fault


@pytest.mark.parametrize(("title", "rest"), DRAFTS)
def test_a_draft_is_known_by_its_beginning(title: str, rest: str) -> None:
    assert without_draft(title) == rest
