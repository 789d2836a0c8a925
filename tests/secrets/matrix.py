"""The cases of the scanner: files that have to be found beside files that have to stay silent.

A case is a file in `positive/` or `negative/`, scanned as the only file of a repository under its
own name, or a directory there, scanned as a repository of its own when names and neighbours matter
(`positive/env-generator/{kustomization.yaml,.env}`). What has to be found stands in `positive.txt`,
one line for each: `CASE[/PATH]:LINE RULE`, where the rule `secret/*` leaves it open which one of
that prefix. Anything else that is found at warning or above in a positive case, and anything at
all of that weight in a negative one, is a false finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Expected:
    """One finding that has to come: where, and under which rule id or glob."""

    path: str
    line: int
    rule: str


@dataclass(frozen=True, slots=True)
class Case:
    """One small repository: its files by path, and what is expected."""

    name: str
    files: dict[str, bytes]
    expected: tuple[Expected, ...] = ()


def positive() -> list[Case]:
    """The cases in which something has to be found."""
    wanted: dict[str, list[Expected]] = {}
    for row in (HERE / "positive.txt").read_text("utf-8").splitlines():
        if row.strip() and not row.startswith("#"):
            place, rule = row.split()
            path, _, line = place.rpartition(":")
            case, _, inner = path.partition("/")
            wanted.setdefault(case, []).append(Expected(inner or case, int(line), rule))
    return [
        Case(case.name, case.files, tuple(wanted.get(case.name, ())))
        for case in _cases(HERE / "positive")
    ]


def negative() -> list[Case]:
    """The cases in which nothing may be found."""
    return _cases(HERE / "negative")


def _cases(folder: Path) -> list[Case]:
    return [Case(entry.name, _files(entry)) for entry in sorted(folder.iterdir())]


def _files(entry: Path) -> dict[str, bytes]:
    if entry.is_file():
        return {entry.name: entry.read_bytes()}
    return {
        path.relative_to(entry).as_posix(): path.read_bytes()
        for path in sorted(entry.rglob("*"))
        if path.is_file()
    }
