"""Put the pinned tools into the image: ready files of the build context, else release archives.

Usage: image_tools.py READY TARGET. A file of READY that bears a tool's name is taken as it is, so
that the image also builds where the release hosts are out of reach. Runs in the Dockerfile.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from gitops_ci.model.errors import EndpointError
from gitops_ci.net.download import download
from gitops_ci.tools.install import go_builder, install
from gitops_ci.tools.pins import usual


def main(ready: Path, target: Path) -> int:
    """Fill `target`; returns the exit code."""
    target.mkdir(parents=True, exist_ok=True)
    missing = []
    for name in usual():
        if (ready / name).is_file():
            shutil.copyfile(ready / name, target / name)
            (target / name).chmod(0o755)
            print(f"{name}: from the build context")
        else:
            missing.append(name)
    try:
        installed = install(missing, target, download, go_builder(None)) if missing else ()
    except EndpointError as error:
        print(error.message, file=sys.stderr)
        return 1
    for item in installed:
        print(f"{item.name}: {item.version} from its release archive")
    for stamp in target.glob(".*.version"):
        stamp.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
