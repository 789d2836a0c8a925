"""What somebody does who tries the product: takes a repository, runs `init`, pushes commits."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.command import gitops_ci
from tests.support.release import OWNER
from tests.support.repository import Repository
from tests.support.tools import ROOT

OVERLAY = "apps/web/overlays/prod/deployment.yaml"
LINE = 6
"""Where OVERLAY has the number of replicas."""
BAD, GOOD = "  replicsa: 8\n", "  replicas: 8\n"


def started(root: Path, system: str, ci_file: str) -> Repository:
    """The example shop without a configuration of its own, and what `init` makes of it for a CI
    system. The owner in its file is the one thing that a person fills in."""
    shutil.copytree(ROOT / "examples/shop", root)
    (root / ".gitops-ci.yaml").unlink()
    shop = Repository(root)
    shop.commit(message="the shop")
    ended = gitops_ci(root, "init", "--ci", system)
    assert ended.code == 0, ended.err
    text = (root / ci_file).read_text("utf-8")
    shop.commit({ci_file: text.replace("OWNER/", f"{OWNER}/")}, "the gate")
    return shop


def replicas(shop: Repository, line: str) -> str:
    """Commit another line for the number of replicas in prod; returns the commit."""
    lines = (shop.root / OVERLAY).read_text("utf-8").splitlines(keepends=True)
    lines[LINE - 1] = line
    return shop.commit({OVERLAY: "".join(lines)}, "more replicas")
