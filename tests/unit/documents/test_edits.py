"""Edits change the bytes they must and no others."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.documents.edits import EditRefusedError, delete, insert, set_scalar
from gitops_ci.documents.quoting import is_plain_string, quoted
from gitops_ci.documents.read import read
from gitops_ci.documents.splice import StaleEditError, splice
from gitops_ci.model.edit import Edit
from gitops_ci.model.span import Route, Span

SET: list[tuple[str, str, Route, Any, str]] = [
    ("plain", "a: x # c\nb: y\n", ("a",), "z", "a: z # c\nb: y\n"),
    ("single quotes", "a: 'x'\n", ("a",), "it's", "a: 'it''s'\n"),
    ("double quotes", 'a: "x"\n', ("a",), 'q"', 'a: "q\\""\n'),
    ("number-like needs quotes", "tag: v1\n", ("tag",), "1e3", 'tag: "1e3"\n'),
    ("short hash", "tag: abc\n", ("tag",), "72044e011", 'tag: "72044e011"\n'),
    ("octal", "tag: abc\n", ("tag",), "0o17", 'tag: "0o17"\n'),
    ("version", "tag: v1\n", ("tag",), "1.10", 'tag: "1.10"\n'),
    ("old boolean", "tag: v1\n", ("tag",), "y", 'tag: "y"\n'),
    ("semantic version stays plain", "tag: 1.2.3\n", ("tag",), "1.2.4", "tag: 1.2.4\n"),
    ("number", "replicas: 2 # n\n", ("replicas",), 3, "replicas: 3 # n\n"),
    ("anchor stays", "a: &x 1.2.3\nb: 2\n", ("a",), "1.2.4", "a: &x 1.2.4\nb: 2\n"),
    ("tag stays", "a: !!str v1\n", ("a",), "v2", "a: !!str v2\n"),
    ("empty value", "a:\nb: 1\n", ("a",), "x", "a: x\nb: 1\n"),
    ("empty value, comment", "a: # c\nb: 1\n", ("a",), "x", "a: x # c\nb: 1\n"),
    ("empty value at the end", "a:", ("a",), "x", "a: x"),
    ("empty string", 'a: ""\n', ("a",), "x", 'a: "x"\n'),
    ("flow", "a: {b: x, c: [y, z]}\n", ("a", "c", 1), "w", "a: {b: x, c: [y, w]}\n"),
    ("flow needs quotes", "a: {b: x}\n", ("a", "b"), "p,q", 'a: {b: "p,q"}\n'),
    ("crlf", "a: x\r\nb: y\r\n", ("b",), "z", "a: x\r\nb: z\r\n"),
    ("bom", "\ufeffa: x\n", ("a",), "z", "\ufeffa: z\n"),
    ("second document", "a: x\n---\na: y\n", (), None, ""),
    ("literal block", "a: |\n  x\n  y\nb: 1\n", ("a",), "p\nq\n", "a: |\n  p\n  q\nb: 1\n"),
    ("strip block", "a: |-\n    x\nb: 1\n", ("a",), "p", "a: |-\n    p\nb: 1\n"),
    ("emoji before", "e: \U0001f600\na: x\n", ("a",), "z", "e: \U0001f600\na: z\n"),
    ("no change", "a: x\n", ("a",), "x", "a: x\n"),
    ("image", "image: r/a:1.0@sha256:0\n", ("image",), "r/a:2.0", "image: r/a:2.0\n"),
    ("null", "a: x\n", ("a",), None, "a: null\n"),
    ("true", "a: false\n", ("a",), True, "a: true\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "route", "value", "expected"), [row[1:] for row in SET],
                         ids=[row[0] for row in SET])  # fmt: skip
def test_set(text: str, route: Route, value: Any, expected: str) -> None:
    document = 0
    if not route:
        document, route, value, expected = 1, ("a",), "z", "a: x\n---\na: z\n"
    source = read("a.yaml", text.encode())
    edits = set_scalar(source, document, route, value)
    assert splice(source.data, edits).decode() == expected


def test_set_in_json() -> None:
    source = read("a.json", b'{\n\t"a": {"b": "x"}\n}\n')
    edits = set_scalar(source, 0, ("a", "b"), "1.10")
    assert splice(source.data, edits) == b'{\n\t"a": {"b": "1.10"}\n}\n'


REFUSED: list[tuple[str, str, Route, str]] = [
    ("alias", "a: &x 1\nb: *x\n", ("b",), "shared"),
    ("anchor of an alias", "a: &x 1\nb: *x\n", ("a",), "shared"),
    ("merged", "a: &x {k: v}\nb: {<<: *x}\n", ("b", "k"), "shared"),
    ("mapping", "a: {b: 1}\n", ("a",), "mapping"),
    ("missing", "a: 1\n", ("b",), "no `b`"),
    ("folded lines", "a: x\n  y\n", ("a",), "several lines"),
    ("broken", "a: [\n", ("a",), "not valid"),
    ("duplicate", "a: 1\na: 2\n", ("a",), "twice"),
]


@pytest.mark.parametrize(("text", "route", "words"), [row[1:] for row in REFUSED],
                         ids=[row[0] for row in REFUSED])  # fmt: skip
def test_refused(text: str, route: Route, words: str) -> None:
    with pytest.raises(EditRefusedError, match=words):
        set_scalar(read("a.yaml", text.encode()), 0, route, "new")


def test_an_alias_is_edited_with_all_its_consumers() -> None:
    source = read("a.yaml", b"a: &x v1\nb: *x\nc:\n  d: *x\n")
    with pytest.raises(EditRefusedError):
        set_scalar(source, 0, ("a",), "v2", consumers=[("b",)])
    edits = set_scalar(source, 0, ("a",), "v2", consumers=[("b",), ("c", "d")])
    assert splice(source.data, edits) == b"a: &x v2\nb: *x\nc:\n  d: *x\n"


def test_a_hidden_merge_is_no_consumer() -> None:
    source = read("a.yaml", b"a: &x {k: v}\nb:\n  <<: *x\n  k: w\n")
    edits = set_scalar(source, 0, ("a", "k"), "z")
    assert splice(source.data, edits) == b"a: &x {k: z}\nb:\n  <<: *x\n  k: w\n"


INSERT: list[tuple[str, str, Route, Any, str]] = [
    ("entry", "a: 1\nb:\n  c: 2 # x\n\n# next\nd: 3\n", ("b", "e"), "v",
     "a: 1\nb:\n  c: 2 # x\n  e: v\n\n# next\nd: 3\n"),
    ("at the end", "a: 1", ("b",), 2, "a: 1\nb: 2"),
    ("crlf", "a: 1\r\n", ("b",), 2, "a: 1\r\nb: 2\r\n"),
    ("flow", "a: {b: 1}\n", ("a", "c"), "x", "a: {b: 1, c: x}\n"),
    ("empty flow", "a: {}\n", ("a", "c"), "x", "a: {c: x}\n"),
    ("item", "images:\n- name: a\n  newTag: v1\nx: 1\n", ("images", 1),
     {"name": "b", "newTag": "1.10"},
     'images:\n- name: a\n  newTag: v1\n- name: b\n  newTag: "1.10"\nx: 1\n'),
    ("indented item", "images:\n  - name: a\n", ("images", 1), {"name": "b"},
     "images:\n  - name: a\n  - name: b\n"),
    ("key of an item", "l:\n- name: a\n- name: b\n", ("l", 0, "tag"), "v1",
     "l:\n- name: a\n  tag: v1\n- name: b\n"),
    ("list", "a: 1\n", ("images",), [{"name": "x", "newTag": "v1"}],
     "a: 1\nimages:\n- name: x\n  newTag: v1\n"),
    ("list in a file that indents", "r:\n  - x\n", ("images",), [{"name": "x"}],
     "r:\n  - x\nimages:\n  - name: x\n"),
    ("into nothing", "a:\nb: 1\n", ("a", "c"), 1, "a:\n  c: 1\nb: 1\n"),
    ("behind a block", "a: |\n  x\n\nb: 1\n", ("c",), 1, "a: |\n  x\n\nb: 1\nc: 1\n"),
    ("last is an alias", "a: &x 1\ns:\n  - b: *x  # c\nc: 1\n", ("s", 0, "d"), 2,
     "a: &x 1\ns:\n  - b: *x  # c\n    d: 2\nc: 1\n"),
    ("last item is an alias", "a: &x 1\ns:\n# - *b\n- *x\nc: 1\n", ("s", 1), 2,
     "a: &x 1\ns:\n# - *b\n- *x\n- 2\nc: 1\n"),
    ("aliases in a row", "s:\n- &x 1\n- *x\n- *x\n", ("s", 3), 2, "s:\n- &x 1\n- *x\n- *x\n- 2\n"),
    ("last is an alias, in flow", "a: &x 1\ns: {b: *x }\n", ("s", "c"), 2,
     "a: &x 1\ns: {b: *x, c: 2 }\n"),
    ("last is a block", "s:\n  a: |\n    x\n", ("s", "c"), 1, "s:\n  a: |\n    x\n  c: 1\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "route", "value", "expected"), [row[1:] for row in INSERT],
                         ids=[row[0] for row in INSERT])  # fmt: skip
def test_insert(text: str, route: Route, value: Any, expected: str) -> None:
    source = read("a.yaml", text.encode())
    assert splice(source.data, insert(source, 0, route, value)).decode() == expected


def test_insert_in_json() -> None:
    source = read("a.json", b'{\n  "a": 1,\n  "b": 2\n}\n')
    edits = insert(source, 0, ("c",), "x")
    assert splice(source.data, edits) == b'{\n  "a": 1,\n  "b": 2,\n  "c": "x"\n}\n'


DELETE: list[tuple[str, str, Route, str]] = [
    ("entry", "a: 1\nb: 2 # c\nc: 3\n", ("b",), "a: 1\nc: 3\n"),
    ("with block", "a: 1\nb:\n  x: 1\n  y: 2\nc: 3\n", ("b",), "a: 1\nc: 3\n"),
    ("last without newline", "a: 1\nb: 2", ("b",), "a: 1"),
    ("item", "l:\n- a\n- b\n- c\n", ("l", 1), "l:\n- a\n- c\n"),
    ("first key of an item", "l:\n- a: 1\n  b: 2\n", ("l", 0, "a"), "l:\n- b: 2\n"),
    ("flow", "a: {b: 1, c: 2, d: 3}\n", ("a", "c"), "a: {b: 1, d: 3}\n"),
    ("flow, last", "a: [1, 2]\n", ("a", 1), "a: [1]\n"),
    ("crlf", "a: 1\r\nb: 2\r\n", ("a",), "b: 2\r\n"),
]


@pytest.mark.parametrize(("text", "route", "expected"), [row[1:] for row in DELETE],
                         ids=[row[0] for row in DELETE])  # fmt: skip
def test_delete(text: str, route: Route, expected: str) -> None:
    source = read("a.yaml", text.encode())
    assert splice(source.data, delete(source, 0, route)).decode() == expected


def test_a_stale_edit_is_refused() -> None:
    edit = Edit("a.yaml", Span(3, 4, 1, 4, 1, 5), "x", "z")
    assert splice(b"a: x\n", [edit]) == b"a: z\n"
    with pytest.raises(StaleEditError, match="line 1"):
        splice(b"a: y\n", [edit])
    with pytest.raises(StaleEditError, match="overlap"):
        splice(b"a: x\n", [edit, edit])


def test_an_insertion_beyond_the_end_is_stale() -> None:
    with pytest.raises(StaleEditError):
        splice(b"a\n", [Edit("a.yaml", Span(9, 9, 3, 1, 3, 1), "", "z")])


@given(st.text(max_size=12), st.sampled_from(["", "'", '"']), st.booleans())
def test_quoted_text_reads_back_as_the_same_string(text: str, style: str, flow: bool) -> None:
    written = quoted(text, style, flow=flow)
    body = f"a: {{b: {written}}}\n" if flow else f"a: {written}\n"
    try:
        data = body.encode()
    except UnicodeEncodeError:
        return  # a lone surrogate is no text that a file can hold
    source = read("a.yaml", data)
    value = source.documents[0].value["a"]
    assert (value["b"] if flow else value) == text
    assert source.documents[0].doubts == ()


CORE_NUMBER = re.compile(
    r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)\Z"
)
"""The numbers of the YAML 1.2 core schema, section 10.3.2."""


@given(st.from_regex(r"[0-9a-fox_.:+-]{1,9}", fullmatch=True))
def test_what_stays_plain_is_a_string_for_everybody(text: str) -> None:
    if is_plain_string(text):
        assert yaml.safe_load(text) == text
        assert not CORE_NUMBER.match(text)


KEYS = st.sampled_from(["a", "b", "image", "tag", "x-y"])
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-999, 999), st.text("ab1 :#-'\"\\é", max_size=8)
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def leaves(value: Any, route: Route = ()) -> list[Route]:
    if isinstance(value, dict):
        return [way for key, item in value.items() for way in leaves(item, (*route, key))]
    if isinstance(value, list):
        return [way for index, item in enumerate(value) for way in leaves(item, (*route, index))]
    return [route]


def emitted(value: Any) -> str:
    from gitops_ci.documents.edit_text import block_lines

    return "\n".join(
        line
        for key, item in value.items()
        for line in block_lines(item, key=key, indented_lists=bool(len(value) % 2))
    )


@given(st.dictionaries(KEYS, TREES, min_size=1, max_size=4), LEAVES, st.data())
def test_only_the_target_changes(tree: dict[str, Any], value: Any, data: st.DataObject) -> None:
    text = emitted(tree) + data.draw(st.sampled_from(["", "\n", "\n# end\n"]))
    if data.draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    source = read("a.yaml", text.encode())
    assert source.documents[0].value == tree
    ways = leaves(tree)
    if not ways:
        return
    route = data.draw(st.sampled_from(ways))
    edits = set_scalar(source, 0, route, value)
    after = read("a.yaml", splice(source.data, edits)).documents
    expected = changed(tree, route, value)
    assert (after[0].value if after else {}) == expected
    for edit in edits:
        assert edit.span.end_line == edit.span.line


def changed(tree: Any, route: Route, value: Any) -> Any:
    if not route:
        return value
    if isinstance(tree, dict):
        return {k: changed(v, route[1:], value) if k == route[0] else v for k, v in tree.items()}
    return [changed(v, route[1:], value) if i == route[0] else v for i, v in enumerate(tree)]
