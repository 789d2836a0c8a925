"""A repository's own rules in `rules list` and `explain`: what the configuration names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository
from tests.unit.steps.test_admission_policies import BINDING, CONFIG, POLICY

ENGINES = """\
version: 1
policy:
  engines:
  - {conftest: rego, severity: warning}
  - command: [/opt/judge, "{objects}"]
  schemas:
  - {files: "values*.yaml", schema: policies/values.schema.json, severity: note}
  - {files: "*.yaml", schema: absent.json, rule: gone, message: Write it down.}
"""
LIMIT = {".gitops-ci.yaml": CONFIG, "policies/limit.yaml": POLICY + BINDING}
DEPLOYED = {
    ".gitops-ci.yaml": CONFIG.replace("custom: [policies/]", "fromRepo: true"),
    "apps/overlays/dev/kustomization.yaml": "resources: [limit.yaml]\n",
    "apps/overlays/dev/limit.yaml": POLICY + BINDING,
    "apps/overlays/prod/kustomization.yaml": "resources: [limit.yaml]\n",
    "apps/overlays/prod/limit.yaml": POLICY.replace("<= 5", "<= 6") + BINDING,
}
CASES: list[tuple[str, dict[str, str], list[tuple[str, str, str]]]] = [
    ("without a configuration", {"policies/limit.yaml": POLICY + BINDING}, []),
    ("none is named", {**LIMIT, ".gitops-ci.yaml": "version: 1\n"}, []),
    ("a policy of the cluster", LIMIT,
     [("policy/replica-limit", "error", "policies/limit.yaml:3")]),
    ("its binding warns",
     {**LIMIT, "policies/limit.yaml": POLICY + BINDING.replace("Deny", "Warn")},
     [("policy/replica-limit", "warning", "policies/limit.yaml:3")]),
    ("nothing puts it into force", {**LIMIT, "policies/limit.yaml": POLICY},
     [("policy/replica-limit", "note", "policies/limit.yaml:3")]),
    ("two forms of what is deployed", DEPLOYED,
     [("policy/replica-limit", "error", "apps/overlays/dev/limit.yaml:3"),
      ("policy/replica-limit", "error", "apps/overlays/prod/limit.yaml:3")]),
    ("engines and schemas",
     {".gitops-ci.yaml": ENGINES, "policies/values.schema.json": "{}", "values.yaml": "a: 1\n"},
     [("policy/conftest.*", "warning", ".gitops-ci.yaml:4"),
      ("policy/gone", "error", ".gitops-ci.yaml:8"),
      ("policy/judge.*", "error", ".gitops-ci.yaml:5"),
      ("policy/values", "note", "policies/values.schema.json:1")]),
]  # fmt: skip


def rows(repository: Repository, *words: str) -> list[dict[str, Any]]:
    """The rules that have a place of their own."""
    ended = gitops_ci(repository.root, "rules", "list", *words, "--format", "json")
    assert ended.code == 0
    return [row for row in json.loads(ended.out) if row["place"]]


@pytest.mark.parametrize(("files", "wanted"), [row[1:] for row in CASES],
                         ids=[row[0] for row in CASES])  # fmt: skip
def test_what_the_configuration_names(
    repository: Repository, files: dict[str, str], wanted: list[tuple[str, str, str]]
) -> None:
    repository.commit(files)
    assert [(row["id"], row["severity"], row["place"]) for row in rows(repository)] == wanted


def test_prefixes_and_packs_choose_among_them(repository: Repository) -> None:
    repository.commit(LIMIT)
    assert len(rows(repository, "policy/")) == 1
    assert rows(repository, "image/") == []
    assert rows(repository, "--pack", "images") == []


def test_the_list_as_text(repository: Repository) -> None:
    repository.commit(LIMIT)
    lines = gitops_ci(repository.root, "rules", "list", "policy/").out.splitlines()
    assert any("policy/broken" in line and "(" not in line for line in lines)
    (own,) = [line for line in lines if "replica-limit" in line]
    assert own.endswith("(policies/limit.yaml:3)")


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("policy/values", "written in policies/values.schema.json:1"),
        ("policy/conftest.deny-latest", "written in .gitops-ci.yaml:4"),
        ("policy/gone", "Write it down."),
    ],
)
def test_one_is_explained(repository: Repository, rule: str, place: str) -> None:
    repository.commit({".gitops-ci.yaml": ENGINES, "policies/values.schema.json": "{}"})
    ended = gitops_ci(repository.root, "explain", rule)
    assert (ended.code, place in ended.out.splitlines()) == (0, True)


def test_one_that_is_not_there(repository: Repository) -> None:
    repository.commit(LIMIT)
    ended = gitops_ci(repository.root, "explain", "policy/other")
    assert (ended.code, "there is no rule 'policy/other'" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({".gitops-ci.yaml": "version: 1\npolicy: {pack: []}\n"}, ".gitops-ci.yaml:2"),
        ({**LIMIT, "policies/other.yaml": "a: [\n"}, "policies/other.yaml:"),
    ],
    ids=["the configuration", "a policy"],
)
def test_what_is_broken_is_said_and_the_rest_is_listed(
    repository: Repository, files: dict[str, str], said: str
) -> None:
    repository.commit(files)
    ended = gitops_ci(repository.root, "rules", "list")
    assert ended.code == 0
    assert said in ended.err
    assert "image/mutable-tag" in ended.out
    assert "\npolicy/replica-limit" in ended.out or "policies/limit.yaml" not in files
