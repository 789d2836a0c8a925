"""The marked line: aligned whatever stands before it, and never a secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.documents.text import Lines
from gitops_ci.model.finding import ObjectRef, found
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location, Span
from gitops_ci.output.terminal import width
from gitops_ci.report.excerpt import Excerpt, Excerpts

RULE = Rule("schema/x", "x", Severity.ERROR)
SECRET = Rule("secret/x", "x", Severity.ERROR)


def excerpt(
    text: str, marked: str, rule: Rule = RULE, kind: str = "", columns: int = 60
) -> Excerpt | None:
    start = text.index(marked)
    span = Lines(text).span(start, start + len(marked))
    ref = ObjectRef("", "v1", kind, "", "a") if kind else None
    finding = found(rule, "m", Location("a.yaml", span), object=ref)
    return Excerpts({"a.yaml": text.encode()}.get, columns).of(finding)


def drawn(shown: Excerpt | None) -> str:
    """The excerpt as a person sees it, for wide characters as well."""
    if shown is None:
        return ""
    lines = [f"{number} {line}" for number, line in shown.lines]
    return "\n".join([*lines, "  " + " " * shown.indent + "^" * shown.length])


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("a: 1\nb: 2\n", "2", "1 a: 1\n2 b: 2\n     ^"),
        ("a: 1\n\nb: 2\n", "b", "3 b: 2\n  ^"),
        ("b: 2", "b", "1 b: 2\n  ^"),
        ("a:\t2", "2", "1 a:  2\n      ^"),
        ("日本: x", "x", "1 日本: x\n        ^"),
        ("e\u0301\u0301: x", "x", "1 e\u0301\u0301: x\n     ^"),
        ("k: a\u202eb", "b", "1 k: a\\u202eb\n            ^"),
        ("a: |\n  one\n  two\n", "a: |\n  one", "1 a: |\n  ^^^^"),
        ("a: 1\r\nb: 2\r\n", "b: 2", "1 a: 1\n2 b: 2\n  ^^^^"),
    ],
)
def test_excerpts(text: str, marked: str, expected: str) -> None:
    assert drawn(excerpt(text, marked)) == expected


def test_a_file_that_only_refers_to_secrets_is_shown() -> None:
    text = "substituteFrom: [{kind: Secret, name: a}]\npath: ./apps\n"
    assert drawn(excerpt(text, "./apps")).splitlines()[1] == "2 path: ./apps"


HIDDEN = [
    ("password: hunter2", "hunter2", SECRET, ""),
    ("a: hunter2\npassword: hunter2", "password", SECRET, ""),
    ("password: hunter2", "hunter2", RULE, "Secret"),
    ("kind: Secret\ndata:\n  a: hunter2", "hunter2", RULE, ""),
    ('{"kind": "Secret", "stringData": {"a": "hunter2"}}', "hunter2", RULE, ""),
    ("kind: 'Secret'\ndata:\n- hunter2", "hunter2", RULE, ""),
    ("stringData:\n  a: |\n    hunter2", "hunter2", RULE, ""),
    ("secretGenerator:\n- literals:\n  - password=hunter2", "hunter2", RULE, ""),
    ("kind: Secret\ndata: {a: hunter2}", "data", RULE, ""),
    ("kind: Secret\nurl: https://a:hunter2@b", "url", RULE, ""),
    ("items:\n- kind: Secret\n  data: {a: hunter2}", "hunter2", RULE, ""),
    ("- user:hunter2", "user", SECRET, ""),
]


@pytest.mark.parametrize(("text", "marked", "rule", "kind"), HIDDEN)
def test_values_near_secrets_are_hidden(text: str, marked: str, rule: Rule, kind: str) -> None:
    shown = excerpt(text, marked, rule, kind)
    assert shown is not None
    assert "hunter2" not in drawn(shown)
    assert "***" in drawn(shown)


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("kind: Secret\nname: me", "me", "1 kind: Secret\n2 name: me\n    ^^"),
        ("kind: Secret\n  pass: word", "pass", "1 kind: Secret\n2   pass: ***\n    ^^^^"),
        ("kind: Secret\n  pass: word", "word", "1 kind: Secret\n2   pass: ***\n          ^^^"),
    ],
)
def test_keys_of_secrets_are_shown(text: str, marked: str, expected: str) -> None:
    shown = drawn(excerpt(text, marked, RULE, "Secret"))
    assert shown == expected


@pytest.mark.parametrize(
    "location",
    [
        Location("a.yaml"),
        Location("b.yaml", Span(0, 1, 1, 1, 1, 2)),
        Location("a.yaml", Span(0, 1, 99, 1, 99, 2)),
        Location("bad.yaml", Span(0, 1, 1, 1, 1, 2)),
    ],
)
def test_nothing_to_show(location: Location) -> None:
    files = {"a.yaml": b"a: 1\n", "bad.yaml": b"\xff\xfe\xff"}
    assert Excerpts(files.get).of(found(RULE, "m", location)) is None


@given(
    st.text(st.characters(exclude_characters="\n\r"), min_size=1, max_size=200),
    st.integers(0, 199),
    st.integers(0, 199),
    st.integers(20, 80),
)
def test_any_line_fits_and_is_marked_inside(text: str, start: int, end: int, columns: int) -> None:
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    span = Span(start, end, 1, start + 1, 1, end + 1)
    data = text.encode("utf-8", "replace")
    shown = Excerpts({"a.yaml": data}.get, columns).of(found(RULE, "m", Location("a.yaml", span)))
    if shown is None:
        return
    widest = max(width(line) for _, line in shown.lines)
    assert widest <= columns + 10  # one escaped character may stand at the cut
    assert shown.length >= 1
    assert shown.indent <= widest
