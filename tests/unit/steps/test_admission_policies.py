"""Admission policies in the check: whose hold, where findings stand, what stays open."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import Ended, gitops_ci
from tests.support.repository import Repository

CONFIG = """\
version: 1
environments: {dev: {}, prod: {from: [dev]}}
layouts: ["apps/overlays/{env}"]
policy: {packs: [], custom: [policies/]}
"""
POLICY = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: replica.limit}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
  validations:
  - expression: object.spec.replicas <= 5
    message: at most five
"""
BINDING = """\
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: replica-limit}
spec: {policyName: replica.limit, validationActions: [Deny]}
"""
FILES = {
    ".gitops-ci.yaml": CONFIG,
    "policies/limit.yaml": POLICY + BINDING,
    "apps/base/kustomization.yaml": "resources: [web.yaml]\n",
    "apps/base/web.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "example/web:1.0.0"}
""",
    "apps/overlays/dev/kustomization.yaml": "resources: [../../base]\n",
    "apps/overlays/prod/kustomization.yaml": "resources: [../../base]\npatches: [{path: p.yaml}]\n",
    "apps/overlays/prod/p.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 9
""",
}
LIMIT = ("apps/overlays/prod/p.yaml", 5, "policy/replica-limit")


def policy(repository: Repository, *words: str) -> Ended:
    return gitops_ci(repository.root, "policy", "--format", "json", *words)


def pull_request(repository: Repository, base: str, tmp_path: Path) -> Ended:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}}}))
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
    }
    return gitops_ci(repository.root, "policy", "--format", "json", environ=environ)


def test_the_line_to_change_and_the_line_of_the_policy(repository: Repository) -> None:
    repository.commit(FILES)
    ended = policy(repository)
    assert (ended.code, ended.places()) == (1, [LIMIT])
    (finding,) = ended.report["findings"]
    assert (finding["message"], finding["severity"]) == ("at most five", "error")
    demanded = [(item["path"], item["line"]) for item in finding["related"]]
    assert ("policies/limit.yaml", 9) in demanded


@pytest.mark.parametrize(
    ("actions", "severity", "code"),
    [("[Deny, Audit]", "error", 1), ("[Warn]", "warning", 0), ("[Audit]", "note", 0)],
)
def test_the_action_of_the_binding_is_the_weight(
    repository: Repository, actions: str, severity: str, code: int
) -> None:
    weighed = POLICY + BINDING.replace("[Deny]", actions)
    repository.commit({**FILES, "policies/limit.yaml": weighed})
    ended = policy(repository)
    assert (ended.code, ended.places(severity)) == (code, [LIMIT])


def test_the_configuration_may_weigh_otherwise(repository: Repository) -> None:
    config = CONFIG.replace("packs: []", "packs: [], rules: {policy/replica-limit: note}")
    repository.commit({**FILES, ".gitops-ci.yaml": config})
    assert policy(repository).places("note") == [LIMIT]


def test_policies_that_do_not_compile_are_said_all_at_once(repository: Repository) -> None:
    broken = """\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: broken}
spec:
  rules:
  - name: rule
    match: {any: [{resources: {kinds: [Pod]}}]}
    validate:
      cel:
        expressions:
        - expression: >-
            object.spec.hostNetwork ||
            nobody(object.spec)
        - expression: |
            true &&
              knows
        - expression: "1"
"""
    repository.commit({**FILES, "policies/broken.yaml": broken})
    ended = policy(repository)
    assert ended.code == 2
    assert ended.places() == [
        ("policies/broken.yaml", 13, "policy/broken"),
        ("policies/broken.yaml", 16, "policy/broken"),
        ("policies/broken.yaml", 17, "policy/broken"),
    ]
    columns = [finding["column"] for finding in ended.report["findings"]]
    assert columns == [19, 15, 24]


def test_a_change_cannot_take_the_policy_away(repository: Repository, tmp_path: Path) -> None:
    base = repository.commit({**FILES, "apps/overlays/prod/p.yaml": "# empty\n"})
    (repository.root / "policies/limit.yaml").unlink()
    repository.commit({"apps/overlays/prod/p.yaml": FILES["apps/overlays/prod/p.yaml"]})
    ended = pull_request(repository, base, tmp_path)
    assert (ended.code, ended.places("error")) == (1, [LIMIT])


def test_a_change_that_breaks_the_policy_is_told(repository: Repository, tmp_path: Path) -> None:
    base = repository.commit(FILES)
    broken = POLICY.replace("object.spec", "objekt.spec") + BINDING
    repository.commit({"policies/limit.yaml": broken})
    ended = pull_request(repository, base, tmp_path)
    assert ended.code == 1
    assert ended.places("error") == [("policies/limit.yaml", 9, "policy/broken")]


def test_policies_of_the_repository_hold_where_they_are_deployed(repository: Repository) -> None:
    config = CONFIG.replace("custom: [policies/]", "fromRepo: true")
    files = {
        **FILES,
        ".gitops-ci.yaml": config,
        "apps/overlays/dev/limit.yaml": POLICY.replace("<= 5", "<= 1") + BINDING,
        "apps/overlays/dev/kustomization.yaml": "resources: [../../base, limit.yaml]\n",
    }
    del files["policies/limit.yaml"]
    repository.commit(files)
    ended = policy(repository)
    assert ended.places() == [("apps/base/web.yaml", 5, "policy/replica-limit")]
    off = config.replace("fromRepo: true", "fromRepo: false")
    repository.commit({".gitops-ci.yaml": off})
    assert policy(repository).places() == []


def test_a_change_cannot_take_a_deployed_policy_away(
    repository: Repository, tmp_path: Path
) -> None:
    overlay = "apps/overlays/prod/kustomization.yaml"
    with_policy = FILES[overlay].replace("[../../base]", "[../../base, limit.yaml]")
    files = {
        **FILES,
        ".gitops-ci.yaml": CONFIG.replace("custom: [policies/]", "fromRepo: true"),
        "apps/overlays/prod/limit.yaml": POLICY + BINDING,
        overlay: with_policy,
        "apps/overlays/prod/p.yaml": FILES["apps/overlays/prod/p.yaml"].replace("9", "3"),
    }
    base = repository.commit(files)
    repository.commit({k: FILES[k] for k in (overlay, "apps/overlays/prod/p.yaml")})
    ended = pull_request(repository, base, tmp_path)
    assert (ended.code, ended.places("error")) == (1, [LIMIT])


def test_exceptions_and_ignores_name_the_policy(repository: Repository) -> None:
    exception = """\
rule: policy/replica-limit
match: {kind: Deployment, name: web}
reason: a sale
owner: "@org/shop"
expires: 2999-01-01
"""
    repository.commit({**FILES, ".gitops-ci/exceptions/sale.yaml": exception})
    ended = policy(repository)
    assert (ended.code, ended.places()) == (0, [])
    assert ended.report["summary"]["suppressed"] == 1


def test_what_only_the_cluster_knows_is_counted(repository: Repository) -> None:
    asking = POLICY.replace("object.spec.replicas <= 5", "namespaceObject.metadata.labels.a == 'x'")
    repository.commit({**FILES, "policies/limit.yaml": asking + BINDING})
    ended = policy(repository)
    assert (ended.code, ended.places()) == (0, [])
    (left,) = [item for item in ended.report["summary"]["skipped"] if item["class"] == "external"]
    assert left["path"] == "policies/limit.yaml#ValidatingAdmissionPolicy/replica.limit"
    assert left["reason"] == "cluster-state"
    assert left["detail"] == (
        "ValidatingAdmissionPolicy replica.limit not evaluated on"
        " 2 objects: the namespace shop is not in the repository"
    )
    required = CONFIG + "validate: {require: [cluster-state]}\n"
    repository.commit({".gitops-ci.yaml": required})
    assert policy(repository).code == 3
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
    repository.commit({"namespaces/shop.yaml": namespace})
    ended = policy(repository)
    assert {rule for _, _, rule in ended.places("error")} == {"policy/replica-limit"}
    assert not [item for item in ended.report["summary"]["skipped"] if item["class"] == "external"]


@pytest.mark.parametrize(("failure", "severity"), [("Fail", "error"), ("Ignore", "note")])
def test_an_expression_without_a_value(repository: Repository, failure: str, severity: str) -> None:
    text = POLICY.replace("object.spec.replicas", "object.spec.nowhere")
    text = text.replace("spec:\n", f"spec:\n  failurePolicy: {failure}\n", 1)
    repository.commit({**FILES, "policies/limit.yaml": text + BINDING})
    (finding,) = policy(repository).report["findings"]
    assert (finding["rule"], finding["severity"]) == ("policy/replica-limit", severity)
    assert "nowhere" in finding["message"]
    if failure == "Ignore":
        assert finding["message"].startswith("2 objects not judged")
        assert finding["path"] == "policies/limit.yaml"
    else:
        assert (finding["path"], finding["line"]) == ("apps/base/web.yaml", 4)


def test_rules_that_are_not_in_cel_are_counted(repository: Repository) -> None:
    mixed = """\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: mixed}
spec:
  rules:
  - name: in-cel
    match: {any: [{resources: {kinds: [Deployment]}}]}
    validate: {cel: {expressions: [{expression: "true"}]}}
  - name: pattern
    match: {any: [{resources: {kinds: [Deployment]}}]}
    validate: {pattern: {spec: {replicas: ">1"}}}
"""
    repository.commit({**FILES, "policies/limit.yaml": mixed})
    (left,) = [
        item
        for item in policy(repository).report["summary"]["skipped"]
        if "Kyverno" in item["detail"]
    ]
    assert "2 objects: the rule is not in CEL" in left["detail"]


def test_files_that_are_not_there_or_broken_are_said(repository: Repository) -> None:
    config = CONFIG.replace("[policies/]", "[policies/, more/*.yaml]")
    repository.commit({**FILES, ".gitops-ci.yaml": config, "policies/odd.yaml": "kind: [\n"})
    ended = policy(repository)
    assert ended.code == 2
    assert {(path, rule) for path, _, rule in ended.places()} == {
        (".gitops-ci.yaml", "policy/broken"),
        ("policies/odd.yaml", "yaml/syntax"),
    }


def test_a_policy_of_no_environment_holds_wherever_there_is_no_other(
    repository: Repository,
) -> None:
    files = {
        **FILES,
        ".gitops-ci.yaml": CONFIG.replace("custom: [policies/]", "fromRepo: true"),
        "policies/limit.yaml": POLICY.replace("<= 5", "<= 1") + BINDING,
        "apps/overlays/prod/limit.yaml": POLICY.replace("<= 5", "<= 10") + BINDING,
        "apps/overlays/prod/kustomization.yaml": FILES[
            "apps/overlays/prod/kustomization.yaml"
        ].replace("[../../base]", "[../../base, limit.yaml]"),
    }
    repository.commit(files)
    assert policy(repository).places() == [("apps/base/web.yaml", 5, "policy/replica-limit")]


def test_without_the_evaluator_the_run_is_incomplete(repository: Repository) -> None:
    repository.commit(FILES)
    code = (
        "import sys; sys.modules['cel_expr_python'] = None\n"
        "from gitops_ci.cli.main import main\n"
        "sys.argv = ['gitops-ci', 'policy', '--format', 'json']\n"
        "sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repository.root, capture_output=True, text=True
    )
    report = json.loads(done.stdout)
    (left,) = [item for item in report["summary"]["skipped"] if item["class"] == "incomplete"]
    assert (done.returncode, report["status"]) == (3, "incomplete")
    assert left["path"] == "policies/limit.yaml#ValidatingAdmissionPolicy/replica.limit"
    assert left["detail"].endswith("not evaluated: install gitops-ci[policy]")


def test_without_policies_nothing_of_it_is_loaded(repository: Repository) -> None:
    repository.commit({"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"})
    code = (
        "import sys; from gitops_ci.cli.main import main; sys.argv = ['gitops-ci', 'policy']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith(('gitops_ci.cel', 'cel_'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repository.root, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
