from __future__ import annotations

from pathlib import Path

from gitops_ci.render.workspace import Workspace, copy_tree
from gitops_ci.repo.memory import MemoryTree

TREE = MemoryTree(
    {"chart/a.yaml": "a\n", "chart/deep/b.yaml": "b\n", "chart-2/c.yaml": "c\n", "d.yaml": "d\n"},
    links={"chart/in": "../d.yaml", "chart/out": "/etc/hostname", "chart/up": "../../x"},
)


def test_a_directory_is_copied_without_what_leads_out(tmp_path: Path) -> None:
    copied = copy_tree(TREE, "chart", tmp_path)
    assert set(copied) == {"chart/a.yaml", "chart/deep/b.yaml", "chart/in"}
    files = {
        str(p.relative_to(tmp_path)): p.read_text() for p in tmp_path.rglob("*") if p.is_file()
    }
    assert files == {"a.yaml": "a\n", "deep/b.yaml": "b\n", "in": "d\n"}
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


def test_a_tree_that_is_not_on_disk_is_copied_once_and_removed() -> None:
    workspace = Workspace(TREE)
    root = workspace.root()
    assert workspace.root() == root
    assert (root / "chart-2" / "c.yaml").read_text() == "c\n"
    workspace.close()
    assert not root.exists()


def test_a_tree_on_disk_is_used_where_it_is(tmp_path: Path) -> None:
    workspace = Workspace(TREE, tmp_path)
    assert workspace.root() == tmp_path
    workspace.close()
    assert tmp_path.exists()


class Sparse(MemoryTree):
    """A tree of which some lies on disk."""

    @property
    def left_out(self) -> frozenset[str]:
        return frozenset({"d.yaml"})


def test_a_tree_that_is_partly_on_disk_is_copied_once(tmp_path: Path) -> None:
    workspace = Workspace(Sparse({"a.yaml": "a\n", "d.yaml": "d\n"}), tmp_path)
    root = workspace.root()
    assert (root != tmp_path, workspace.root()) == (True, root)
    assert (root / "d.yaml").read_text() == "d\n"
    workspace.close()
    assert (root.exists(), tmp_path.exists()) == (False, True)


def test_scratch_folders_do_not_stay() -> None:
    with Workspace(TREE).scratch() as folder:
        (folder / "x").write_text("x")
    assert not folder.exists()
