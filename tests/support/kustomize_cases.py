"""The cases that hold the native kustomize engine to the reference.

A case is a folder below `tests/conformance/kustomize/<feature>/`: the input tree, `case.yaml` with
the fact that it is about and the command, and what the command gave: `expected.yaml`, the output of
the reference, or `expected-error.txt`, its message. `scripts/kustomize_expected.py` writes the last
two; nobody edits them.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from gitops_ci.repo.memory import MemoryTree
from tests.support.tools import ROOT

CASES = ROOT / "tests" / "conformance" / "kustomize"
RECORD, OUTPUT, ERROR = "case.yaml", "expected.yaml", "expected-error.txt"
_OWN = frozenset({RECORD, OUTPUT, ERROR})


@dataclass(frozen=True)
class Case:
    """One case. `name` is `<feature>/<case>`."""

    name: str
    folder: Path

    @cached_property
    def record(self) -> dict[str, Any]:
        """What `case.yaml` says."""
        return yaml.safe_load((self.folder / RECORD).read_text("utf-8"))

    @property
    def arguments(self) -> list[str]:
        """The command without the program."""
        return shlex.split(self.record["command"])[1:]

    @property
    def directory(self) -> str:
        """The directory that is built, "" for the root of the input."""
        last = self.arguments[-1]
        return "" if last == "." else last

    @property
    def restrictor(self) -> str:
        """The load restrictor in the words of the engine's options."""
        return "none" if "LoadRestrictionsNone" in self.arguments else "root-only"

    @property
    def fails(self) -> bool:
        """Whether the reference refuses the input."""
        return (self.folder / ERROR).is_file()

    @property
    def expected(self) -> bytes:
        """What the reference printed."""
        return (self.folder / OUTPUT).read_bytes()

    def tree(self) -> MemoryTree:
        """The input."""
        files, links = {}, {}
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if path.is_symlink():
                links[name] = str(path.readlink())
            elif path.is_file() and name not in _OWN:
                files[name] = path.read_bytes()
        return MemoryTree(files, links)


def all_cases(folder: Path = CASES) -> Iterator[Case]:
    """Every case, sorted by name."""
    for record in sorted(folder.glob(f"*/*/{RECORD}")):
        yield Case(record.parent.relative_to(folder).as_posix(), record.parent)
