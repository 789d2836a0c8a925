"""The secret scan alone, beside the floor and beside the scanners that people use today."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from bench import secrets_tree
from bench.clock import of_call, of_command, peak_of_command
from bench.figure import Figure, least, most
from bench.repository import PROGRAM, git
from gitops_ci.tools.find import find_tool

_PEER = """
import sys
from pathlib import Path
from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings
with default_settings():
    found = SecretsCollection()
    for path in sorted(Path(sys.argv[1]).rglob("*.yaml")):
        found.scan_file(str(path))
"""
_CHANGED = 20


def figures(folder: Path) -> Iterator[Figure]:
    """Every figure about the scan of a generated repository below `folder`."""
    root = folder / "secrets"
    secrets_tree.generate(root)
    scan = [*PROGRAM, "-C", root, "secrets", "--fail-on", "never", "--mode", "tree"]
    own = of_command(scan, 5)
    yield most("secrets alone / floor", own / _floor(root), 0.4)
    yield most("memory of the secret scan", peak_of_command(scan), 150, "MB")
    name = "detect-secrets / secrets alone"
    if importlib.util.find_spec("detect_secrets") is None:
        yield Figure(name, "no detect-secrets", "≥ 35")
    else:
        yield least(name, of_command([sys.executable, "-c", _PEER, root]) / own, 35)
    name, gitleaks = "secrets alone / gitleaks", find_tool("gitleaks")
    if gitleaks is None:
        yield Figure(name, "no gitleaks", "≤ 2")
    else:
        peer = of_command([gitleaks, "dir", "--no-banner", "--redact", root], 3)
        yield most(name, own / peer, 2)
    yield _pull_request(root)
    shutil.rmtree(root)


def _floor(root: Path) -> float:
    """Reading and parsing all files with the C loader."""
    paths = sorted(root.rglob("*.yaml"))

    def job() -> None:
        for path in paths:
            list(yaml.load_all(path.read_bytes(), yaml.CSafeLoader))

    return of_call(job)


def _pull_request(root: Path) -> Figure:
    """A change to twenty files: its commit and its lines, and what stood there before."""
    git(root, ("init", "-q"))
    git(root, ("add", "."))
    git(root, ("commit", "-qm", "base"))
    for path in sorted(root.rglob("*.yaml"))[: _CHANGED * 7 : 7]:
        path.write_text(path.read_text("utf-8") + "# changed\n", "utf-8")
    git(root, ("commit", "-qam", "change"))
    words = ("--mode", "diff", "--changed-since", "HEAD~1", "--fail-on", "never")
    cost = of_command([*PROGRAM, "-C", root, "secrets", *words], 5)
    return most("secret scan of a change to 20 files", cost * 1000, 300, "ms")
