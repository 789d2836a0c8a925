"""Files are whole or absent, and belong to whoever owns the place."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from gitops_ci.output.files import OutputError, write_atomic

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def test_directories_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "report.json"
    write_atomic(path, b"{}")
    assert path.read_bytes() == b"{}"
    assert [item.name for item in path.parent.iterdir()] == ["report.json"]


def test_a_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    path = tmp_path / "report.json"
    path.symlink_to(victim)
    write_atomic(path, b"new")
    assert victim.read_bytes() == b"precious"
    assert path.read_bytes() == b"new"
    assert not path.is_symlink()


def test_a_directory_link_out_of_the_root_is_refused(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "reports").symlink_to(outside)
    with pytest.raises(OutputError, match="lies outside"):
        write_atomic(root / "reports" / "a.json", b"x", within=root)
    write_atomic(root / "b.json", b"x", within=root)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("name", ["taken", "file/below"])
def test_what_cannot_be_written_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match=name.partition("/")[0]):
        write_atomic(tmp_path / name, b"x")
    assert not [item for item in tmp_path.iterdir() if item.suffix == ".tmp"]


def test_nothing_is_left_of_a_write_that_fails(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"old")
    with pytest.raises(TypeError):
        write_atomic(path, "text, where bytes belong")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["report.json"]


def test_a_device_is_written_to_directly() -> None:
    write_atomic(Path(os.devnull), b"x")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@pytest.mark.skipif(not AS_ROOT, reason="platform: only root gives files away")
def test_root_leaves_files_to_the_owner_of_the_place(tmp_path: Path) -> None:
    place = tmp_path / "workspace"
    place.mkdir()
    os.chown(place, 1234, 1235)
    path = place / "new" / "report.json"
    write_atomic(path, b"x")
    for item in (path, path.parent):
        assert (item.stat().st_uid, item.stat().st_gid) == (1234, 1235)
