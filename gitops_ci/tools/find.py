"""Where the external programs are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

TOOLS_VARIABLE = "GITOPS_CI_TOOLS"


def private_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder that `tools install` fills: below XDG_DATA_HOME, else below the home folder."""
    data = environ.get("XDG_DATA_HOME", "")
    # the base directory specification says that a relative path is to be ignored
    base = Path(data) if os.path.isabs(data) else Path.home() / ".local" / "share"
    return base / "gitops-ci" / "tools" / "bin"


def find_tool(name: str, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The program `name`: from the folder that GITOPS_CI_TOOLS names, from the private folder, or
    from PATH; None when it is in none of them."""
    folders = [private_folder(environ)]
    if environ.get(TOOLS_VARIABLE):
        folders.insert(0, Path(environ[TOOLS_VARIABLE]))
    for folder in folders:
        candidate = folder / name
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate.absolute()
    import shutil

    found = shutil.which(name, path=environ.get("PATH", os.defpath))
    return Path(found).absolute() if found else None
