from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.config.json_path import JsonPathError, parse_json_path, values_at

DOCUMENT: dict[str, Any] = {
    "status": "ok",
    "parts": [
        {"name": "db", "state": {"word": "up"}, "n": 1},
        {"name": "web", "state": {"word": "down"}, "n": 2.0, "ready": True},
        {"name": "it's", "n": None},
    ],
    "a-b": {"c d": 1, '"': 2, "é": 3},
    "none": None,
    "empty": [],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.status", ["ok"]),
        ("$['status']", ["ok"]),
        ('$[ "status" ]', ["ok"]),
        ("$.none", [None]),
        ("$.gone", []),
        ("$.status.deeper", []),
        ("$.status[0]", []),
        ("$.parts[0].name", ["db"]),
        ("$.parts[-1].name", ["it's"]),
        ("$.parts[3].name", []),
        ("$.parts[-4]", []),
        ("$.parts['0']", []),
        ("$.parts[*].name", ["db", "web", "it's"]),
        ("$.parts.*.ready", [True]),
        ("$['a-b'][*]", [1, 2, 3]),
        ("$['a-b']['c d']", [1]),
        (r"""$['a-b']['"']""", [2]),
        (r"""$['a-b']["\""]""", [2]),
        ("$['a-b'].é", [3]),
        (r"$['a-b']['\u00e9']", [3]),
        ("$.empty[*]", []),
        ("$.status[*]", []),
        ("$.parts[?@.name == 'db'].state.word", ["up"]),
        ("$.parts[?@.name!='db'].name", ["web", "it's"]),
        (r"$.parts[?@['name']=='it\'s'].n", [None]),
        ("$.parts[?@.state.word==\"down\"].name", ["web"]),
        ("$.parts[?@.n==1].name", ["db"]),
        ("$.parts[?@.n==2].name", ["web"]),
        ("$.parts[?@.n==true].name", []),
        ("$.parts[?@.n==null].name", ["it's"]),
        ("$.parts[?@.ready==true].name", ["web"]),
        ("$.parts[?@.ready!=true].name", ["db", "it's"]),
        ("$['a-b'][?@==1]", [1]),
        ("$", [DOCUMENT]),
    ],
)  # fmt: skip
def test_what_a_path_finds(path: str, found: list[Any]) -> None:
    assert values_at(parse_json_path(path), DOCUMENT) == found


TREE: dict[str, Any] = {"o": {"j": 1, "k": 2}, "a": [5, 3, [{"j": 4}, {"k": 6}]]}
"""The document of the examples in section 2.5.2.3 of the RFC."""


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$..j", [1, 4]),
        ("$..['j']", [1, 4]),
        ("$..[0]", [5, {"j": 4}]),
        ("$..*", [{"j": 1, "k": 2}, [5, 3, [{"j": 4}, {"k": 6}]], 1, 2, 5, 3, [{"j": 4}, {"k": 6}],
                  {"j": 4}, {"k": 6}, 4, 6]),
        ("$..[*]", [{"j": 1, "k": 2}, [5, 3, [{"j": 4}, {"k": 6}]], 1, 2, 5, 3,
                    [{"j": 4}, {"k": 6}], {"j": 4}, {"k": 6}, 4, 6]),
        ("$..o", [{"j": 1, "k": 2}]),
        ("$.o..k", [2]),
        ("$.a..k", [6]),
        ("$..[?@.j == 4].j", [4]),
        ("$..[-1:]..k", [6, 6]),
        ("$..gone", []),
        ("$.o.j..*", []),
    ],
)  # fmt: skip
def test_what_descendants_are_found(path: str, found: list[Any]) -> None:
    """In the order of the document; what two ways lead to is there twice, as in the RFC."""
    assert values_at(parse_json_path(path), TREE) == found


@pytest.mark.parametrize(
    ("slice_", "found"),
    [
        ("[1:3]", "bc"),
        ("[5:]", "fg"),
        ("[1:5:2]", "bd"),
        ("[5:1:-2]", "fd"),
        ("[::-1]", "gfedcba"),
        ("[:]", "abcdefg"),
        ("[::]", "abcdefg"),
        ("[-2:]", "fg"),
        ("[:-5]", "ab"),
        ("[-99:2]", "ab"),
        ("[2:99]", "cdefg"),
        ("[99::-3]", "gda"),
        ("[1:-99:-1]", "ba"),
        ("[3:1]", ""),
        ("[::0]", ""),
        ("[ 0 : 2 : 1 ]", "ab"),
    ],
)
def test_what_a_slice_finds(slice_: str, found: str) -> None:
    assert values_at(parse_json_path(f"$.x{slice_}"), {"x": list("abcdefg")}) == list(found)


@pytest.mark.parametrize("value", [{"a": 1}, "text", None, 1])
def test_only_arrays_have_slices(value: Any) -> None:
    assert values_at(parse_json_path("$[0:1]"), value) == []


def test_descendants_of_descendants() -> None:
    nested: Any = []
    for _ in range(180):
        nested = [nested]
    assert len(values_at(parse_json_path("$..*..*"), nested)) == 180 * 179 // 2


def test_depth_is_no_matter() -> None:
    nested: Any = {"x": 1}
    for _ in range(50_000):
        nested = [nested]
    assert values_at(parse_json_path("$..x"), nested) == [1]


@pytest.mark.parametrize(
    ("path", "rest"),
    [
        ("status", "does not begin with $"),
        ("", "does not begin with $"),
        ("$status", "character 2 on: 'status'"),
        ("$..", "character 3 on"),
        ("$...a", "character 3 on"),
        ("$.. name", "character 3 on"),
        ("$..['b", "character 4 on"),
        ("$.a..[?@..b == 1]", "character 9 on"),
        ("$.a[?@[0:1] == 1]", "character 7 on"),
        ("$.a-b", "character 4 on: '-b'"),
        ("$.1", "character 2 on"),
        ("$.a[", "character 4 on"),
        ("$.a[01]", "character 4 on"),
        ("$.a[-0]", "character 4 on"),
        ("$.a[0:2:1:1]", "character 4 on"),
        ("$.a[-0:2]", "character 4 on"),
        ("$.a[0:01]", "character 4 on"),
        ("$.a[1.0:2]", "character 4 on"),
        ("$.a['0':2]", "character 4 on"),
        ("$.a[0:9999999999]", "character 4 on"),
        ("$.a[0,1]", "character 4 on"),
        ("$.a['b", "character 4 on"),
        ("$.a[?@.b]", "character 9 on"),
        ("$.a[?@.b < 1]", "character 9 on"),
        ("$.a[?@.b == @.c]", "character 9 on"),
        ("$.a[?length(@.b) == 1]", "character 4 on"),
        (r"$['\x']", "is no string of JSON"),
        ("$ .a", "character 2 on"),
    ],
)
def test_what_is_no_path(path: str, rest: str) -> None:
    with pytest.raises(JsonPathError) as caught:
        parse_json_path(path)
    assert rest in str(caught.value)


@given(st.text(alphabet="$.[]?@*='\"\\ab10-!: ", max_size=30))
def test_any_text_is_a_path_or_says_why_not(text: str) -> None:
    with contextlib.suppress(JsonPathError):
        values_at(parse_json_path(text), DOCUMENT)


@pytest.mark.parametrize(
    "text", ["$" + "['" * 20_000, "$[?@" + ".a" * 20_000, "$['" + "\\" * 40_001]
)
def test_long_texts_take_no_long_time(text: str) -> None:
    began = time.process_time()
    with pytest.raises(JsonPathError):
        parse_json_path(text)
    assert time.process_time() - began < 1
