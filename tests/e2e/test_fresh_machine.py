"""On a machine with Python, git and make alone, and no root, a clone shows what it can do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.containers import Engine, base_image, copy_work_tree

pytestmark = [pytest.mark.full, pytest.mark.network, pytest.mark.timeout(300)]

SOMEBODY = 12345


def test_make_demo_sets_everything_up(engine: Engine, tmp_path: Path) -> None:
    clone, home = tmp_path / "clone", tmp_path / "home"
    copy_work_tree(clone)
    home.mkdir()
    for folder, names, files in os.walk(tmp_path):
        for name in (".", *names, *files):
            os.chown(os.path.join(folder, name), SOMEBODY, SOMEBODY, follow_symlinks=False)
    words = [
        "--network=host",
        f"--user={SOMEBODY}:{SOMEBODY}",
        f"--volume={clone}:/clone",
        f"--volume={home}:/home/somebody",
        "--env=HOME=/home/somebody",
        "--workdir=/clone",
        base_image(),
        "make",
        "demo",
    ]
    ended = engine.run(words, timeout=240)
    assert ended.code == 0, ended.stdout + ended.stderr
    assert "exit 0" in ended.stdout
    assert "was blocked (exit 1) at" in ended.stdout
