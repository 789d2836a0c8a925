from __future__ import annotations

from pathlib import Path

from gitops_ci.tools.find import find_tool, private_folder


def _program(folder: Path, name: str = "helm", mode: int = 0o755) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return path


def test_the_named_folder_wins_over_the_private_one_and_path(tmp_path: Path) -> None:
    environ = {
        "GITOPS_CI_TOOLS": str(tmp_path / "named"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "PATH": str(tmp_path / "path"),
    }
    on_path = _program(tmp_path / "path")
    assert find_tool("helm", environ) == on_path
    private = _program(private_folder(environ))
    assert find_tool("helm", environ) == private
    named = _program(tmp_path / "named")
    assert find_tool("helm", environ) == named


def test_what_cannot_be_executed_is_not_a_tool(tmp_path: Path) -> None:
    environ = {"GITOPS_CI_TOOLS": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "PATH": ""}
    _program(tmp_path, mode=0o644)
    (tmp_path / "kustomize").mkdir()
    assert find_tool("helm", environ) is None
    assert find_tool("kustomize", environ) is None


def test_a_relative_data_home_is_ignored(tmp_path: Path) -> None:
    assert private_folder({"XDG_DATA_HOME": "data"}) == private_folder({})
    expected = tmp_path / "gitops-ci" / "tools" / "bin"
    assert private_folder({"XDG_DATA_HOME": str(tmp_path)}) == expected
