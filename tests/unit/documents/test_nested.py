"""YAML inside a scalar: edits of the text become edits of the file, or are refused."""

from __future__ import annotations

import pytest

from gitops_ci.documents.edit_part import set_part
from gitops_ci.documents.edits import EditRefusedError, delete, insert, set_scalar
from gitops_ci.documents.locate import locate
from gitops_ci.documents.nested import folded_span, outer_edits, outer_span, read_nested
from gitops_ci.documents.read import read
from gitops_ci.documents.splice import splice
from gitops_ci.documents.text import Lines
from gitops_ci.model.span import Route

INNER: Route = ("image", "tag")

STYLES = {
    "literal": "v: |\n  image:\n    tag: a # c\n  after: 1\nw: 2\n",
    "stripped": "v: |-\n  image:\n    tag: a\nw: 2\n",
    "kept": "v: |+\n  image:\n    tag: a\n\n\nw: 2\n",
    "indicator": "v: |4\n        image:\n          tag: a\n",
    "blank lines": "v: |\n\n  image:\n\n    tag: a\n\nw: 2\n",
    "comment behind the header": "v: | # why\n  image:\n    tag: a\n",
    "at the end": "v: |\n  image:\n    tag: a",
    "deep": "x:\n- y:\n  - v: |\n      image:\n        tag: a\n",
    "wide characters": "# 🚀\nv: |\n  # ü🚀\n  image:\n    tag: a # 🚀\n",
    "plain": "v: 'image: {tag: a}'\n",
    "double": 'v: "image: {tag: a}"\n',
    "folded but not broken": "v: >-\n  image: {tag: a}\n",
}


def _route(text: str) -> Route:
    return ("x", 0, "y", 0, "v") if text.startswith("x:") else ("v",)


def _value(data: bytes, route: Route) -> str:
    value = read("f.yaml", data).documents[0].value
    for step in route:
        value = value[step]
    assert isinstance(value, str)
    return value


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("name", STYLES)
def test_a_value_is_set(name: str, newline: str) -> None:
    text = STYLES[name].replace("\n", newline)
    route = _route(text)
    outer = read("f.yaml", text.encode())
    inner = read_nested(outer, _value(outer.data, route))
    edits = outer_edits(outer, 0, route, set_scalar(inner, 0, INNER, "b"))
    after = splice(outer.data, edits).decode()
    assert after == text.replace("tag: a", "tag: b")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_block_inside_a_block_is_set(newline: str) -> None:
    text = "v: |\n  image: |-\n    a\n  tag: 1\n".replace("\n", newline)
    outer = read("f.yaml", text.encode())
    inner = read_nested(outer, _value(outer.data, ("v",)))
    edits = outer_edits(outer, 0, ("v",), set_scalar(inner, 0, ("image",), "b"))
    assert splice(outer.data, edits).decode() == text.replace("    a", "    b")


@pytest.mark.parametrize("name", sorted(set(STYLES) - {"plain", "double", "folded but not broken"}))
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_come_and_go(name: str, newline: str) -> None:
    text = STYLES[name].replace("\n", newline)
    route = _route(text)
    outer = read("f.yaml", text.encode())
    before = _value(outer.data, route)
    inner = read_nested(outer, before)
    added = outer_edits(outer, 0, route, insert(inner, 0, ("image", "digest"), "d"))
    data = splice(outer.data, added)
    assert read("f.yaml", _value(data, route).encode()).documents[0].value["image"] == {
        "tag": "a",
        "digest": "d",
    }
    grown = read("f.yaml", data)
    again = read_nested(grown, _value(data, route))
    removed = outer_edits(grown, 0, route, delete(again, 0, ("image", "digest")))
    back = splice(data, removed)
    assert _value(back, route).rstrip("\n") == before.rstrip("\n")


REFUSED = {
    "folded": ("v: >\n  image: {tag: a,\n  x: b}\n", "folded"),
    "escapes": ('v: "image:\\n  tag: a"\n', "escapes"),
    "quote inside quotes": ("v: 'image: {tag: ''a''}'\n", "escapes"),
    "two lines": ("v: 'image: {tag: a,\n  x: b}'\n", "escapes"),
    "shared": ("v: &v |\n  image:\n    tag: a\nw: *v\n", "shared"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_place_of_its_own_is_refused(name: str) -> None:
    text, reason = REFUSED[name]
    outer = read("f.yaml", text.encode())
    inner = read_nested(outer, _value(outer.data, ("v",)))
    edits = set_scalar(inner, 0, INNER, "b")
    with pytest.raises(EditRefusedError, match=reason):
        outer_edits(outer, 0, ("v",), edits)


def test_a_value_that_the_quotes_around_cannot_hold_is_refused() -> None:
    outer = read("f.yaml", b"v: 'image: {tag: a}'\n")
    inner = read_nested(outer, "image: {tag: a}")
    with pytest.raises(EditRefusedError):
        outer_edits(outer, 0, ("v",), set_scalar(inner, 0, INNER, "it's"))


def test_a_place_in_the_text_is_a_place_in_the_file() -> None:
    outer = read("f.yaml", b"x: 1\nv: |\n  image:\n    tag: a\n")
    inner = read_nested(outer, _value(outer.data, ("v",)))
    span = locate(inner, 0, INNER).location.span
    assert span is not None
    found = outer_span(outer, 0, ("v",), span)
    assert found is not None
    assert (found.line, found.column, found.end_column) == (4, 10, 11)


def test_there_is_no_place_in_a_folded_text() -> None:
    outer = read("f.yaml", b"v: >\n  image: {tag: a,\n  x: b}\n")
    inner = read_nested(outer, _value(outer.data, ("v",)))
    span = locate(inner, 0, INNER).location.span
    assert span is not None
    assert outer_span(outer, 0, ("v",), span) is None


FOLDED = [
    (b"v: >-\n  one two\n  three\n", "three", (3, 3)),
    (b"v: >\n    one\n    two three\n", "three", (3, 9)),
    (b"v: >\n\n    one\n    two\n", "two", None),
    (b"v: >-\n  one\n\n  two\n", "two", None),
    (b"v: >-\n  one\n    two\n", "two", None),
    (b"v: |-\n  one\n  two\n", "two", None),
    (b"v: one two\n", "two", None),
]


@pytest.mark.parametrize(("data", "word", "place"), FOLDED)
def test_words_of_a_folded_text_have_places_to_point_at(
    data: bytes, word: str, place: tuple[int, int] | None
) -> None:
    text = _value(data, ("v",))
    start = text.index(word)
    inner = Lines(text).span(start, start + len(word))
    found = folded_span(read("f.yaml", data), 0, ("v",), inner)
    assert (found and (found.line, found.column)) == place


PARTS = [
    ("v: --image=web:1 # c\n", "--image=", "web:1", "web:2"),
    ('v: "--image=web:1"\n', "--image=", "web:1", "web:2"),
    ("v: 'https://x?ref=1&y=2'\n", "https://x?ref=", "1", "2"),
    ("v: &a docker://web:1\n", "docker://", "web:1", "web:2"),
]


@pytest.mark.parametrize(("text", "before", "old", "new"), PARTS)
def test_a_part_of_a_scalar(text: str, before: str, old: str, new: str) -> None:
    source = read("f.yaml", text.encode())
    edits = set_part(source, 0, ("v",), before, old, new)
    assert splice(source.data, edits).decode() == text.replace(before + old, before + new)
    assert set_part(source, 0, ("v",), before, old, old) == ()


def test_a_part_that_is_written_with_escapes_is_refused() -> None:
    source = read("f.yaml", b'v: "--image\\u003dweb:1"\n')
    with pytest.raises(EditRefusedError, match="escapes"):
        set_part(source, 0, ("v",), "--image=", "web:1", "web:2")


def test_a_part_that_somebody_else_reads_is_refused() -> None:
    source = read("f.yaml", b"v: &a x=1\nw: *a\n")
    with pytest.raises(EditRefusedError, match="shared"):
        set_part(source, 0, ("v",), "x=", "1", "2")
    assert set_part(source, 0, ("v",), "x=", "1", "2", consumers=[("w",)])


def test_a_part_that_is_gone_is_refused() -> None:
    source = read("f.yaml", b"v: x=3\n")
    with pytest.raises(EditRefusedError, match="not what it was"):
        set_part(source, 0, ("v",), "x=", "1", "2")
