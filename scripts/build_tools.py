"""Build the pinned external tools with Go, for the full tier: what is there already stays.

Usage: build_tools.py TARGET. Release hosts are not asked: a test machine may reach package
registries only, and a build from source is the same everywhere.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from gitops_ci.model.errors import EndpointError
from gitops_ci.tools.install import go_builder, install
from gitops_ci.tools.pins import pins

ATTEMPTS = 3


def main(target: Path) -> int:
    """Fill `target`; returns the exit code."""
    go = shutil.which("go")
    build = go_builder(Path(go) if go else None, os.environ)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            for item in install(sorted(pins()), target, _no_archive, build):
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
