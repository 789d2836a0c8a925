"""Routes to places and back."""

from __future__ import annotations

import pytest

from gitops_ci.documents.locate import locate, route_at, span_of
from gitops_ci.documents.read import read
from gitops_ci.model.span import Route

TEXT = """\
# a comment
kind: Deployment
metadata: {name: web, labels: {app: "web"}}
spec:
  template:
    containers:
    - name: a
      image: &img nginx:1.10   # trailing
      args:
        - |
          echo
    - name: b
      image: *img
  empty:
base: &base
  k: 1
derived:
  <<: *base
---
second: 2
"""

PLACES: list[tuple[int, Route, str, int, int, str, bool]] = [
    (0, ("kind",), "value", 2, 7, "Deployment", True),
    (0, ("kind",), "key", 2, 1, "kind", True),
    (0, ("metadata", "name"), "value", 3, 18, "web", True),
    (0, ("metadata", "labels"), "value", 3, 31, '{app: "web"}', True),
    (0, ("metadata", "labels", "app"), "value", 3, 37, '"web"', True),
    (0, ("spec",), "value", 4, 1, "spec", True),
    (0, ("spec", "template", "containers", 0, "image"), "value", 8, 14, "&img nginx:1.10", True),
    (0, ("spec", "template", "containers", 1, "image"), "value", 8, 14, "&img nginx:1.10", True),
    (0, ("spec", "template", "containers", 1, "name"), "value", 12, 13, "b", True),
    (0, ("spec", "template", "containers", 1), "value", 12, 7, "name: b", True),
    (0, ("spec", "empty"), "key", 14, 3, "empty", True),
    (0, ("derived", "k"), "value", 16, 6, "1", True),
    (0, ("spec", "replicas"), "value", 4, 1, "spec", False),
    (0, ("spec", "template", "containers", 5, "x"), "value", 6, 5, "containers", False),
    (1, ("second",), "value", 20, 9, "2", True),
]


@pytest.mark.parametrize(("document", "route", "part", "line", "column", "text", "exact"), PLACES)
@pytest.mark.parametrize("form", ["plain", "bom", "crlf", "bom-crlf"])
def test_places(
    document: int, route: Route, part: str, line: int, column: int, text: str, exact: bool,
    form: str,
) -> None:  # fmt: skip
    data = TEXT.encode()
    data = data.replace(b"\n", b"\r\n") if "crlf" in form else data
    data = b"\xef\xbb\xbf" + data if "bom" in form else data
    place = locate(read("a.yaml", data), document, route, "key" if part == "key" else "value")
    span = place.location.span
    assert span is not None
    assert (span.line, span.column, place.exact) == (line, column, exact)
    decoded = data.decode("utf-8-sig")
    assert decoded[span.start : span.end] == text


def test_a_file_that_cannot_be_read_still_gives_its_path() -> None:
    place = locate(read("a.yaml", b"\xff"), 0, ("a",))
    assert (place.location.path, place.location.span, place.exact) == ("a.yaml", None, False)


def test_json_places_survive_surrogates_and_tabs() -> None:
    source = read("a.json", b'{\n\t"x": "\\ud83d\\ude00",\n\t"y": {"z": 1}\n}')
    place = locate(source, 0, ("y", "z"))
    assert place.location.span is not None
    assert (place.location.span.line, place.location.span.column) == (3, 13)


def test_span_of_a_missing_value_is_none() -> None:
    source = read("a.yaml", TEXT.encode())
    assert span_of(source, 0, ("spec", "replicas")) is None
    assert span_of(source, 7, ()) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (2, (0, ("kind",))),
        (8, (0, ("spec", "template", "containers", 0, "image"))),
        (12, (0, ("spec", "template", "containers", 1, "name"))),
        (20, (1, ("second",))),
        (1, None),
    ],
)
def test_route_at(line: int, expected: object) -> None:
    assert route_at(read("a.yaml", TEXT.encode()), line) == expected
