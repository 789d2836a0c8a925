"""The Python files of the repository, examined by bandit in a process of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from gitops_ci.config.globs import Globs
from gitops_ci.documents.text import Lines
from gitops_ci.findings.suppression import LineScope, Suppression
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.regex import regex
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location
from gitops_ci.repo.paths import name
from gitops_ci.repo.tree import Entry, EntryKind, Tree, UnreadableError
from gitops_ci.secrets.bandit_rules import NOT_ANALYSED, OTHER, rule_of
from gitops_ci.tools.run import run

TIMEOUT = 120.0
"""Seconds for all files together."""
PER_FILE = 5.0
"""Seconds of processor time for one file: bandit's grows with the square of the longest list."""
_WORKER = Path(__file__).with_name("bandit_worker.py")
_LONGEST_SCRIPT = 2**20
"""Larger files without an ending are no scripts (bytes)."""
_SHEBANG = regex(rb"#![^\n]{0,100}\bpython")
_NOSEC = regex(r"#\s*nosec:?\s*(?P<ids>[BCbc]\d[\w, ]*)?")
_REASON = "allowed by a nosec comment"


class PythonResult(Struct, frozen=True):
    """What bandit found, the files that it did not get to, and the comments that allow findings.
    `unexamined` counts the files that are there when bandit is not."""

    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skip, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    unexamined: int = 0


def is_available() -> bool:
    """Whether bandit is installed."""
    return importlib.util.find_spec("bandit") is not None


def examine_python(
    tree: Tree,
    paths: frozenset[str] | None = None,
    timeout: float = TIMEOUT,
    *,
    ignored: tuple[str, ...] = (),
    per_file: float = PER_FILE,
) -> PythonResult:
    """Run bandit over the Python files of a tree; `paths` limits which, `ignored` are globs of
    those to leave out. `timeout` is in seconds, `per_file` in those of processor time."""
    left_out = Globs(ignored)
    sources = {p: data for p, data in _python_files(tree, paths) if not left_out.match(p)}
    if not sources:
        return PythonResult()
    if not is_available():
        return PythonResult(unexamined=len(sources))
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="gitops-ci-python-") as folder:
        names: dict[str, str] = {}
        for number, (path, data) in enumerate(sources.items()):
            file = Path(folder) / f"{number:06}.py"
            file.write_bytes(data)
            names[str(file)] = path
        outcome = run(
            [sys.executable, "-P", _WORKER, folder, f"{per_file:g}"],
            cwd=Path(folder),
            timeout=timeout,
            env={"PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)},
        )
    if outcome.timed_out:
        detail = f"bandit did not finish within {timeout:g} seconds"
        return PythonResult(skipped=tuple(Skip(path, "timeout", detail) for path in sources))
    try:
        answer = json.loads(outcome.stdout)
    except ValueError:
        detail = "bandit failed"
        return PythonResult(skipped=tuple(Skip(path, "missing-tool", detail) for path in sources))
    return _result(answer, names, sources)


def _python_files(tree: Tree, paths: frozenset[str] | None) -> Iterator[tuple[str, bytes]]:
    for entry in tree.entries():
        wanted = entry.kind is EntryKind.FILE and (paths is None or entry.path in paths)
        if not wanted or not (entry.path.endswith(".py") or _may_be_script(entry)):
            continue
        try:
            data = tree.read(entry.path)
        except UnreadableError:
            continue  # the secret scan says so
        if entry.path.endswith(".py") or _SHEBANG.match(data):
            yield entry.path, data


def _may_be_script(entry: Entry) -> bool:
    """Whether its first line is worth reading."""
    return entry.size <= _LONGEST_SCRIPT and (entry.executable or "." not in name(entry.path))


def _result(answer: Any, names: dict[str, str], sources: dict[str, bytes]) -> PythonResult:
    findings: list[Finding] = []
    suppressions: list[Suppression] = []
    lines: dict[str, Lines] = {}
    for issue in answer["results"]:
        path = names[issue["file"]]
        if path not in lines:
            lines[path] = Lines(sources[path].decode("utf-8", "replace"))
        finding = _finding(issue, path, lines[path])
        findings.append(finding)
        if any(_allows(lines[path].line(line), issue["id"]) for line in issue["lines"]):
            scope = LineScope(path, finding.location.line)
            place = finding.location
            suppressions.append(
                Suppression("comment", finding.rule.id, _REASON, scope, place, finding.message)
            )
    for file, reason in answer["skipped"]:
        message = f"the file was not analysed: {str(reason).partition(chr(10))[0]}"
        findings.append(found(NOT_ANALYSED, message, Location(names[file]), key="not-analysed"))
    return PythonResult(tuple(findings), (), tuple(suppressions))


def _finding(issue: dict[str, Any], path: str, lines: Lines) -> Finding:
    rule = rule_of(issue["id"])
    start = lines.offset(issue["line"], issue["column"])
    end = lines.offset(issue["line"], len(lines.line(issue["line"])) + 1)
    words = f"{rule.summary[:1].lower()}{rule.summary[1:]} ({issue['id']})"
    place = Location(path, lines.span(start, max(start, end)))
    return found(rule, words, place, key=issue["id"] if rule is OTHER else "")


def _allows(line: str, test_id: str) -> bool:
    """Whether a comment on the line allows the test: all of them, or the ones that it names."""
    match = _NOSEC.search(line)
    return match is not None and (not match["ids"] or test_id in match["ids"].upper())
