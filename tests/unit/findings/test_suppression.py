"""Ignores next to the code and on objects: what counts, what does not, and what is said."""

from __future__ import annotations

import time
from typing import Any

import pytest

from gitops_ci.documents.locate import locate
from gitops_ci.documents.manifests import ref_of
from gitops_ci.documents.read import read
from gitops_ci.findings.annotations import ignores_on
from gitops_ci.findings.engine import judge
from gitops_ci.findings.inline import ignores_in
from gitops_ci.findings.suppression import Collected, split_by_trust
from gitops_ci.model.finding import Finding
from gitops_ci.model.report import Report
from gitops_ci.model.severity import Severity
from tests.unit.findings.build import HOST_PATH, KNOWN, MUTABLE, TOKEN, WEB, fault, ids, inputs

PATH = "apps/web.yaml"


def collect(text: str) -> Collected:
    return ignores_in(PATH, text.encode(), KNOWN)


def judged(text: str, *findings: Finding, **more: Any) -> Report:
    collected = collect(text)
    return judge(
        [*findings, *collected.findings], inputs(suppressions=collected.suppressions, **more)
    )


ON_LINE_3 = [
    "a:\n  b:\n    c: 1  # gitops-ci: ignore pss/host-path the device is needed\n",
    "a:\n  # gitops-ci: ignore pss/host-path the device is needed\n  c: 1\n",
    "a:\n  #gitops-ci:ignore pss/host-path: the device is needed\n  c: 1\n",
    "# gitops-ci: ignore pss/host-path needed\n# and another comment\n  c: 1\n",
    "a:\n# gitops-ci: ignore image/mutable-tag,pss/host-path needed\n  c: 1\n",
    "a:\n// gitops-ci: ignore image/mutable-tag, pss/host-path - needed\nc = 1\n",
    "a:\r\n# gitops-ci: ignore pss/host-path needed\r\n  c: 1\r\n",
    "a:\nb:\nx: 1 {{/* # gitops-ci: ignore pss/host-path needed */}}\n",
    "a:\nb:\nc:\nd: # gitops-ci: ignore-file pss/host-path all of it\n",
]
NOT_ON_LINE_3 = [
    "a:\n  b: # gitops-ci: ignore pss/host-path the line above has content\n  c: 1\n",
    "# gitops-ci: ignore pss/host-path\n\n  c: 1\n",
    "a:\n# gitops-ci: ignore image/mutable-tag needed\n  c: 1\n",
    "a:\n# gitops-ci: ignore pss/host-pth needed\n  c: 1\n",
    "a:\n# gitops-ci: ignore pss/* needed\n  c: 1\n",
    "a:\n# gitops-ci: ignore pss/host-path\n  c: 1\n",
    "a:\n# gitops-ci: ignored pss/host-path needed\n  c: 1\n",
    "a:\n# gitops-ci: ignore\n  c: 1\n",
    "a:\nb: x#gitops-ci: ignore-file pss/host-path no comment at all\n",
]


@pytest.mark.parametrize("text", ON_LINE_3)
def test_comments_suppress(text: str) -> None:
    report = judged(text, fault(line=3))
    assert "pss/host-path" not in ids(report)
    assert [item.finding.rule for item in report.suppressed] == [HOST_PATH]


@pytest.mark.parametrize("text", NOT_ON_LINE_3)
def test_other_comments_do_not(text: str) -> None:
    assert "pss/host-path" in ids(judged(text, fault(line=3)))


def test_a_comment_is_for_its_own_file_only() -> None:
    report = judged(ON_LINE_3[0], fault(line=3, path="other.yaml"))
    assert "pss/host-path" in ids(report)


def test_the_reason_is_reported() -> None:
    report = judged(ON_LINE_3[0], fault(line=3))
    assert report.suppressed[0].suppressed == "comment: the device is needed"


def test_a_file_without_text_has_no_ignores() -> None:
    assert ignores_in(PATH, b"\xff\xfe\x00gitops-ci: ignore", KNOWN) == Collected()


@pytest.mark.parametrize(
    ("comment", "rule_id", "hint"),
    [
        ("ignore pss/host-pth needed", "config/unknown-ignore", "did you mean 'pss/host-path'?"),
        ("ignore host-path needed", "config/unknown-ignore", "did you mean 'pss/host-path'?"),
        ("ignore pss/host-path", "config/ignore-without-reason", "write the reason"),
        ("ignore pss/host-path  ", "config/ignore-without-reason", "write the reason"),
        ("ignore", "config/unknown-ignore", ""),
    ],
)
def test_an_ignore_that_cannot_count_is_found(comment: str, rule_id: str, hint: str) -> None:
    report = judged(f"a:\n# gitops-ci: {comment}\nb:\n")
    assert ids(report) == [rule_id]
    assert hint in report.shown[0].finding.hint
    assert report.shown[0].finding.location.line == 2


def test_an_unused_ignore_is_a_note_when_its_rule_ran_everywhere() -> None:
    text = ON_LINE_3[0]
    report = judged(text)
    assert ids(report) == ["config/unused-ignore"]
    assert report.shown[0].finding.severity is Severity.NOTE
    assert ids(judged(text, complete=False)) == []
    assert ids(judged(text, ran=lambda rule_id: not rule_id.startswith("pss/"))) == []


def test_secrets_are_ignored_inline_only_where_that_is_allowed() -> None:
    text = "a: b # gitops-ci: ignore secret/token an example\n"
    collected, finding = collect(text), fault(TOKEN, line=1)
    allowed = judge([finding], inputs(suppressions=collected.suppressions))
    assert ids(allowed) == []
    refused = judge(
        [finding], inputs("secrets: {allowInline: false}", suppressions=collected.suppressions)
    )
    assert sorted(ids(refused)) == ["config/ignore-not-allowed", "secret/token"]


def test_a_suppression_that_the_change_adds_waits_for_approval() -> None:
    added = collect(ON_LINE_3[0]).suppressions
    text = 'exceptions: {approvers: ["@org/security"]}'
    report = judge([fault(line=3)], inputs(text, unapproved=added))
    assert sorted(ids(report)) == ["config/unapproved-suppression", "pss/host-path"]
    assert any("approval by @org/security" in j.finding.hint for j in report.shown)


def test_trust_follows_the_text_and_not_the_line() -> None:
    base = collect("c: 1 # gitops-ci: ignore pss/host-path needed\n")
    moved = collect("\n\n  c: 1   # gitops-ci: ignore pss/host-path needed\n")
    assert split_by_trust(moved.suppressions, base.suppressions) == (moved.suppressions, ())


@pytest.mark.parametrize(
    "text",
    [
        "d: 1 # gitops-ci: ignore pss/host-path needed\n",
        "c: 1 # gitops-ci: ignore pss/host-path another reason\n",
        "c: 1 # gitops-ci: ignore image/mutable-tag needed\n",
        "c: 1 # gitops-ci: ignore-file pss/host-path needed\n",
    ],
)
def test_a_changed_suppression_is_a_new_one(text: str) -> None:
    base = collect("c: 1 # gitops-ci: ignore pss/host-path needed\n").suppressions
    head = collect(text).suppressions
    assert split_by_trust(head, base) == ((), head)


def test_many_comments_in_one_file_cost_little() -> None:
    start = time.process_time()
    text = "# gitops-ci: ignore pss/host-path needed\n" * 20_000 + "a: 1\n"
    report = judged(text, *(fault(line=line) for line in range(20_001, 20_201)))
    assert len(report.suppressed) == 1
    assert time.process_time() - start < 5


def test_a_copied_suppression_counts_once() -> None:
    line = "c: 1 # gitops-ci: ignore pss/host-path needed\n"
    trusted, added = split_by_trust(collect(line * 2).suppressions, collect(line).suppressions)
    assert ([t.location.line for t in trusted], [a.location.line for a in added]) == ([1], [2])


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  namespace: shop
  name: web
  annotations:
    {0}
spec:
  template:
    metadata:
      annotations:
        {1}
"""
IGNORE = "gitops-ci.dev/ignore.pss.host-path: needed"


def annotated(outer: str = "a: b", inner: str = "a: b", root: str = "") -> Collected:
    source = read(PATH, DEPLOYMENT.format(outer, inner).encode())
    value = source.documents[0].value
    return ignores_on(
        value, ref_of(value), lambda route: locate(source, 0, route).location, KNOWN, root
    )


@pytest.mark.parametrize("where", [{"outer": IGNORE}, {"inner": IGNORE}])
def test_annotations_suppress_for_the_object(where: dict[str, str]) -> None:
    report = judge([fault(line=40)], inputs(suppressions=annotated(**where).suppressions))
    assert (ids(report), len(report.suppressed)) == ([], 1)


def test_annotations_hold_for_their_object_in_their_root() -> None:
    suppressions = annotated(IGNORE, root="overlays/dev").suppressions
    given = inputs(suppressions=suppressions)
    assert ids(judge([fault(root="overlays/dev")], given)) == []
    assert "pss/host-path" in ids(judge([fault(root="overlays/prod")], given))
    assert "pss/host-path" in ids(judge([fault(root="overlays/dev", object=None)], given))


def test_wrong_annotations_are_found_on_their_line() -> None:
    collected = annotated('gitops-ci.dev/ignore.pss.host-path: ""')
    assert [f.rule.id for f in collected.findings] == ["config/ignore-without-reason"]
    assert collected.findings[0].location.line == 7
    assert [
        f.rule.id for f in annotated(inner="gitops-ci.dev/ignore.pss.hostpath: x").findings
    ] == ["config/unknown-ignore"]


def test_objects_of_any_shape_are_read() -> None:
    for value in ({}, {"metadata": None}, {"metadata": {"annotations": []}}, {"spec": "x"}):
        assert ignores_on(value, WEB, lambda _: fault().location, KNOWN) == Collected()


def test_the_same_fault_suppressed_in_one_root_is_shown_for_the_other() -> None:
    suppressions = annotated(IGNORE, root="overlays/dev").suppressions
    findings = [fault(root="overlays/dev"), fault(root="overlays/prod"), fault(MUTABLE)]
    report = judge(findings, inputs(suppressions=suppressions))
    assert sorted(ids(report)) == ["image/mutable-tag", "pss/host-path"]
    assert [j.finding.root for j in report.suppressed] == ["overlays/dev"]
