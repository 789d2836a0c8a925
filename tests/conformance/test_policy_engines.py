"""The real kyverno, conftest and gator: what they say, on which lines, and how they fail."""

from __future__ import annotations

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository
from tests.support.tools import require_tool

pytestmark = pytest.mark.full

BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
"""
FILES = {
    "base/web.yaml": BASE,
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "overlays/dev/kustomization.yaml": "resources: [../../base]\n",
    "overlays/prod/kustomization.yaml": """\
resources: [../../base]
images:
- name: example/web
  newTag: latest
""",
}
REGO = """\
package main

deny_latest contains {"msg": msg, "path": path} if {
  input.kind == "Deployment"
  some index, container in input.spec.template.spec.containers
  endswith(container.image, ":latest")
  path := ["spec", "template", "spec", "containers", index, "image"]
  msg := sprintf("%s uses latest", [container.name])
}

warn_replicas contains {"msg": "one replica is none", "path": "spec.replicas"} if {
  input.spec.replicas < 2
}
"""
TEMPLATE = """\
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata:
  name: nolatest
spec:
  crd:
    spec:
      names: {kind: NoLatest}
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: |
        package nolatest

        violation[{"msg": msg, "details": {"path": path}}] {
          container := input.review.object.spec.template.spec.containers[index]
          endswith(container.image, ":latest")
          path := sprintf("spec.template.spec.containers[%d].image", [index])
          msg := sprintf("%v uses latest", [container.name])
        }
"""
CONSTRAINT = """\
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: NoLatest
metadata:
  name: no-latest
spec:
  match:
    kinds: [{apiGroups: [apps], kinds: [Deployment]}]
"""
PATTERN = """\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: no-latest
spec:
  validationFailureAction: Enforce
  rules:
    - name: tag
      match:
        any:
          - resources: {kinds: [Pod]}
      validate:
        message: A moving tag is not allowed.
        pattern:
          spec:
            containers:
              - image: "!*:latest"
"""
BY_CEL = """\
apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata:
  name: replicas
spec:
  validationActions: [Audit]
  matchConstraints:
    resourceRules:
      - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
  validations:
    - expression: object.spec.replicas > 1
      message: one replica is none
"""
POLICIES = {
    "conftest": {"policies/a.rego": REGO},
    "gator": {"policies/template.yaml": TEMPLATE, "policies/constraint.yaml": CONSTRAINT},
    # what is no policy must not make the others fall silent
    "kyverno": {
        "policies/a.yaml": f"{PATTERN}---\n{BY_CEL}",
        "policies/b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: no-policy}\n",
    },
}
TAG = ("overlays/prod/kustomization.yaml", 4)
REPLICAS = ("base/web.yaml", 7)
EXPECTED = {
    "conftest": [
        (*REPLICAS, "warning", "policy/conftest.main.warn_replicas"),
        (*TAG, "error", "policy/conftest.main.deny_latest"),
    ],
    "gator": [(*TAG, "error", "policy/gator.no-latest")],
    "kyverno": [
        ("base/web.yaml", 2, "warning", "policy/kyverno.replicas"),
        (*TAG, "error", "policy/kyverno.no-latest"),
    ],
}


def _files(engine: str, policies: dict[str, str]) -> dict[str, str]:
    config = f"policy: {{packs: [], engines: [{{{engine}: policies}}]}}\nignore: [policies/]\n"
    return {**FILES, **policies, ".gitops-ci.yaml": config}


@pytest.mark.parametrize("engine", sorted(POLICIES))
def test_what_the_engine_says_stands_on_source_lines(repository: Repository, engine: str) -> None:
    require_tool(engine)
    repository.commit(_files(engine, POLICIES[engine]))
    ended = gitops_ci(repository.root, "policy", "--format", "json")
    assert ended.code == 1, ended.err
    assert [
        (item["path"], item["line"], item["severity"], item["rule"])
        for item in ended.report["findings"]
    ] == EXPECTED[engine]


BROKEN = [
    ("conftest", "policies/a.rego", ("endswith(", "endswit("), 6),
    ("conftest", "policies/a.rego", ("{\n  input.kind", "{{\n  input.kind"), 5),
    ("gator", "policies/template.yaml", ("endswith(", "endswit("), 16),
    ("gator", "policies/constraint.yaml", ("NoLatest", "NoLatests"), 4),
    ("kyverno", "policies/a.yaml", ("pattern:", "patern:"), 14),
    ("kyverno", "policies/a.yaml", ("kinds: [Pod]", "kinds: Pod"), 11),
    ("kyverno", "policies/a.yaml", ("object.spec.replicas > 1", "object.spec.replicas >"), 29),
    ("kyverno", "policies/a.yaml", ("rules:", "rules: ["), 8),
]


@pytest.mark.parametrize(("engine", "path", "change", "line"), BROKEN)
def test_a_policy_that_does_not_compile_ends_the_run_at_its_line(
    repository: Repository, engine: str, path: str, change: tuple[str, str], line: int
) -> None:
    require_tool(engine)
    policies = dict(POLICIES[engine])
    policies[path] = policies[path].replace(*change)
    repository.commit(_files(engine, policies))
    ended = gitops_ci(repository.root, "policy", "--format", "json")
    assert ended.code == 2, ended.out
    finding = ended.report["findings"][0]
    assert (finding["rule"], finding["path"], finding["line"]) == ("policy/broken", path, line)


def test_a_namespace_without_rules_is_no_success(repository: Repository) -> None:
    require_tool("conftest")
    rego = REGO.replace("package main", "package other")
    repository.commit(_files("conftest", {"policies/a.rego": rego}))
    ended = gitops_ci(repository.root, "policy")
    assert ended.code == 3
    assert "no rule ran" in ended.out


def test_an_object_over_which_rego_fails_is_named(repository: Repository) -> None:
    require_tool("conftest")
    rego = (
        f"{REGO}\nf(x) := 1 if x > 0\nf(x) := 2 if x > 0\n"
        'deny_one contains "one" if { input.metadata.name == "bad"; f(1) == 1 }\n'
    )
    bad = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bad}\n"
    files = _files("conftest", {"policies/a.rego": rego})
    repository.commit({**files, "plain/bad.yaml": bad, "plain/good.yaml": bad.replace("bad", "ok")})
    ended = gitops_ci(repository.root, "policy", "--format", "json")
    findings = ended.report["findings"]
    unjudged = [item for item in findings if item["rule"] == "policy/no-verdict"]
    assert [item["path"] for item in unjudged] == ["plain/bad.yaml"]
    assert TAG in {(item["path"], item["line"]) for item in findings}
