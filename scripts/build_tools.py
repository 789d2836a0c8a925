"""Build the pinned external tools with Go, for the full tier, and act, which only tests run. What
is there already stays.

Usage: build_tools.py TARGET. Release hosts are not asked: a test machine may reach package
registries only, and a build from source is the same everywhere.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from gitops_ci.model.errors import EndpointError
from gitops_ci.tools.install import go_builder, install_pin
from gitops_ci.tools.pins import Pin, pins, this_platform

ATTEMPTS = 3
ACT = Pin("act", "0.2.89", "", "", "github.com/nektos/act@v{version}", "")
"""Runs GitHub workflows; no part of the product, so `tools install` does not know it."""


def main(target: Path) -> int:
    """Fill `target`; returns the exit code."""
    target.mkdir(parents=True, exist_ok=True)
    go = shutil.which("go")
    build = go_builder(Path(go) if go else None, os.environ)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            for _, pin in sorted({**pins(), ACT.name: ACT}.items()):
                item = install_pin(pin, target, _no_archive, build, this_platform())
                print(f"{item.name} {item.version}: {item.route}")
        except EndpointError as error:
            print(f"attempt {attempt}: {error.message}", file=sys.stderr)
        else:
            return 0
    return 1


def _no_archive(url: str) -> bytes:
    raise OSError(f"{url} is not asked")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
