"""The scanner against the matrix of cases: what it finds, and what it says too much.

The figures are those of the whole matrix; a miss or a false finding is listed by its case.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from gitops_ci.model.finding import Finding
from gitops_ci.model.severity import Severity
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.secrets.scan import ScanRequest, scan
from tests.secrets.matrix import Case, Expected, negative, positive
from tests.support.fakes import fill

RECALL = 0.97
PRECISION = 0.99
FEWEST = 150
_BLOCK = ("|", "|-", "|+", ">", ">-", ">+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner made of one case."""

    case: Case
    missed: tuple[Expected, ...]
    false: tuple[Finding, ...]

    @property
    def found(self) -> int:
        """How many of the expected findings came."""
        return len(self.case.expected) - len(self.missed)


def filled(case: Case) -> Case:
    """The case with invented values in place of its markers."""
    files = {
        path: fill(data.decode("utf-8"), f"{case.name}/{path}").encode("utf-8")
        for path, data in case.files.items()
    }
    return replace(case, files=files)


def judge(case: Case) -> Verdict:
    """Scans a filled case and compares."""
    result = scan(ScanRequest(Files(MemoryTree(case.files))))
    heavy = [item for item in result.findings if item.severity >= Severity.WARNING]
    missed = [want for want in case.expected if not any(_fits(case, want, item) for item in heavy)]
    false = [item for item in heavy if not any(_fits(case, want, item) for want in case.expected)]
    return Verdict(case, tuple(missed), tuple(false))


def _fits(case: Case, want: Expected, item: Finding) -> bool:
    if item.location.path != want.path or not fnmatch.fnmatchcase(item.rule.id, want.rule):
        return False
    span = item.location.span
    last = span.end_line if span else item.location.line
    return item.location.line <= _last_line(case, want) and want.line <= last


def _last_line(case: Case, want: Expected) -> int:
    """Of a value in a block the first line may be shown as well as the line of its key."""
    line = case.files[want.path].decode("utf-8").splitlines()[want.line - 1]
    return want.line + line.rstrip().endswith(_BLOCK)


@cache
def verdicts() -> tuple[Verdict, ...]:
    """The verdicts over the whole matrix."""
    return tuple(judge(filled(case)) for case in [*positive(), *negative()])


def _listed(items: Iterable[str]) -> str:
    return "\n".join(["", *items])


def test_there_are_enough_cases() -> None:
    assert len(positive()) >= FEWEST
    assert len(negative()) >= FEWEST
    assert all(case.expected for case in positive())


def test_what_has_to_be_found_is_found() -> None:
    all_ = verdicts()
    wanted = sum(len(item.case.expected) for item in all_)
    found = sum(item.found for item in all_)
    missed = [
        f"{item.case.name}: {want.path}:{want.line} {want.rule}"
        for item in all_
        for want in item.missed
    ]
    assert found / wanted >= RECALL, _listed(missed)


def test_what_is_safe_stays_silent() -> None:
    all_ = verdicts()
    right = sum(item.found for item in all_)
    false = [
        f"{item.case.name}: {found.location.path}:{found.location.line} {found.rule.id}"
        for item in all_
        for found in item.false
    ]
    assert right / (right + len(false)) >= PRECISION, _listed(false)


def test_no_value_is_shown() -> None:
    shown = [
        f"{item.case.name}: {found.rule.id}"
        for item in verdicts()
        for found in item.false
        if any(word in found.message for word in _values(item.case))
    ]
    assert not shown


def _values(case: Case) -> list[str]:
    return [
        word
        for data in case.files.values()
        for word in data.decode("utf-8").split()
        if len(word) > 30  # longer than any name of a field or a file here
    ]
