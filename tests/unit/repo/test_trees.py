"""One contract for every tree: what is listed, how links resolve, what reading refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_ci.git.repository import Git
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.layered_tree import LayeredTree
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.tree import EntryKind, Tree, UnreadableError
from tests.support.repository import Repository

FILES = {
    "a.yaml": b"a: 1\n",
    "apps/shop/base/deployment.yaml": b"kind: Deployment\n",
    "apps/shop/line\nbreak.yaml": b"x: 1\n",
    "apps/shop/Case.yaml": b"upper\n",
    "apps/shop/case.yaml": b"lower\n",
    "apps/\u00e4pp.yaml": "name: \u00e4\n".encode(),
    "empty.yaml": b"",
}
LINKS = {
    "to-file": "apps/shop/base/deployment.yaml",
    "to-directory": "apps/shop/",
    "apps/up": "../a.yaml",
    "chain": "to-directory",
    "loop-a": "loop-b",
    "loop-b": "loop-a",
    "self": "self",
    "broken": "nowhere.yaml",
    "outside": "../../etc/passwd",
    "absolute": "/etc/passwd",
}


def _write(root: Path) -> None:
    for path, data in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    for path, target in LINKS.items():
        (root / path).symlink_to(target)


def _memory(tmp_path: Path) -> Tree:
    return MemoryTree(FILES, LINKS)


def _changed(tmp_path: Path) -> Tree:
    other = FILES | {"stray": b"x", "empty.yaml": b"full"}
    return LayeredTree(MemoryTree(other, LINKS), MemoryTree(FILES), frozenset({"stray", *FILES}))


def _disk(tmp_path: Path) -> Tree:
    root = tmp_path / "plain"
    root.mkdir()
    _write(root)
    return DiskTree(root)


def _work_tree(tmp_path: Path) -> Tree:
    repository = Repository(tmp_path / "work")
    _write(repository.root)
    return DiskTree(repository.root)


def _revision(tmp_path: Path) -> Tree:
    repository = Repository(tmp_path / "work")
    _write(repository.root)
    repository.commit()
    return GitTree(Git(repository.root), "HEAD")


def _fork(tmp_path: Path) -> Tree:
    repository = Repository(tmp_path / "work")
    _write(repository.root)
    base = repository.commit()
    for path in ("apps/shop/case.yaml", "to-file", "loop-b", "empty.yaml"):
        (repository.root / path).unlink()
    repository.write({"a.yaml": "changed", "to-file": "a file", "empty.yaml/inside": "x"})
    repository.commit({"stray": "x"})
    (repository.root / "chain").unlink()
    repository.write({"untracked": "x"})
    git = Git(repository.root)
    differ = frozenset(change.path for change in git.difference(base).changes)
    return LayeredTree(DiskTree(repository.root, git), GitTree(git, base, differ), differ)


def _sparse(tmp_path: Path) -> Tree:
    repository = Repository(tmp_path / "work")
    _write(repository.root)
    repository.commit()
    repository.git("sparse-checkout", "set", "--no-cone", "/apps/shop/", "/loop-a")
    assert not (repository.root / "a.yaml").exists()
    return DiskTree(repository.root)


@pytest.fixture(
    params=[_memory, _changed, _disk, _work_tree, _revision, _fork, _sparse],
    ids=lambda make: make.__name__[1:],
    scope="module",
)
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    make: Callable[[Path], Tree] = request.param
    return make(tmp_path_factory.mktemp("tree"))


def test_entries_are_files_and_links_sorted_by_path(tree: Tree) -> None:
    entries = tree.entries()

    assert [entry.path for entry in entries] == sorted([*FILES, *LINKS])
    kinds = {entry.path: entry.kind for entry in entries}
    assert {path for path, kind in kinds.items() if kind is EntryKind.LINK} == set(LINKS)
    assert {path for path, kind in kinds.items() if kind is EntryKind.FILE} == set(FILES)


def test_an_entry_knows_its_size_and_target(tree: Tree) -> None:
    file, link, directory = tree.entry("a.yaml"), tree.entry("chain"), tree.entry("apps/shop")

    assert file is not None
    assert file.size == 5
    assert link is not None
    assert link.target == "to-directory"
    assert directory is not None
    assert directory.kind is EntryKind.DIRECTORY
    assert tree.entry("missing") is None
    assert tree.entry("to-directory/base") is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.yaml", "a.yaml"),
        ("", ""),
        ("apps/shop", "apps/shop"),
        ("to-file", "apps/shop/base/deployment.yaml"),
        ("to-directory", "apps/shop"),
        ("to-directory/base/deployment.yaml", "apps/shop/base/deployment.yaml"),
        ("chain/base", "apps/shop/base"),
        ("apps/up", "a.yaml"),
        ("to-directory/../up", "a.yaml"),
        ("apps/./shop", "apps/shop"),
        ("broken", None),
        ("loop-a", None),
        ("self", None),
        ("self/x", None),
        ("outside", None),
        ("absolute", None),
        ("../x", None),
        ("a.yaml/b", None),
        ("missing", None),
    ],
)
def test_links_are_followed_inside_the_tree_only(
    tree: Tree, path: str, expected: str | None
) -> None:
    assert tree.resolve(path) == expected


@pytest.mark.parametrize("path", sorted(FILES))
def test_every_file_reads_as_its_bytes(tree: Tree, path: str) -> None:
    assert tree.read(path) == FILES[path]


def test_a_file_is_read_through_a_link(tree: Tree) -> None:
    assert tree.read("chain/base/deployment.yaml") == b"kind: Deployment\n"


@pytest.mark.parametrize(
    "path", ["broken", "loop-a", "outside", "absolute", "missing", "apps", "", "a.yaml/b", "../x"]
)
def test_reading_anything_else_is_refused(tree: Tree, path: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        tree.read(path)

    assert raised.value.path == path
    assert raised.value.reason == "unreadable"


def test_an_empty_memory_tree_has_a_root_and_nothing_else() -> None:
    tree = MemoryTree({})

    assert tree.entries() == ()
    assert tree.resolve("") == ""
