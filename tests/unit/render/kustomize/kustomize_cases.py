"""Reads and writes case files: small trees, and what kustomize 5.5.0 makes of each.

A case starts with `##### name`; `=== path` starts a file of its tree; `>>> output` is what
`kustomize build` printed, `>>> error RULE PATH:LINE` says that it refused the tree and what is
found instead. `@root DIR` behind the name builds a directory other than the top.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    """One tree and its expectation: the output, or the rule and place of the fault."""

    name: str
    files: dict[str, str] = field(default_factory=dict)
    root: str = ""
    output: str = ""
    error: str = ""


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of one file."""
    for block in path.read_text(encoding="utf-8").split("##### ")[1:]:
        heading, _, body = block.partition("\n")
        name, _, root = heading.partition(" @root ")
        files: dict[str, str] = {}
        tree, _, expectation = body.partition("\n>>> ")
        for part in ("\n" + tree).split("\n=== ")[1:]:
            file, _, text = part.partition("\n")
            files[file] = text + "\n" if text else ""
        kind, _, output = expectation.partition("\n")
        error = kind.removeprefix("error ") if kind.startswith("error ") else ""
        yield Case(name, files, root, "" if error else output, error)


def written(case: Case) -> str:
    """The case as text, the opposite of `read_cases`."""
    root = f" @root {case.root}" if case.root else ""
    tree = "".join(f"=== {path}\n{text}" for path, text in case.files.items())
    end = f">>> error {case.error}\n" if case.error else f">>> output\n{case.output}"
    return f"##### {case.name}{root}\n{tree}{end}"


def all_cases() -> list[Case]:
    """Every case of the folder."""
    return [case for path in sorted(FOLDER.glob("*.txt")) for case in read_cases(path)]
