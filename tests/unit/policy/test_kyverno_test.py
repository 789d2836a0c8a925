"""Test files of Kyverno: what is expected, what came out, and where the expectation stands."""

from __future__ import annotations

import pytest

from gitops_ci.policy.kyverno_suites import suites_in
from gitops_ci.policy.kyverno_test import run
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.tree import UnreadableError

POLICY = """
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: labels}
spec:
  rules:
    - name: team
      match: {any: [{resources: {kinds: [Pod], operations: [CREATE]}}]}
      validate:
        cel:
          expressions:
            - {expression: "has(object.metadata.?labels.team)", message: give it a team}
    - name: namespace
      match: {any: [{resources: {kinds: [ConfigMap]}}]}
      validate:
        cel:
          expressions: [{expression: "namespaceObject.metadata.labels.tier == 'gold'"}]
    - name: who
      match: {any: [{resources: {kinds: [Secret]}}]}
      validate: {cel: {expressions: [{expression: "request.userInfo.username == 'me'"}]}}
"""
RESOURCES = """
apiVersion: v1
kind: Pod
metadata: {name: good, labels: {team: shop}}
---
apiVersion: v1
kind: Pod
metadata: {name: bad, namespace: other}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: bad}
spec: {template: {metadata: {}}}
---
apiVersion: v1
kind: Pod
metadata: {name: updated}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: golden, namespace: gold}
---
apiVersion: v1
kind: Secret
metadata: {name: mine}
"""
TEST = """
apiVersion: cli.kyverno.io/v1alpha1
kind: Test
metadata: {name: labels}
policies: [../policy.yaml]
resources: [resources]
variables: values.yaml
results:
  - {policy: labels, rule: team, kind: Pod, resources: [good], result: pass}
  - {policy: labels, rule: team, kind: Pod, resources: [other/bad], result: fail}
  - {policy: labels, rule: team, kind: Pod, resources: [here/bad], result: fail}
  - {policy: labels, rule: team, kind: Deployment, resource: bad, status: fail}
  - {policy: labels, rule: team, kind: Pod, resources: [updated], result: skip}
  - {policy: labels, rule: namespace, kind: ConfigMap, resources: [golden], result: pass}
  - {policy: labels, rule: who, kind: Secret, resources: [mine], result: pass}
"""
VALUES = """
apiVersion: cli.kyverno.io/v1alpha1
kind: Values
policies:
  - name: labels
    resources: [{name: updated, values: {request.operation: UPDATE}}]
namespaceSelector: [{name: gold, labels: {tier: gold}}]
"""
FILES = {
    "p/policy.yaml": POLICY,
    "p/test/kyverno-test.yaml": TEST,
    "p/test/values.yaml": VALUES,
    "p/test/resources/all.yaml": RESOURCES,
}


def test_expectations_with_what_came_out() -> None:
    (suite,) = suites_in(Files(MemoryTree(FILES)), "p")
    found = list(run(suite))
    assert [(item.resource, item.expected, item.got) for item in found] == [
        ("good", "pass", "pass"),
        ("other/bad", "fail", "fail"),
        ("here/bad", "fail", "skip"),
        ("bad", "fail", "fail"),
        ("updated", "skip", "skip"),
        ("golden", "pass", "pass"),
        ("mine", "pass", "not evaluated"),
    ]
    assert [item.is_met for item in found].count(False) == 2
    assert found[1].why == "give it a team"
    assert found[6].why == "it asks who makes the request"
    assert {item.place.path for item in found} == {"p/test/kyverno-test.yaml"}
    assert [item.place.line for item in found] == [9, 10, 11, 12, 13, 14, 15]


def test_a_file_that_is_not_there_is_said() -> None:
    files = {**FILES}
    del files["p/policy.yaml"]
    with pytest.raises(UnreadableError, match=r"\.\./policy\.yaml"):
        list(suites_in(Files(MemoryTree(files))))


def test_a_policy_that_does_not_compile_is_an_error() -> None:
    files = {**FILES, "p/policy.yaml": POLICY.replace("has(object", "hass(object")}
    (suite,) = suites_in(Files(MemoryTree(files)))
    first = next(run(suite))
    assert first.got == "error"
    assert "hass" in first.why


def test_a_policy_of_kubernetes_is_tested_without_a_binding() -> None:
    policy = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: labels}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
  validations: [{expression: "has(object.metadata.labels)"}]
"""
    test = """
apiVersion: cli.kyverno.io/v1alpha1
kind: Test
metadata: {name: labels}
policies: [../policy.yaml]
resources: [resources]
results:
- {policy: labels, isValidatingAdmissionPolicy: true, kind: Pod, resources: [good], result: pass}
- {policy: labels, isValidatingAdmissionPolicy: true, kind: Pod, resources: [bad], result: fail}
"""
    files = {**FILES, "p/policy.yaml": policy, "p/test/kyverno-test.yaml": test}
    (suite,) = suites_in(Files(MemoryTree(files)))
    assert [item.got for item in run(suite)] == ["pass", "fail"]
