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


@pytest.mark.parametrize(
    ("path", "rest"),
    [
        ("status", "does not begin with $"),
        ("", "does not begin with $"),
        ("$status", "character 2 on: 'status'"),
        ("$..name", "character 2 on"),
        ("$.a-b", "character 4 on: '-b'"),
        ("$.1", "character 2 on"),
        ("$.a[", "character 4 on"),
        ("$.a[01]", "character 4 on"),
        ("$.a[-0]", "character 4 on"),
        ("$.a[0:2]", "character 4 on"),
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


@given(st.text(alphabet="$.[]?@*='\"\\ab10-! ", max_size=30))
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
