from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gitops_ci.findings.engine import judge, standing_at_base
from gitops_ci.findings.threshold import exit_code
from gitops_ci.model import exits
from gitops_ci.model.finding import Finding
from gitops_ci.model.report import Checked, Report, Status
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location
from tests.unit.findings.build import HOST_PATH, LABELS, MUTABLE, WEB, fault, ids, inputs

DEV = fault(MUTABLE, root="overlays/dev", environment="dev")
PROD = fault(MUTABLE, root="overlays/prod", environment="prod")

SEVERITIES = [
    ("", DEV, Severity.WARNING),
    ("policy: {rules: {image/mutable-tag: error}}", DEV, Severity.ERROR),
    ("policy: {rules: {image/*: error}}", DEV, Severity.ERROR),
    ("policy: {rules: {image/mutable-tag: note, image/*: error}}", DEV, Severity.NOTE),
    ("policy: {rules: {pss/*: error}}", DEV, Severity.WARNING),
    ("overrides: [{match: {environment: dev}, rules: {image/*: note}}]", DEV, Severity.NOTE),
    ("overrides: [{match: {environment: dev}, rules: {image/*: note}}]", PROD, Severity.WARNING),
    ("overrides: [{match: {environment: d*}, rules: {image/*: note}}]", DEV, Severity.NOTE),
    ("overrides: [{match: {path: overlays/dev}, rules: {image/*: note}}]", DEV, Severity.NOTE),
    ("overrides: [{match: {path: apps/**}, rules: {image/*: note}}]", DEV, Severity.NOTE),
    ("overrides: [{match: {namespace: shop}, rules: {image/*: note}}]", DEV, Severity.NOTE),
    ("overrides: [{match: {namespace: x}, rules: {image/*: note}}]", DEV, Severity.WARNING),
    (
        "overrides: [{match: {environment: dev, namespace: x}, rules: {image/*: note}}]",
        DEV,
        Severity.WARNING,
    ),
    (
        (
            "overrides: [{match: {environment: dev}, rules: {image/*: note}},"
            " {match: {namespace: shop}, rules: {image/*: error}}]"
        ),
        DEV,
        Severity.ERROR,
    ),
    (
        "policy: {rules: {image/*: note}}\noverrides: [{match: {}, rules: {image/*: error}}]",
        DEV,
        Severity.ERROR,
    ),
    (
        'layouts: ["apps/{app}.yaml"]\noverrides: [{match: {app: web}, rules: {image/*: note}}]',
        DEV,
        Severity.NOTE,
    ),
    (
        (
            'layouts: ["apps/{app}.yaml"]\ngroups: {shop: {apps: [w*]}}\n'
            "overrides: [{match: {group: shop}, rules: {image/*: note}}]"
        ),
        DEV,
        Severity.NOTE,
    ),
]


@pytest.mark.parametrize(("text", "finding", "expected"), SEVERITIES)
def test_config_settles_the_severity(text: str, finding: Finding, expected: Severity) -> None:
    report = judge([finding], inputs(text))
    assert [judged.finding.severity for judged in report.shown] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "policy: {rules: {image/mutable-tag: off}}",
        'policy: {rules: {image/mutable-tag: "off"}}',
        "overrides: [{match: {environment: dev}, rules: {image/*: off}}]",
    ],
)
def test_a_rule_that_is_off_is_kept_as_suppressed(text: str) -> None:
    report = judge([DEV], inputs(text))
    assert report.shown == ()
    assert "switched off" in report.suppressed[0].suppressed


def test_observed_findings_are_notes_that_never_block() -> None:
    text = "overrides: [{match: {environment: dev}, mode: observe}]\nreport: {failOn: note}"
    dev, prod = (fault(root=name, environment=name, path=name) for name in ("dev", "prod"))
    report = judge([dev], inputs(text))
    assert report.status is Status.PASS
    assert report.shown[0].finding.severity is Severity.NOTE
    assert "would be an error" in report.shown[0].finding.hint
    assert judge([dev, prod], inputs(text)).status is Status.FAIL


def test_a_later_override_can_enforce_again() -> None:
    text = "overrides: [{match: {}, mode: observe}, {match: {environment: prod}, mode: enforce}]"
    assert judge([fault(environment="prod")], inputs(text)).status is Status.FAIL
    assert judge([fault(environment="dev")], inputs(text)).status is Status.PASS


@pytest.mark.parametrize(
    ("fail_on", "findings", "status"),
    [
        ("error", [fault()], Status.FAIL),
        ("error", [DEV], Status.PASS),
        ("warning", [DEV], Status.FAIL),
        ("warning", [fault(LABELS)], Status.PASS),
        ("note", [fault(LABELS)], Status.FAIL),
        ("never", [fault()], Status.PASS),
        ("error", [], Status.PASS),
    ],
)
def test_the_threshold_decides(fail_on: str, findings: list[Finding], status: Status) -> None:
    assert judge(findings, inputs(f"report: {{failOn: {fail_on}}}")).status is status


@pytest.mark.parametrize(
    ("text", "reason", "status"),
    [
        ("", "missing-tool", Status.INCOMPLETE),
        ("validate: {allowIncomplete: [missing-tool]}", "missing-tool", Status.FAIL),
        ("validate: {allowIncomplete: [timeout]}", "missing-tool", Status.INCOMPLETE),
        ("", "remote-base", Status.FAIL),
        ("validate: {require: [remote-base]}", "remote-base", Status.INCOMPLETE),
        ("", "helm-template", Status.FAIL),
        ("report: {failOn: never}", "timeout", Status.INCOMPLETE),
    ],
)
def test_what_could_not_be_checked_wins(text: str, reason: str, status: Status) -> None:
    report = judge([fault()], inputs(text, skipped=(Skip("a", reason),)))
    assert report.status is status


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (Status.PASS, exits.OK),
        (Status.FAIL, exits.FINDINGS),
        (Status.INCOMPLETE, exits.INCOMPLETE),
    ],
)
def test_exit_codes(status: Status, code: int) -> None:
    assert exit_code(Report(status)) == code


def test_one_base_fault_in_several_roots_is_one_finding() -> None:
    findings = [
        fault(MUTABLE, root=f"overlays/{env}", environment=env, object=replace(WEB, namespace=env))
        for env in ("dev", "prod", "qa")
    ]
    findings[1] = replace(findings[1], severity=Severity.ERROR)
    (judged,) = judge(findings, inputs()).shown
    assert judged.finding.severity is Severity.ERROR
    assert judged.finding.environment == "prod"
    assert [item.location.path for item in judged.finding.related] == [
        "overlays/dev",
        "overlays/qa",
    ]


def test_overlays_that_rename_the_object_still_give_one_finding() -> None:
    names = ("dev-web", "prod-web")
    findings = [fault(root=name, object=replace(WEB, name=name)) for name in names]
    assert len(judge(findings, inputs()).shown) == 1
    assert len(judge(findings, inputs()).shown) == 1


def test_one_line_that_makes_several_objects_gives_one_finding_each() -> None:
    names = ("a", "b")
    findings = [
        fault(root=root, object=replace(WEB, name=name)) for name in names for root in ("r", "s")
    ]
    assert len(judge(findings, inputs()).shown) == 2


def test_one_fault_in_several_kubernetes_versions_is_one_finding() -> None:
    findings = [fault(message=f"gone in Kubernetes {v}") for v in ("1.9", "1.32", "1.32", "1.31")]
    (judged,) = judge(findings, inputs()).shown
    assert judged.finding.message == "gone in Kubernetes 1.9, 1.31, 1.32"


def test_different_faults_on_one_line_stay_apart() -> None:
    findings = [fault(), fault(message="another"), fault(MUTABLE), fault(route=("a",))]
    assert len(judge(findings, inputs()).shown) == 4


def test_shown_is_sorted_by_place() -> None:
    findings = [fault(path="b", line=1), fault(path="a", line=10), fault(path="a", line=9)]
    shown = judge(findings, inputs()).shown
    assert [(j.finding.location.path, j.finding.location.line) for j in shown] == [
        ("a", 9),
        ("a", 10),
        ("b", 1),
    ]


def test_facts_pass_through() -> None:
    report = judge([], inputs(checked=Checked(files=3), remarks=("r",)))
    assert (report.checked.files, report.remarks) == (3, ("r",))


MANY = [
    fault(rule, line=line, root=root, message=message, object=replace(WEB, name=name))
    for rule in (HOST_PATH, MUTABLE)
    for line in (3, 5)
    for root in ("overlays/dev", "overlays/prod", "")
    for message in ("in Kubernetes 1.31", "in Kubernetes 1.32")
    for name in ("web", "api")
]


@given(st.permutations(MANY), st.integers(0, 20))
def test_the_order_of_the_checks_does_not_matter(findings: list[Finding], taken: int) -> None:
    given_ = inputs(standing=standing_at_base(MANY[:taken], inputs()))
    assert judge(findings, given_) == judge(MANY, given_)


@given(st.lists(st.sampled_from(MANY)), st.lists(st.sampled_from(MANY)))
def test_nothing_gets_lost(findings: list[Finding], at_base: list[Finding]) -> None:
    text = "overrides: [{match: {path: overlays/dev}, rules: {image/*: off}}]"
    report = judge(findings, inputs(text, standing=standing_at_base(at_base, inputs())))
    told = [*report.shown, *report.existing, *report.suppressed]
    roots = {(j.finding.rule.id, j.finding.root) for j in told} | {
        (j.finding.rule.id, item.location.path) for j in told for item in j.finding.related
    }
    assert roots >= {(finding.rule.id, finding.root) for finding in findings}
    assert not any(judged.finding.severity is Severity.NOTE for judged in told)


def base(*findings: Finding, text: str = "") -> object:
    return standing_at_base(findings, inputs(text))


def test_only_what_the_change_brings_blocks() -> None:
    report = judge([fault(line=9), fault(MUTABLE)], inputs(standing=base(fault(line=5))))
    assert ids(report) == ["image/mutable-tag"]
    assert [j.finding.rule for j in report.existing] == [HOST_PATH]
    assert report.existing[0].existing
    assert report.status is Status.PASS


def test_existing_ones_block_when_asked() -> None:
    report = judge([fault()], inputs("report: {failOnExisting: true}", standing=base(fault())))
    assert report.status is Status.FAIL
    assert report.shown[0].existing


def test_a_second_fault_of_the_same_kind_is_new() -> None:
    report = judge([fault(line=5), fault(line=7)], inputs(standing=base(fault(line=5))))
    assert (len(report.shown), len(report.existing)) == (1, 1)


def test_the_one_on_a_changed_line_is_the_new_one() -> None:
    changed = {"apps/web.yaml": ((5, 5),)}
    report = judge(
        [fault(line=5), fault(line=7)], inputs(standing=base(fault(line=5)), changed=changed)
    )
    assert report.shown[0].finding.location.line == 5


def test_a_fault_that_moves_to_another_file_is_new_unless_the_file_was_renamed() -> None:
    moved = fault(path="apps/new.yaml")
    standing = base(fault())
    assert len(judge([moved], inputs(standing=standing)).shown) == 1
    renames = {"apps/new.yaml": "apps/web.yaml"}
    assert judge([moved], inputs(standing=standing, renames=renames)).shown == ()


def test_a_fault_known_by_its_value_stands_in_whatever_file_it_is_now() -> None:
    key = replace(fault(), key="#print", moves=True)
    copies = [replace(key, location=Location(path)) for path in ("apps/a.yaml", "apps/b.yaml")]
    assert judge(copies[:1], inputs(standing=base(key))).shown == ()
    report = judge(copies, inputs(standing=base(key)))
    assert (len(report.shown), len(report.existing)) == (1, 1)
    assert len(judge([*copies, key], inputs(standing=base(key))).shown) == 2
    heavier = replace(copies[0], severity=Severity.ERROR)
    lighter = replace(key, severity=Severity.WARNING)
    assert len(judge([heavier], inputs(standing=base(lighter))).shown) == 1


def test_a_fault_that_becomes_more_severe_is_new() -> None:
    prod = replace(PROD, severity=Severity.ERROR)
    assert len(judge([DEV, prod], inputs(standing=base(DEV))).shown) == 1
    assert judge([DEV], inputs(standing=base(prod))).shown == ()


def test_a_new_overlay_on_a_faulty_base_brings_nothing_new() -> None:
    standing = base(DEV)
    renamed = replace(PROD, object=replace(WEB, name="a-web"))
    assert judge([DEV, renamed], inputs(standing=standing)).shown == ()


def test_taking_a_suppression_away_brings_the_finding() -> None:
    off = "policy: {rules: {pss/host-path: off}}"
    assert len(judge([fault()], inputs(standing=base(fault(), text=off))).shown) == 1
