from __future__ import annotations

import pytest

from gitops_ci.documents.read import read
from gitops_ci.findings.engine import judge
from gitops_ci.findings.exceptions import is_exception_file, read_exceptions
from gitops_ci.findings.suppression import Collected, split_by_trust
from tests.unit.findings.build import KNOWN, fault, ids, inputs

PATH = ".gitops-ci/exceptions/infra.yaml"
ENTRY = """\
rule: pss/host-path
match: {{{match}}}
reason: needs the host's devices
owner: "@org/infra"
expires: {expires}
"""


def entry(match: str = "kind: Deployment, name: web", expires: str = "2027-03-01") -> str:
    return ENTRY.format(match=match, expires=expires)


def collect(text: str) -> Collected:
    return read_exceptions([read(PATH, text.encode())], KNOWN)


@pytest.mark.parametrize(
    "match",
    [
        "kind: Deployment",
        "name: w*",
        "namespace: shop",
        "environment: prod",
        "path: apps/**",
        "path: overlays/prod",
        "kind: Deployment, name: web, namespace: shop, environment: p*",
    ],
)
def test_an_exception_covers_what_it_matches(match: str) -> None:
    finding = fault(environment="prod", root="overlays/prod")
    report = judge([finding], inputs(suppressions=collect(entry(match)).suppressions))
    assert ids(report) == []
    assert report.suppressed[0].suppressed == "exception, @org/infra: needs the host's devices"


@pytest.mark.parametrize(
    "match", ["kind: Pod", "name: we", "app: web", "group: g", "kind: Deployment, name: api"]
)
def test_an_exception_covers_nothing_else(match: str) -> None:
    suppressions = collect(entry(match)).suppressions
    report = judge([fault()], inputs(suppressions=suppressions))
    assert sorted(ids(report)) == ["config/unused-exception", "pss/host-path"]


def test_several_forms_of_file() -> None:
    assert len(collect(entry()).suppressions) == 1
    assert len(collect(entry() + "---\n" + entry("kind: Pod")).suppressions) == 2
    items = "".join(
        "- " + text.replace("\n", "\n  ").rstrip() + "\n" for text in (entry(), entry())
    )
    assert len(collect(items).suppressions) == 2
    assert collect("") == Collected()


@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        ("2027-03-01", []),
        ("2027-01-29", []),
        ("2027-01-28", ["config/exception-ends-soon"]),
        ("2027-01-15", ["config/exception-ends-soon"]),
        ("2027-01-14", ["config/exception-expired", "pss/host-path"]),
    ],
)
def test_an_exception_ends(expires: str, expected: list[str]) -> None:
    suppressions = collect(entry(expires=expires)).suppressions
    assert sorted(ids(judge([fault()], inputs(suppressions=suppressions)))) == expected


@pytest.mark.parametrize(
    ("text", "rule_id", "line"),
    [
        ("rule: pss/host-path\nmatch: {kind: Pod}\nreason: r\nowner: o\n", "missing-key", 1),
        (entry(match=""), "missing-key", 2),
        (entry(expires="soon"), "bad-value", 5),
        (entry(expires="2027-02-30"), "bad-value", 5),
        (entry().replace("pss/host-path", "pss/host-pth"), "unknown-rule", 1),
        (entry().replace("needs the host's devices", '""'), "bad-value", 3),
        (entry() + "until: 3\n", "unknown-key", 6),
        (entry(match="kinds: Pod"), "unknown-key", 2),
        (entry(match="name: '[a'"), "bad-pattern", 2),
        ("a text\n", "wrong-type", 1),
        ("- a\n- b\n", "wrong-type", 1),
    ],
)
def test_a_broken_exception_is_a_config_error_and_covers_nothing(
    text: str, rule_id: str, line: int
) -> None:
    collected = collect(text)
    assert collected.suppressions == ()
    faults = [(f.rule.id, f.location.line) for f in collected.findings]
    assert (f"config/{rule_id}", line) in faults


def test_a_file_that_is_no_yaml_is_reported() -> None:
    assert [f.rule.id for f in collect("a: [").findings] == ["yaml/syntax"]


def test_extending_an_exception_makes_it_a_new_one() -> None:
    base, head = collect(entry()), collect(entry(expires="2028-03-01"))
    assert split_by_trust(head.suppressions, base.suppressions) == ((), head.suppressions)
    same = collect("# a comment\n" + entry())
    assert split_by_trust(same.suppressions, base.suppressions)[1] == ()


def test_which_files_hold_exceptions() -> None:
    patterns = (".gitops-ci/exceptions/*.yaml",)
    assert is_exception_file(PATH, patterns)
    assert not is_exception_file("apps/exceptions/a.yaml", patterns)
