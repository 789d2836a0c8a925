"""What engines print, to verdicts: every form, beside output that is no answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gitops_ci.model.severity import Severity
from gitops_ci.policy.broken import BrokenPolicyError
from gitops_ci.policy.engines.command import Command
from gitops_ci.policy.engines.conftest import Conftest
from gitops_ci.policy.engines.gator import Gator
from gitops_ci.policy.engines.kyverno import Kyverno
from gitops_ci.policy.engines.port import Engine, EngineFailedError, Sent, Verdict
from gitops_ci.tools.run import Outcome

WEB: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"replicas": 1, "template": {"spec": {"containers": [{"image": "a:latest"}]}}},
}
IMAGE = ("spec", "template", "spec", "containers", 0, "image")
CONSTRAINT = b"""\
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sRequiredLabels
metadata:
  name: must-have-team
spec:
  parameters: {labels: 3}
"""
TEMPLATE = b"""\
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata:
  name: k8srequiredlabels
spec:
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: |
        package k8srequiredlabels

        violation[{"msg": msg}] {
          cont(input) > 0
          msg := "x"
        }
"""
SENT = Sent({0: WEB, 7: {**WEB, "metadata": {"name": "other"}}}, files={"g/c.yaml": CONSTRAINT})
CONFTEST = Conftest(("policy",))
GATOR = Gator(("g",))
SARIF = Command(("linter", "{objects}"))
JSON = Command(("linter", "{objects}"), "json", (1, 3))


def _verdicts(
    engine: Engine, answer: Any, code: int = 1, stderr: str = "", sent: Sent = SENT
) -> list[Verdict]:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return list(engine.verdicts(Outcome(code, text.encode(), stderr), sent))


def _conftest(number: int = 0, **result: Any) -> dict[str, Any]:
    name = f"../objects/{number:06}.yaml"
    return {"filename": name, "namespace": "main", "successes": 1, **result}


def _sarif(*results: dict[str, Any], **run: Any) -> dict[str, Any]:
    rules = [{"id": "L1", "helpUri": "https://example.com/l1"}]
    tool = {"driver": {"name": "linter", "rules": rules}}
    return {"version": "2.1.0", "runs": [{"tool": tool, "results": list(results), **run}]}


def _at(uri: str, line: int | None = None) -> list[dict[str, Any]]:
    place: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if line is not None:
        place["region"] = {"startLine": line}
    return [{"physicalLocation": place}]


KYVERNO = Kyverno(("k",))
POLICIES = b"""\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: no-latest
spec:
  rules:
    - name: tag
      validate: {pattern: {spec: {replicas: ">1"}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: not-a-policy}
---
apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata: {name: by-cel}
spec:
  validations:
    - expression: "1 >"
"""
KYVERNO_SENT = Sent(SENT.objects, files={"k/a.yaml": POLICIES})


def _report(*results: dict[str, Any]) -> str:
    return "\n" + json.dumps({"kind": "ClusterReport", "results": results}) + "\n---\n"


def _result(word: str, message: str, uid: str = "gitops-ci-7") -> dict[str, Any]:
    thing = {"kind": "Deployment", "name": "web", "uid": uid}
    return {"policy": "no-latest", "result": word, "message": message, "resources": [thing]}


PATHS = [
    ("spec.replicas", ("spec", "replicas")),
    ("$.spec.replicas", ("spec", "replicas")),
    ("/spec/template/spec/containers/0/image/", IMAGE),
    ("spec.template.spec.containers[0].image", IMAGE),
    ('spec["template"].spec', ("spec", "template", "spec")),
    (["spec", "template", "spec", "containers", 0, "image"], IMAGE),
    ("metadata.labels.team", ("metadata", "labels", "team")),
    ("input.review", ()),
    ("not a [path", ()),
    (7, ()),
    ([{}], ()),
]


@pytest.mark.parametrize(("path", "route"), PATHS)
def test_a_path_becomes_a_route(path: Any, route: tuple[str | int, ...]) -> None:
    failure = {"msg": "no", "metadata": {"query": "data.main.deny", "path": path}}
    (verdict,) = _verdicts(CONFTEST, [_conftest(failures=[failure])])
    assert verdict == Verdict(0, "main.deny", "no", None, route)


def test_conftest_weighs_by_the_kind_of_rule() -> None:
    one = {"msg": "a\n  b", "metadata": {"query": "data.k8s.labels.warn_team"}}
    verdicts = _verdicts(CONFTEST, [_conftest(7, warnings=[one]), _conftest()])
    assert verdicts == [Verdict(7, "k8s.labels.warn_team", "a b", Severity.WARNING)]


def test_gator_repeats_the_object() -> None:
    result = {
        "msg": "no team",
        "constraint": {"metadata": {"name": "must-have-team"}},
        "metadata": {"details": {"path": "spec.replicas"}},
        "violatingObject": WEB,
    }
    weights = {"deny": None, "warn": Severity.WARNING, "dryrun": Severity.NOTE}
    for action, severity in weights.items():
        (verdict,) = _verdicts(GATOR, [{**result, "enforcementAction": action}])
        expected = Verdict(0, "must-have-team", "no team", severity, ("spec", "replicas"))
        assert verdict == expected
    assert _verdicts(GATOR, "null", 0) == []


def test_sarif_names_files_and_lines() -> None:
    text = {"text": "no"}
    log = _sarif(
        {"ruleId": "L1", "level": "warning", "message": text, "locations": _at("x/000007.yaml")},
        {"ruleIndex": 0, "message": text, "locations": _at("file:///tmp/objects/000000.yaml", 9)},
        {"ruleId": "L1", "message": text, "locations": _at("000000.yaml"), "kind": "pass"},
        {
            "ruleId": "L1",
            "message": text,
            "locations": _at("000000.yaml"),
            "suppressions": [{"kind": "inSource"}],
        },
    )
    first, second = _verdicts(SARIF, log)
    assert first == Verdict(7, "L1", "no", Severity.WARNING, url="https://example.com/l1")
    assert second.route == ("spec", "replicas")


def test_json_of_our_own_form() -> None:
    one = {"file": "/x/000000.yaml", "rule": "no latest!", "message": "m", "severity": "low"}
    more = {"path": "/spec/replicas", "hint": "h", "url": "https://example.com"}
    expected = Verdict(
        0,
        "no-latest",
        "m",
        Severity.NOTE,
        ("spec", "replicas"),
        hint="h",
        url="https://example.com",
    )
    for answer in ([{**one, **more}], {"results": [{**one, **more}]}):
        assert _verdicts(JSON, answer, 3) == [expected]
    assert _verdicts(JSON, [{**one, "line": 9}])[0].route == ("spec", "replicas")
    assert _verdicts(JSON, [], 0) == []


def test_kyverno_reports_by_the_uid() -> None:
    path = "/spec/template/spec/containers/0/image/"
    answer = _report(
        _result("fail", f"validation error: No latest. rule autogen-tag failed at path {path}"),
        _result("warn", "by CEL", "gitops-ci-0"),
        _result("error", "no such key"),
        _result("pass", "fine"),
        _result("skip", "not here"),
    )
    assert _verdicts(KYVERNO, answer, sent=KYVERNO_SENT) == [
        Verdict(7, "no-latest", "No latest.", None, IMAGE),
        Verdict(0, "no-latest", "by CEL", Severity.WARNING),
        Verdict(7, "no-latest", "not evaluated: no such key", Severity.ERROR),
    ]
    assert _verdicts(KYVERNO, "", 0, sent=KYVERNO_SENT) == []


def test_kyverno_gets_each_policy_in_a_file_of_its_own() -> None:
    arranged = KYVERNO.arranged(KYVERNO_SENT.files)
    kinds = [json.loads(text)["kind"] for text in arranged.values()]
    assert kinds == ["ClusterPolicy", "ValidatingPolicy"]
    assert KYVERNO.words(arranged)[:3] == (
        "apply",
        "../policies/000000.yaml",
        "../policies/000001.yaml",
    )
    assert KYVERNO.marked(3, {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy"}) is None
    marked = KYVERNO.marked(3, WEB) or {}
    assert marked["metadata"] == {**WEB["metadata"], "uid": "gitops-ci-3"}


NO_ANSWERS = [
    (CONFTEST, "", 1, "Error: running test: no such file", "running test: no such file"),
    (CONFTEST, "", 1, "", "exit code 1"),
    (CONFTEST, "[{]", 1, "\x1b[31mbroken\x1b[0m", "broken"),
    (CONFTEST, [], 0, "", "no rule ran"),
    (CONFTEST, [_conftest(successes=0)], 0, "", "no rule ran"),
    (CONFTEST, [_conftest(3)], 0, "", "none of the objects"),
    (KYVERNO, "", 1, "Error: failed to load", "failed to load"),
    (KYVERNO, _report(_result("fail", "m", "3")), 1, "", "none of the objects"),
    (KYVERNO, "{", 1, "", "no JSON"),
    (GATOR, "", 1, "2026/01/01 WARNING - x\nauditing objects: sad", "auditing objects: sad"),
    (GATOR, [{"violatingObject": {"kind": "Pod"}}], 1, "", "none of the objects"),
    (SARIF, {"runs": 3}, 1, "", "no SARIF log"),
    (SARIF, _sarif({"ruleId": "L1", "locations": _at("web.yaml")}), 1, "", "none of the objects"),
    (SARIF, _sarif(invocations=[{"executionSuccessful": False}]), 0, "", "did not succeed"),
    (SARIF, _sarif(), 1, "", "nothing was found"),
    (SARIF, _sarif(), 2, "Error: disk full", "exit code 2: disk full"),
    (JSON, {"a": 1}, 0, "", "no list of findings"),
    (JSON, [{"file": "000000.yaml"}], 1, "", "a finding needs"),
]


@pytest.mark.parametrize(("engine", "answer", "code", "stderr", "words"), NO_ANSWERS)
def test_what_is_no_answer(engine: Engine, answer: Any, code: int, stderr: str, words: str) -> None:
    sent = KYVERNO_SENT if engine is KYVERNO else SENT
    with pytest.raises(EngineFailedError) as error:
        _verdicts(engine, answer, code, stderr, sent)
    assert words in error.value.message
    assert not error.value.evaluating


def test_a_policy_that_fails_over_an_object() -> None:
    stderr = "Error: query rule: policy/a.rego:4: eval_conflict_error: two outputs\n"
    with pytest.raises(EngineFailedError) as error:
        _verdicts(CONFTEST, "", 1, stderr)
    assert error.value.evaluating
    assert error.value.message == "policy/a.rego:4: eval_conflict_error: two outputs"


ADDING = "auditing objects: adding "
BROKEN = [
    (
        CONFTEST,
        {},
        """Error: load: 2 errors occurred:
policy/a.rego:8: rego_type_error: undefined function f
policy/b.rego:2: rego_parse_error: `if` keyword is required
""",
        [("policy/a.rego", 8), ("policy/b.rego", 2)],
    ),
    (
        GATOR,
        {"g/c.yaml": CONSTRAINT, "g/t.yaml": TEMPLATE},
        f'{ADDING}template "k8srequiredlabels": 1 error occurred: template:4: rego_type_error: u',
        [("g/t.yaml", 12)],
    ),
    (
        GATOR,
        {"g/c.yaml": CONSTRAINT},
        f'{ADDING}constraint "must-have-team": [].spec.parameters.labels: Invalid value: 3',
        [("g/c.yaml", 6)],
    ),
    (
        GATOR,
        {"g/c.yaml": CONSTRAINT},
        f'{ADDING}constraint "must-have-team": missing ConstraintTemplate',
        [("g/c.yaml", 4)],
    ),
    (
        KYVERNO,
        KYVERNO_SENT.files,
        (
            'x > skipping invalid YAML file error="failed to load file ../policies/000000.yaml:'
            ' failed to parse document (spec.rules[0].validate.patern: Invalid value: unknown)"'
            " logger=kubectl-kyverno path=../policies/000000.yaml v=3"
        ),
        [("k/a.yaml", 8)],
    ),
    (
        KYVERNO,
        KYVERNO_SENT.files,
        (
            'ERR x > Non-fatal parsing error for single document error="failed to validate'
            ' resource (ValidatingPolicy.policies.kyverno.io \\"by-cel\\" is invalid:'
            ' spec.validations: Invalid value: \\"x\\")" logger=kubectl-kyverno'
        ),
        [("k/a.yaml", 18)],
    ),
    (
        KYVERNO,
        KYVERNO_SENT.files,
        (
            "Error: failed to apply policies on resource web (failed to compile policy by-cel ([: "
            'failed, spec.validations[0].expression: Invalid value: "1 >"'
        ),
        [("k/a.yaml", 19)],
    ),
    (GATOR, {"g/c.yaml": b"a:\n  - [\n"}, "reading yaml source", [("g/c.yaml", 3)]),
]


@pytest.mark.parametrize(("engine", "files", "stderr", "places"), BROKEN)
def test_a_policy_that_does_not_compile(
    engine: Engine, files: dict[str, bytes], stderr: str, places: list[tuple[str, int]]
) -> None:
    with pytest.raises(BrokenPolicyError) as error:
        _verdicts(engine, "", 1, stderr, Sent({0: WEB}, files=files))
    assert [(fault.path, fault.line) for fault in error.value.faults] == places


def test_a_folder_without_constraints_judges_nothing() -> None:
    with pytest.raises(EngineFailedError, match="no constraint"):
        _verdicts(GATOR, "null", 0, "", Sent({0: WEB}))
