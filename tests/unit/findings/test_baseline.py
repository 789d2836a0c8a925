from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.findings.baseline import Acceptance, read_baseline
from gitops_ci.findings.baseline_changes import create, prune
from gitops_ci.findings.baseline_paths import path_of
from gitops_ci.findings.engine import cases_of, judge
from gitops_ci.model.edit import NewFile, RemoveFile
from gitops_ci.model.finding import Finding
from tests.unit.findings.build import MUTABLE, NOW, fault, ids, inputs

TERMS = Acceptance("older than the check", "@org/shop")
FINDINGS = [
    fault(root="overlays/dev"),
    fault(root="overlays/prod"),
    fault(root="overlays/prod", path="z.yaml"),
    fault(MUTABLE, root="overlays/prod"),
    fault(MUTABLE, path="loose.yaml", object=None),
]


def created(findings: list[Finding]) -> dict[str, bytes]:
    return accepted_on(TERMS, findings)


def accepted_on(
    terms: Acceptance, findings: list[Finding], standing: dict[str, bytes] | None = None
) -> dict[str, bytes]:
    before, problems = read_baseline(standing or {})
    assert problems == ()
    files = create(cases_of(findings, inputs()), terms, before, NOW.date())
    return {file.path: file.data for file in files}


def test_one_file_for_each_root() -> None:
    assert list(created(FINDINGS)) == [
        ".gitops-ci/baseline/_repository.json",
        ".gitops-ci/baseline/overlays/dev.json",
        ".gitops-ci/baseline/overlays/prod.json",
    ]


def test_what_is_in_the_baseline_does_not_block() -> None:
    baseline, problems = read_baseline(created(FINDINGS))
    assert problems == ()
    report = judge(FINDINGS, inputs(baseline=baseline))
    assert report.shown == ()
    assert {judged.suppressed for judged in report.suppressed} == {
        "baseline, @org/shop: older than the check"
    }


@pytest.mark.parametrize(
    "finding",
    [
        fault(root="overlays/qa"),
        fault(root="overlays/dev", message="another"),
        fault(MUTABLE, root="overlays/dev"),
        fault(MUTABLE, path="other.yaml", object=None),
    ],
)
def test_what_is_not_in_it_is_shown(finding: Finding) -> None:
    baseline, _ = read_baseline(created(FINDINGS))
    assert ids(judge([*FINDINGS, finding], inputs(baseline=baseline))) == [finding.rule.id]


def test_a_second_one_is_not_accepted() -> None:
    baseline, _ = read_baseline(created([fault(line=5)]))
    report = judge([fault(line=5), fault(line=9)], inputs(baseline=baseline))
    assert (len(report.shown), len(report.suppressed)) == (1, 1)


def test_files_are_sorted_and_free_of_lines_and_dates() -> None:
    assert created(FINDINGS) == created(FINDINGS[::-1])
    moved = [fault(root="overlays/dev", line=99)]
    assert created(moved) == created(FINDINGS[:1])
    content = json.loads(created(FINDINGS)[".gitops-ci/baseline/overlays/prod.json"])
    assert [row["path"] for row in content["findings"]] == [
        "apps/web.yaml",
        "apps/web.yaml",
        "z.yaml",
    ]


def test_an_entry_says_why_and_who_and_until_when() -> None:
    (data,) = accepted_on(Acceptance("a", "b", "2027-03-01"), FINDINGS[:1]).values()
    (row,) = json.loads(data)["findings"]
    assert (row["reason"], row["owner"], row["expires"]) == ("a", "b", "2027-03-01")
    (data,) = created(FINDINGS[:1]).values()
    assert "expires" not in json.loads(data)["findings"][0]


@pytest.mark.parametrize(
    ("expires", "shown"),
    [
        ("2027-01-14", ["config/baseline-expired", "pss/host-path"]),
        ("2027-01-15", ["config/baseline-ends-soon"]),
        ("2027-01-28", ["config/baseline-ends-soon"]),
        ("2027-01-29", []),
        ("", []),
    ],
)
def test_an_entry_ends_and_its_finding_comes_back(expires: str, shown: list[str]) -> None:
    files = accepted_on(Acceptance("why", "@me", expires), FINDINGS[:1])
    baseline, _ = read_baseline(files)
    assert sorted(ids(judge(FINDINGS[:1], inputs(baseline=baseline)))) == shown


def test_entries_that_end_together_are_one_note() -> None:
    files = accepted_on(Acceptance("why", "@me", "2027-01-20"), FINDINGS[1:4])
    (note,) = judge(FINDINGS[1:4], inputs(baseline=read_baseline(files)[0])).shown
    assert note.finding.message == "the baseline ends on 2027-01-20 for 3 accepted findings"
    assert note.finding.location.span is None


def test_files_from_before_there_were_reasons_still_count() -> None:
    ((path, data),) = created(FINDINGS[:1]).items()
    content = json.loads(data)
    content["findings"] = [
        {name: value for name, value in row.items() if name not in ("reason", "owner")}
        for row in content["findings"]
    ]
    old = {path: (json.dumps(content, indent=2) + "\n").encode()}
    report = judge(FINDINGS[:1], inputs(baseline=read_baseline(old)[0]))
    assert [item.suppressed for item in report.suppressed] == ["accepted by the baseline"]
    assert prune(old, cases_of(FINDINGS[:1], inputs())) == ((), 0)
    assert accepted_on(TERMS, FINDINGS[:1], old) == {path: data}


def test_what_is_accepted_already_stays_as_it_was_accepted() -> None:
    first = Acceptance("first", "@a", "2027-06-01")
    files = accepted_on(first, FINDINGS[:1])
    again = accepted_on(TERMS, [FINDINGS[0], fault(root="overlays/dev", line=9)], files)
    rows = json.loads(next(iter(again.values())))["findings"]
    assert [row["reason"] for row in rows] == ["first", "older than the check"]
    ended = accepted_on(Acceptance("first", "@a", "2027-01-01"), FINDINGS[:1])
    assert accepted_on(TERMS, FINDINGS[:1], ended) == created(FINDINGS[:1])


def test_equal_findings_are_counted() -> None:
    (data,) = created([fault(line=1), fault(line=2)]).values()
    assert json.loads(data)["findings"][0]["count"] == 2


def test_pruning_takes_away_what_is_mended() -> None:
    files = created([*FINDINGS, fault(root="overlays/dev", line=9)])
    left = cases_of([FINDINGS[0], FINDINGS[4]], inputs())
    changes, gone = prune(files, left)
    prod, dev = ".gitops-ci/baseline/overlays/prod.json", ".gitops-ci/baseline/overlays/dev.json"
    assert changes == (
        NewFile(dev, created(FINDINGS[:1])[dev]),
        RemoveFile(prod, files[prod]),
    )
    assert gone == 4


def test_pruning_what_is_all_needed_changes_nothing() -> None:
    assert prune(created(FINDINGS), cases_of(FINDINGS, inputs())) == ((), 0)


BROKEN = [
    b"",
    b"[]",
    b"{}",
    b'{"version": 2, "root": "", "findings": []}',
    b'{"version": 1, "findings": []}',
    b'{"version": 1, "root": "", "findings": [{}]}',
    b'{"version": 1, "root": "", "findings": [{"fingerprint": "x"}]}',
    b'{"version": 1, "root": "", "findings": [{"fingerprint": "%s", "count": 0}]}' % (b"a" * 32),
    b'{"version": 1, "root": "", "findings": [{"fingerprint": "%s", "reason": 1}]}' % (b"a" * 32),
    b'{"version": 1, "root": "", "findings": [{"fingerprint": "%s", "owner": []}]}' % (b"a" * 32),
    b'{"version": 1, "root": "", "findings": [{"fingerprint": "%s", "expires": 1}]}' % (b"a" * 32),
    b'{"version": 1, "root": "", "findings": [{"fingerprint": "%s", "expires": "2027-02-30"}]}'
    % (b"a" * 32),
    b"[" * 100_000,
    b"\xff",
]


@pytest.mark.parametrize("data", BROKEN)
def test_a_broken_baseline_is_found_and_accepts_nothing(data: bytes) -> None:
    baseline, (problem,) = read_baseline({"b.json": data})
    assert problem.rule.id == "config/broken-baseline"
    assert not baseline.accepted
    assert prune({"b.json": data}, []) == ((), 0)


@pytest.mark.parametrize(
    ("root", "path"),
    [
        ("a/b", "a/b"),
        ("", "_repository"),
        ("_repository", "%5Frepository"),
        ("..", "%2E%2E"),
        ("a/../b", "a/%2E%2E/b"),
        ("/etc", "%2F/etc"),
        ("a.yaml#Application/argocd/web", "a.yaml%23Application/argocd/web"),
        (".", "_root"),
    ],
)
def test_roots_have_safe_file_names(root: str, path: str) -> None:
    assert path_of(root) == f".gitops-ci/baseline/{path}.json"


@given(st.text(), st.text())
def test_different_roots_have_different_files(first: str, second: str) -> None:
    assert (path_of(first) == path_of(second)) == (first == second)


def test_a_root_never_needs_the_file_of_another_one_as_folder() -> None:
    assert path_of("a.json/b") == ".gitops-ci/baseline/a%2Ejson/b.json"
    assert path_of("a") == ".gitops-ci/baseline/a.json"


def test_long_names_stay_below_what_file_systems_take() -> None:
    first, second = path_of("é" * 200), path_of("é" * 201)
    assert first != second
    assert max(len(first.rpartition("/")[2]), len(second.rpartition("/")[2])) <= 255


def test_a_root_whose_name_is_no_text_has_a_file() -> None:
    (data,) = created([fault(root="a\udcff", message="b\udcff")]).values()
    assert read_baseline({"b.json": data})[1] == ()
    assert path_of("a\udcff") == ".gitops-ci/baseline/a%ED%B3%BF.json"


@given(st.text())
def test_no_root_leaves_the_folder(root: str) -> None:
    segments = path_of(root).split("/")
    assert not {"", ".", ".."} & set(segments)
