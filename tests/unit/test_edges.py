"""The list of edge cases: each names a test that exists."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "tests/edges.tsv"
AREAS = {"runner", "context", "diff", "comments", "forge", "reports", "gate", "image"}


class Edge(NamedTuple):
    area: str
    case: str
    test: str


def edges() -> list[Edge]:
    header, *rows = LIST.read_text("utf-8").splitlines()
    assert header.split("\t") == list(Edge._fields)
    return [Edge(*row.split("\t")) for row in rows]


EDGES = edges()


@cache
def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text("utf-8"))


def is_there(test: str) -> bool:
    """Whether the file has the function, and the parts of its id in brackets. Where the parts come
    from another module, only the collection of the full tier knows."""
    way, bracket, words = test.partition("[")
    path, *names = way.split("::")
    if not (ROOT / path).is_file():
        return False
    body: list[ast.stmt] = tree(path).body
    for name in names:
        found = [
            node
            for node in body
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == name
        ]
        if not found:
            return False
        body = found[0].body
    return not bracket or made_of(words.removesuffix("]"), parts(path))


@cache
def parts(path: str) -> frozenset[str]:
    """What pytest can make ids of: texts as it escapes them, numbers and names."""
    return frozenset(_parts(path))


def _parts(path: str) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value.encode("unicode_escape").decode("ascii")
        elif isinstance(node, ast.Constant):
            yield str(node.value)
        elif isinstance(node, ast.Name):
            yield node.id


def made_of(text: str, known: frozenset[str]) -> bool:
    if text in known:
        return True
    starts = (text.removeprefix(f"{part}-") for part in known if text.startswith(f"{part}-"))
    return any(made_of(rest, known) for rest in starts)


def test_every_area_has_cases() -> None:
    assert {edge.area for edge in EDGES} == AREAS


def test_a_case_stands_there_once() -> None:
    counts = Counter((edge.area, edge.case) for edge in EDGES)
    assert [case for case, count in counts.items() if count > 1] == []
    assert [edge for edge in EDGES if not all(edge)] == []


def test_every_test_exists() -> None:
    assert [edge.test for edge in EDGES if not is_there(edge.test)] == []


@pytest.mark.parametrize(
    "test",
    [
        "tests/unit/test_gone.py::test_a",
        "tests/unit/test_edges.py::test_gone",
        "tests/unit/test_edges.py::Edge::test_gone",
        "tests/unit/test_edges.py::test_every_test_exists[it is a-row]",
    ],
)
def test_what_does_not_exist_is_noticed(test: str) -> None:
    assert not is_there(test)


@pytest.mark.full
def test_every_test_is_collected() -> None:
    files = sorted({edge.test.partition("::")[0] for edge in EDGES})
    words = ["-m", "pytest", "--collect-only", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, *words, *files], cwd=ROOT, capture_output=True, text=True, check=False
    )
    collected = set(done.stdout.splitlines())
    assert [e.test for e in EDGES if e.test not in collected and not _is_group(e, collected)] == []


def _is_group(edge: Edge, collected: set[str]) -> bool:
    """Whether the test stands for all rows of its table."""
    return any(test.startswith(f"{edge.test}[") for test in collected)
