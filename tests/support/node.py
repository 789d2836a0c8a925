"""The npm tools that scripts/node-tools.sh fetched."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.support.tools import absent

FOLDER = "GITOPS_CI_NODE"


@dataclass(frozen=True, slots=True)
class NodeTools:
    """A Node.js and the packages beside it."""

    folder: Path

    @property
    def node(self) -> Path:
        """The program."""
        return self.folder / "bin/node"

    def package(self, *parts: str) -> Path:
        """A file or folder of a package."""
        return self.folder.joinpath("node_modules", *parts)


def require_node() -> NodeTools:
    """The tools, if the machine was prepared with them."""
    tools = NodeTools(Path(os.environ.get(FOLDER) or os.devnull))
    if not (tools.folder / "recipe").is_file():
        absent(f"no npm tools: {FOLDER} names no folder that scripts/node-tools.sh filled")
    return tools
