"""`rules test`: what comes out of test files, and what is said when nothing can."""

from __future__ import annotations

import json

from tests.support.command import gitops_ci
from tests.support.repository import Repository

POLICY = """\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: team}
spec:
  rules:
  - name: label
    match: {any: [{resources: {kinds: [Pod]}}]}
    validate: {cel: {expressions: [{expression: has(object.metadata.labels), message: label it}]}}
"""
TEST = """\
apiVersion: cli.kyverno.io/v1alpha1
kind: Test
metadata: {name: team}
policies: [policy.yaml]
resources: [pods.yaml]
results:
- {policy: team, rule: label, kind: Pod, resources: [good], result: pass}
- {policy: team, rule: label, kind: Pod, resources: [bad], result: fail}
"""
PODS = """\
apiVersion: v1
kind: Pod
metadata: {name: good, labels: {team: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: bad}
"""
FILES = {"t/policy.yaml": POLICY, "t/kyverno-test.yaml": TEST, "t/pods.yaml": PODS}


def test_what_is_expected_comes_out(repository: Repository) -> None:
    repository.commit(FILES)
    ended = gitops_ci(repository.root, "rules", "test")
    assert (ended.code, ended.out) == (0, "2 of 2 expectations are met\n")
    assert gitops_ci(repository.root, "rules", "test", "./t/").code == 0


def test_what_does_not_is_said_with_its_line(repository: Repository) -> None:
    wrong = TEST.replace("[bad], result: fail", "[bad], result: pass")
    repository.commit({**FILES, "t/kyverno-test.yaml": wrong})
    ended = gitops_ci(repository.root, "rules", "test", "t")
    assert ended.code == 1
    assert ended.out == (
        "t/kyverno-test.yaml:8: team label, Pod bad: expected pass, got fail (label it)\n"
        "1 of 2 expectations are met\n"
    )
    rows = json.loads(gitops_ci(repository.root, "rules", "test", "--format", "json").out)
    assert [(row["resource"], row["expected"], row["got"]) for row in rows] == [
        ("good", "pass", "pass"),
        ("bad", "pass", "fail"),
    ]


def test_a_policy_in_another_language_is_not_evaluated(repository: Repository) -> None:
    pattern = POLICY[: POLICY.index("    validate:")] + "    validate: {pattern: {a: b}}\n"
    repository.commit({**FILES, "t/policy.yaml": pattern})
    ended = gitops_ci(repository.root, "rules", "test")
    assert ended.code == 1
    assert "got not evaluated (the rule is not in CEL: Kyverno itself has to judge it)" in ended.out


def test_nothing_to_test_is_a_mistake(repository: Repository) -> None:
    repository.commit({"t/policy.yaml": POLICY})
    assert gitops_ci(repository.root, "rules", "test").code == 2
    assert gitops_ci(repository.root, "rules", "test", "nowhere").code == 2
    repository.commit({"t/kyverno-test.yaml": TEST})
    ended = gitops_ci(repository.root, "rules", "test")
    assert ended.code == 2
    assert "pods.yaml is not in the repository" in ended.err
