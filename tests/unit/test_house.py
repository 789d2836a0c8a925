"""The house rules that a linter does not know: sizes, reasons, names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from gitops_ci.model.rule import PREFIXES
from gitops_ci.steps.registry import STEPS
from gitops_ci.steps.rule_book import every_rule

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "gitops_ci").rglob("*.py"))
MOST_LINES = 400
MOST_MEDIAN = 110
MOST_FUNCTION_LINES = 50
EXEMPTION = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:)[^\n]*")
REASON = re.compile(r"(?:noqa(?::[^-\n]*)?|ignore(?:\[[^\]]*\])?|no cover)\s+(?:-|#)\s+\S+")
MOST_EXEMPTIONS = 60


def lines_of(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def test_files_are_small() -> None:
    sizes = {path.name: lines_of(path) for path in FILES}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES} == {}
    assert median(sizes.values()) <= MOST_MEDIAN


def test_functions_are_small() -> None:
    long = {
        f"{path.name}:{name}": size
        for path in FILES
        for name, size in functions(path)
        if size > MOST_FUNCTION_LINES
    }
    assert long == {}


def test_values_are_structs() -> None:
    """Only the Inputs of a step need what a dataclass can more; `dataclasses.replace` of a Struct
    fails when it is called, and no type checker sees it."""
    importing = {
        path.relative_to(ROOT / "gitops_ci").as_posix()
        for path in FILES
        if "dataclasses" in path.read_text("utf-8")
    }
    steps = {f"steps/{entry.module}.py" for entry in STEPS}
    assert importing - steps <= {"steps/option.py", "documents/document.py"}


def test_no_import_compiles_an_expression() -> None:
    """To compile them all takes longer than most commands; see `model/regex.py`."""
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    compiling = {
        f"{path.name}:{node.lineno}"
        for path in FILES
        if "re.compile(" in (text := path.read_text("utf-8"))
        for statement in ast.parse(text).body
        if not isinstance(statement, defined)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
    }
    assert compiling == set()


def test_every_module_says_what_it_is() -> None:
    silent = [str(path) for path in FILES if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []
    vague = [str(path) for path in FILES if path.read_text().startswith('"""…')]
    assert vague == []


def test_every_exemption_has_a_reason() -> None:
    found = [
        (path.relative_to(ROOT).as_posix(), match[0])
        for path in FILES
        for match in EXEMPTION.finditer(path.read_text("utf-8"))
    ]
    assert [item for item in found if not REASON.search(item[1])] == []
    assert len(found) <= MOST_EXEMPTIONS


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX:", "/work/", "/root/"])
def test_words_that_do_not_belong_here(word: str) -> None:
    assert [str(path) for path in FILES if word in path.read_text("utf-8")] == []


def test_rule_ids_are_well_formed_and_unique() -> None:
    ids = [rule.id for rule in every_rule()]
    assert len(ids) == len(set(ids))
    assert {rule.prefix for rule in every_rule()} <= set(PREFIXES)
    assert all(re.fullmatch(r"[a-z-]+/[a-z0-9-]+", item) for item in ids)


def test_every_rule_of_the_package_is_in_the_book() -> None:
    stated = {
        match[1]
        for path in FILES
        for match in re.finditer(r'Rule\(\s*"([a-z-]+/[a-z0-9-]+)"', path.read_text("utf-8"))
    }
    assert stated - {rule.id for rule in every_rule()} == set()


@pytest.mark.parametrize("entry", STEPS, ids=lambda entry: entry.name)
def test_every_command_has_a_module_with_documented_inputs(entry: object) -> None:
    step = entry.load()  # type: ignore[attr-defined]
    assert step.Inputs.__doc__
    assert callable(step.run)
