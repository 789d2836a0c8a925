"""`make bench`: every figure as a ratio, in one table."""

from __future__ import annotations

import argparse
import compileall
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import gitops_ci
from bench import bumps, fidelity, parts, promotions, runs, secret_scan
from bench.admission import admission
from bench.figure import Figure
from bench.repository import Repository


def main() -> int:
    """0; the table goes to stdout. Peers that are missing are named, not skipped silently."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--overlays", type=int, default=1000)
    parser.add_argument("--sample", type=int, default=20, help="overlays per process-bound peer")
    given = parser.parse_args()
    for folder in gitops_ci.__path__:
        compileall.compile_dir(folder, quiet=1)
    with tempfile.TemporaryDirectory(prefix="gitops-ci-bench-") as name:
        repository = Repository(Path(name), given.overlays, given.sample)
        for line in table(figures(repository)):
            print(line, flush=True)
    print()
    for line in editors(os.environ.get("GITOPS_CI_CORPORA", "")):
        print(line, flush=True)
    return 0


def editors(corpora: str) -> Iterator[str]:
    """The table of editors, on the real files that GITOPS_CI_CORPORA names."""
    if not corpora:
        yield "editors: GITOPS_CI_CORPORA names no folder with real files"
        return
    scratch = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "gitops-ci-bench")
    yield from fidelity.compare(Path(corpora), scratch)


def figures(repository: Repository) -> Iterator[Figure]:
    """Every figure, cheap ones first; the last ones change the repository."""
    yield from parts.start_up(repository)
    yield from parts.budget(repository)
    yield from admission(repository)
    yield from parts.peers(repository)
    yield from bumps.plans(repository)
    yield from secret_scan.figures(repository.folder)
    yield from promotions.plans(repository)
    yield from runs.whole(repository)


def table(rows: Iterator[Figure]) -> Iterator[str]:
    """The figures as a Markdown table."""
    yield "| figure | measured | asked | |"
    yield "|---|---:|---:|---|"
    for item in rows:
        verdict = "" if item.met is None else "met" if item.met else "**missed**"
        yield f"| {item.name} | {item.measured} | {item.asked} | {verdict} |"


if __name__ == "__main__":
    sys.exit(main())
