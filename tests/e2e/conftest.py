"""The container image, built once for all tests that run it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gitops_ci.tools.pins import usual
from tests.support.containers import Engine, copy_work_tree, require_engine
from tests.support.runner import Runner
from tests.support.tools import ROOT, require_tool

IMAGE = "localhost/gitops-ci:test"


@pytest.fixture(scope="session")
def engine() -> Engine:
    """podman and buildah."""
    return require_engine()


@pytest.fixture(scope="session")
def image(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The image of the Dockerfile as it stands, with the tools as ready files."""
    context = tmp_path_factory.mktemp("context")
    copy_work_tree(context)
    (context / "tools").mkdir()
    for name in usual():
        shutil.copyfile(require_tool(name), context / "tools" / name)
    engine.build(context, IMAGE)
    return IMAGE


@pytest.fixture
def runner(engine: Engine, image: str, tmp_path: Path) -> Runner:
    """A runner that starts the action."""
    return Runner(engine, image, ROOT / "action.yml", tmp_path / "runner")
