"""`make bench`: every figure as a ratio, in one table."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Bench, Figure


def main() -> int:
    """0; the table goes to stdout. Peers that are missing are named, not skipped silently."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--overlays", type=int, default=1000)
    parser.add_argument("--sample", type=int, default=20, help="overlays per process-bound peer")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gitops-ci-bench-") as folder:
        bench = Bench(Path(folder), given.overlays, given.sample)
        for line in table(bench.figures()):
            print(line, flush=True)
    return 0


def table(figures: Iterator[Figure]) -> Iterator[str]:
    """The figures as a Markdown table."""
    yield "| figure | measured | asked | |"
    yield "|---|---:|---:|---|"
    for item in figures:
        verdict = "" if item.met is None else "met" if item.met else "**missed**"
        yield f"| {item.name} | {item.measured} | {item.asked} | {verdict} |"


if __name__ == "__main__":
    sys.exit(main())
