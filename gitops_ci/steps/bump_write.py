"""Edits into the work tree: all files or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from gitops_ci.forge.files import Changed
from gitops_ci.model.errors import ConflictError, GitopsError
from gitops_ci.output.files import write_atomic
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.tree import UnreadableError

Write = Callable[[Path, bytes], None]


def write_files(root: Path, files: Iterable[Changed], write: Write | None = None) -> None:
    """Bring `files` into the work tree at `root`. Raises ConflictError when one of them is not as
    it was when the change was planned, and OutputError when one cannot be written: the files that
    were written before it get their old bytes back then."""
    put = write or (lambda path, data: write_atomic(path, data, within=root))
    wanted = tuple(files)
    _refuse_changed(root, wanted)
    done: list[Changed] = []
    try:
        for item in wanted:
            done.append(item)
            _bring(root / item.path, item.after, put)
    except (GitopsError, OSError, KeyboardInterrupt):
        for item in reversed(done):
            with suppress(GitopsError, OSError):
                _bring(root / item.path, item.before, put)
        raise


def _refuse_changed(root: Path, files: tuple[Changed, ...]) -> None:
    tree = DiskTree(root)
    for item in files:
        try:
            now: bytes | None = tree.read(item.path)
        except UnreadableError:
            now = None
        if now != item.before:
            raise ConflictError(f"{item.path} changed since the change was planned", "run again")


def _bring(path: Path, data: bytes | None, write: Write) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    else:
        write(path, data)
