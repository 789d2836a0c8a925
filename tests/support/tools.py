"""What a test needs from outside the repository: it is there, or the test says why it does not run.

On a developer's machine an absent tool or corpus skips the test. With GITOPS_CI_REQUIRE_ALL=1, as
the full tier runs in CI, it fails instead, so that a green run hides nothing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

from gitops_ci.tools.find import find_tool

ROOT = Path(__file__).resolve().parents[2]
REQUIRE_ALL = "GITOPS_CI_REQUIRE_ALL"
CORPORA = "GITOPS_CI_CORPORA"
SCHEMAS = "GITOPS_CI_SCHEMAS"


def require_tool(name: str) -> Path:
    """The program `name`, from GITOPS_CI_TOOLS, the private tools folder or PATH."""
    found = find_tool(name)
    if found is None:
        absent(f"{name} is not installed")
    return found


def require_corpora(*parts: str) -> Path:
    """The corpora, or the folder or file below them that `parts` spell."""
    folder = Path(os.environ.get(CORPORA) or ROOT.parent / "shared" / "corpora")
    wanted = folder.joinpath(*parts)
    if not wanted.exists():
        absent(f"the corpora hold no {'/'.join(parts) or 'folder'}; {CORPORA} names where they are")
    return wanted


def require_schema(name: str) -> Path:
    """A published schema of a report format, from the folder that scripts/report-schemas.sh fills:
    `sarif-2.1.0.json`."""
    path = Path(os.environ.get(SCHEMAS) or os.devnull) / name
    if not path.is_file():
        absent(f"{SCHEMAS} names no folder with {name}")
    return path


def absent(reason: str) -> NoReturn:
    """Skip the running test, or fail it where everything is required."""
    if os.environ.get(REQUIRE_ALL) == "1":
        pytest.fail(f"required here: {reason}", pytrace=False)
    pytest.skip(reason)
