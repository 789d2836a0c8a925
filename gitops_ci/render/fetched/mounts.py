"""What is in the cache as parsed files."""

from __future__ import annotations

from gitops_ci.render.fetched.archives import ArchiveError, ArchiveTree, chart_tree
from gitops_ci.render.fetched.model import Entry, MismatchError, Mounted
from gitops_ci.render.fetched.store import Store
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.tree import UnreadableError

_SHORT = 12


def chart_files(store: Store, entry: Entry) -> Files:
    """The files of a chart. Raises MismatchError."""
    data = store.data(entry.sha256)
    try:
        return Files(chart_tree(data or b""))
    except ArchiveError as error:
        raise MismatchError(f"the archive is refused: {error}") from error


def mounted_commit(store: Store, entry: Entry) -> Mounted:
    """A commit of a git repository. Raises MismatchError."""
    archive = store.archive(entry.resolved)
    if archive is None:
        raise MismatchError("its archive is gone from the cache")
    name = entry.key.source.rstrip("/").removesuffix(".git").rpartition("/")[2]
    prefix = f"{name}~{entry.resolved[:_SHORT]}"
    tree = ArchiveTree(archive, prefix)
    try:
        tree.entries()
    except UnreadableError as error:
        raise MismatchError(str(error)) from error
    return Mounted(Files(tree), prefix, prefix, str(entry.key))


def mounted_file(store: Store, entry: Entry) -> Mounted:
    """A single file. Raises MismatchError."""
    data = store.data(entry.sha256)
    if data is None:
        raise MismatchError("it is gone from the cache")
    name = entry.key.source.partition("?")[0].rpartition("/")[2]
    prefix = f"file~{entry.sha256[:_SHORT]}"
    path = f"{prefix}/{name}"
    return Mounted(Files(MemoryTree({path: data})), path, prefix, str(entry.key))
