"""Reading files as Kubernetes does, and saying what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import scalar_at
from gitops_ci.documents.read import read


def values(data: bytes | str, path: str = "a.yaml") -> list[Any]:
    source = read(path, data.encode() if isinstance(data, str) else data)
    assert source.problems == ()
    return [document.value for document in source.documents]


def problem(data: bytes | str, path: str = "a.yaml") -> tuple[SourceFile, str, int, int]:
    source = read(path, data.encode() if isinstance(data, str) else data)
    assert len(source.problems) == 1, source.problems
    (finding,) = source.problems
    span = finding.location.span
    assert span is not None
    return source, finding.rule.id, span.line, span.column


READABLE = [
    ("plain", "a: 1\nb: x\n", [{"a": 1, "b": "x"}]),
    ("empty file", "", []),
    ("only comments", "# nothing\n", []),
    ("empty documents", "---\n---\na: 1\n---\n", [{"a": 1}]),
    ("null document", "--- null\n--- ~\n", []),
    ("document on the marker line", "--- {a: 1}\n--- # c\nb: 2\n", [{"a": 1}, {"b": 2}]),
    ("document end", "a: 1\n...\n---\nb: 2\n...\n", [{"a": 1}, {"b": 2}]),
    ("directive", "%YAML 1.1\n---\na: 1\n", [{"a": 1}]),
    ("separator inside a block", "a: |\n  x\n  ---\n  y\n", [{"a": "x\n---\ny\n"}]),
    ("byte order mark", b"\xef\xbb\xbfa: 1\n", [{"a": 1}]),
    ("utf-16", "a: ü\n".encode("utf-16"), [{"a": "ü"}]),
    ("carriage returns", "a: 1\r\nb: |\r\n  x\r\n", [{"a": 1, "b": "x\n"}]),
    ("no final newline", "a: 1", [{"a": 1}]),
    ("tab behind the colon", "a:\t1\n", [{"a": 1}]),
    ("equals sign", "a: =\nb: ==\n", [{"a": "=", "b": "=="}]),
    ("redefined anchor", "a: &x 1\nb: *x\nc: &x 2\nd: *x\n", [{"a": 1, "b": 1, "c": 2, "d": 2}]),
    ("redefined anchor, later document", "--- &x 1\n---\na: &y 1\nb: &y 2\nc: *y\n",
     [1, {"a": 1, "b": 2, "c": 2}]),
    ("alias", "a: &x {k: 1}\nb: *x\n", [{"a": {"k": 1}, "b": {"k": 1}}]),
    ("merge", "a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\n",
     [{"a": {"k": 1, "l": 2}, "b": {"k": 3, "l": 2}}]),
    ("merge list, the earlier wins", "a: &x {k: 1}\nb: &y {k: 2, l: 2}\nc: {<<: [*x, *y]}\n",
     [{"a": {"k": 1}, "b": {"k": 2, "l": 2}, "c": {"k": 1, "l": 2}}]),
    ("merge behind the key", "a: &x {k: 1}\nb:\n  k: 3\n  <<: *x\n",
     [{"a": {"k": 1}, "b": {"k": 3}}]),
    ("quoted merge sign is a key", "a: {'<<': 1}\n", [{"a": {"<<": 1}}]),
    ("quoted values stay strings", "a: \"1\"\nb: 'yes'\nc: !!str 1\n",
     [{"a": "1", "b": "yes", "c": "1"}]),
    ("explicit tags", "a: !!int '3'\nb: !!binary aGk=\n", [{"a": 3, "b": "aGk="}]),
    ("own tags", "a: !vault x\nb: !reference [a, b]\n", [{"a": "x", "b": ["a", "b"]}]),
    ("keys are their text", "1: a\ntrue: b\n0755: c\n", [{"1": "a", "true": "b", "0755": "c"}]),
    ("null value", "a:\nb: ~\n", [{"a": None, "b": None}]),
    ("top-level list", "- 1\n- 2\n", [[1, 2]]),
    ("emoji", "a: \U0001f600\n", [{"a": "\U0001f600"}]),
    ("next line sign", "a: \"x\u0085y\"\n", [{"a": "x y"}]),
    ("booleans of 1.1", "a: yes\nb: off\n", [{"a": True, "b": False}]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in READABLE],
                         ids=[row[0] for row in READABLE])  # fmt: skip
def test_readable(data: bytes | str, expected: list[Any]) -> None:
    assert values(data) == expected


PROBLEMS = [
    ("tab indentation", "a:\n\tb: 1\n", "yaml/syntax", 2, 1),
    ("bad indentation", "a: 1\n  b: 2\n", "yaml/syntax", 2, 4),
    ("unclosed bracket", "a: [1,\n", "yaml/syntax", 2, 1),
    ("undefined alias", "a: *x\n", "yaml/syntax", 1, 4),
    ("template braces", "a: {{ .x }}\n", "yaml/syntax", 1, 5),
    ("control character", "a: \x01\n", "yaml/syntax", 1, 4),
    ("bytes", b"a: 1\nb: \xff\n", "yaml/encoding", 2, 4),
    ("surrogate escape", 'a: "\\ud83d\\ude00"\n', "yaml/syntax", 1, 7),
    ("duplicate key", "a: 1\nb: 2\na: 3\n", "yaml/duplicate-key", 3, 1),
    ("duplicate nested", "x:\n  - a: 1\n    a: 2\n", "yaml/duplicate-key", 3, 5),
    ("complex key", "? [a]\n: 1\n", "yaml/syntax", 1, 3),
    ("merging a scalar", "a: {<<: 1}\n", "yaml/syntax", 1, 9),
    ("anchor inside itself", "a: &x [*x]\n", "yaml/alias-bomb", 1, 4),
]


@pytest.mark.parametrize(("data", "rule", "line", "column"), [row[1:] for row in PROBLEMS],
                         ids=[row[0] for row in PROBLEMS])  # fmt: skip
def test_problems(data: bytes | str, rule: str, line: int, column: int) -> None:
    assert problem(data)[1:] == (rule, line, column)


def test_documents_before_an_error_are_kept() -> None:
    source = read("a.yaml", b"a: 1\n---\nb: [\n")
    assert source.broken
    assert [document.value for document in source.documents] == [{"a": 1}]


def test_a_duplicate_key_names_both_lines() -> None:
    source, _, line, _ = problem("a: 1\nb: 2\na: 3\n")
    (finding,) = source.problems
    assert line == 3
    assert [item.location.line for item in finding.related] == [1]
    assert not source.broken


@pytest.mark.parametrize("depth", [160, 1_000, 20_000, 200_000])
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_hostile_nesting_is_a_finding(opening: str, depth: int) -> None:
    source = read("a.yaml", (opening * depth + "x\n").encode())
    assert source.problems[0].rule.id in ("yaml/too-deep", "yaml/syntax")


def test_alias_bomb_is_a_finding() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    _, rule, _, _ = problem("\n".join(lines) + "\n")
    assert rule == "yaml/alias-bomb"


def test_many_harmless_aliases_are_fine() -> None:
    text = "a: &x {k: 1}\nb:\n" + "  - *x\n" * 5_000
    assert len(values(text)[0]["b"]) == 5_000


def test_doubts_carry_route_text_and_place() -> None:
    source = read("a.yaml", b"spec:\n  mode: 0755\n  list: [1.10, x]\non: 1\n")
    doubts = source.documents[0].doubts
    assert [(doubt.route, doubt.text, doubt.span.line, doubt.key) for doubt in doubts] == [
        (("spec", "mode"), "0755", 2, False),
        (("spec", "list", 0), "1.10", 3, False),
        (("on",), "on", 4, True),
    ]


def test_a_doubtful_key_with_a_doubtful_value_is_two_doubts() -> None:
    doubts = read("a.yaml", b"yes: yes\n").documents[0].doubts
    assert [(doubt.span.column, doubt.key) for doubt in doubts] == [(1, True), (6, False)]


def test_a_doubt_stands_where_the_value_is_written() -> None:
    source = read("a.yaml", b"a: &x 1.10\nb: *x\nc: [*x, *x]\n")
    assert [doubt.route for doubt in source.documents[0].doubts] == [("a",)]
    assert scalar_at(source, 0, ("c", 1)) == "1.10"
    assert scalar_at(source, 0, ("c",)) is None
    assert scalar_at(source, 0, ("d",)) is None


def test_many_keys_that_come_twice_find_an_end() -> None:
    keys = "".join(f"key{number}: 1\n" for number in range(3_000))
    problems = read("a.yaml", (keys + keys).encode()).problems
    assert [problem.location.line for problem in problems] == list(range(3_001, 6_001))
    assert problems[-1].related[0].location.line == 3_000


def test_own_tags_are_listed() -> None:
    source = read("a.yaml", b"a: !vault x\nb: [!ref y]\n")
    assert source.documents[0].tags == ((("a",), "!vault"), (("b", 0), "!ref"))


JSON_FILES = [
    ('{"a": 1, "b": [true, null]}', [{"a": 1, "b": [True, None]}]),
    ('\ufeff{"a": "\\ud83d\\ude00"}', [{"a": "\U0001f600"}]),
    ('{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
    ("", []),
    ('{\t"a":\t1}', [{"a": 1}]),
]


@pytest.mark.parametrize(("data", "expected"), JSON_FILES)
def test_json(data: str, expected: list[Any]) -> None:
    assert values(data, "a.json") == expected


JSON_PROBLEMS = [
    ('{"a": 1,}', "yaml/syntax", 1),
    ("{\n// comment\n}", "yaml/syntax", 2),
    ('{"a": 1,\n "a": 2}', "yaml/duplicate-key", 2),
    ('{"x": [{"a": 1,\n "a": 2}]}', "yaml/duplicate-key", 2),
]


@pytest.mark.parametrize(("data", "rule", "line"), JSON_PROBLEMS)
def test_json_problems(data: str, rule: str, line: int) -> None:
    assert problem(data, "a.json")[1:3] == (rule, line)


def test_deep_json_is_a_finding() -> None:
    source = read("a.json", b"[" * 200_000)
    assert [item.rule.id for item in source.problems] == ["yaml/too-deep"]
