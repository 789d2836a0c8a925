"""The tree of a directory on disk: what git would commit, or everything when there is no git."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_ci.git.parse import shown
from gitops_ci.git.repository import Git
from gitops_ci.model.errors import IncompleteError
from gitops_ci.repo.listed import MAX_READ, ListedTree, too_large
from gitops_ci.repo.tree import Entry, EntryKind, UnreadableError

if TYPE_CHECKING:  # few checkouts are sparse
    from gitops_ci.repo.sparse import LeftOutTree

_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class DiskTree(ListedTree):
    """The files below `root`: those that git tracks or would track, else all but `.git`. `git` is
    the repository that `root` belongs to, found when it is not given.

    The list is made once, at first use. A link is never followed by the operating system, and only
    regular files are opened. What a sparse checkout leaves out is read from git's objects.
    """

    def __init__(self, root: Path, git: Git | None = None) -> None:
        self.root = root
        self._git = git
        self._in_git: set[str] = set()
        self._sparse: LeftOutTree | None = None

    def _list(self) -> Iterator[Entry]:
        top = os.fsencode(self.root)
        lacks_some = False
        before = os.path.join(top, b"")
        for name in self._names(top):
            try:
                status = os.lstat(before + name)
            except (FileNotFoundError, NotADirectoryError):
                lacks_some = True  # tracked by git: deleted in the work tree, or left out of it
                continue
            except OSError:
                yield Entry(shown(name), EntryKind.OTHER)
                continue
            yield _entry(top, name, status)
        if lacks_some:
            yield from self._only_in_git(top)

    def _only_in_git(self, top: bytes) -> Iterator[Entry]:
        from gitops_ci.git.staging import GitIndex
        from gitops_ci.repo.sparse import LeftOutTree

        git = GitIndex(self.root)
        try:
            if self._repository() is None or not git.is_sparse():
                return
            self._sparse = LeftOutTree(git)
            entries = self._sparse.entries()
        except IncompleteError:
            return  # without git nobody knows of more than lies here
        for entry in entries:
            # git keeps the mark when somebody makes the file by other means
            if not os.path.lexists(os.path.join(top, os.fsencode(entry.path))):
                self._in_git.add(entry.path)
                yield entry

    @property
    def left_out(self) -> frozenset[str]:
        """The files that a sparse checkout leaves out."""
        self.entries()
        return frozenset(self._in_git)

    @property
    def wanting(self) -> tuple[str, ...]:
        """What was read in vain so far, because it is in no part of this clone."""
        return self._sparse.wanting if self._sparse else ()

    def _repository(self) -> Git | None:
        return self._git or Git.discover(self.root)

    def _names(self, top: bytes) -> Iterator[bytes]:
        git = self._repository()
        if git is not None:
            try:
                names = git.files()
                if names or not git.ignores_root():
                    yield from names
                    return
            except IncompleteError:
                pass  # no git program: reading everything is the safe answer
        yield from _walk(top)

    def _load(self, entry: Entry) -> bytes:
        path = entry.path
        if self._sparse is not None and path in self._in_git:
            return self._sparse.read(path)
        try:
            descriptor = os.open(os.path.join(self.root, path), _OPEN)
        except OSError as error:
            raise UnreadableError(path, f"cannot be opened: {error.strerror}") from error
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableError(path, "is not a regular file")
            if status.st_size > MAX_READ:
                raise too_large(path, status.st_size, MAX_READ)
            try:
                return file.read(status.st_size + 1)  # asking for more would allocate more
            except OSError as error:
                raise UnreadableError(path, f"cannot be read: {error.strerror}") from error


class TrackedTree(DiskTree):
    """The files that git tracks, as they are on disk; everything where there is no git."""

    def _names(self, top: bytes) -> Iterator[bytes]:
        git = self._repository()
        yield from _walk(top) if git is None else git.files(untracked=False)


class WholeTree(DiskTree):
    """Everything on disk but `.git`, whatever git ignores."""

    def _names(self, top: bytes) -> Iterator[bytes]:
        yield from _walk(top)


def _entry(top: bytes, name: bytes, status: os.stat_result) -> Entry:
    path = shown(name)
    if stat.S_ISLNK(status.st_mode):
        try:
            target = os.readlink(os.path.join(top, name))
        except OSError:
            return Entry(path, EntryKind.OTHER)  # it vanished or changed since it was listed
        return Entry(path, EntryKind.LINK, target=shown(target))
    if not stat.S_ISREG(status.st_mode) or os.fsencode(path) != name:
        return Entry(path, EntryKind.OTHER, nested=_is_nested(os.path.join(top, name), status))
    return Entry(path, EntryKind.FILE, status.st_size, bool(status.st_mode & stat.S_IXUSR))


def _is_nested(path: bytes, status: os.stat_result) -> bool:
    """Whether it is a repository of its own: directories that are listed are that, or cannot be
    read."""
    return stat.S_ISDIR(status.st_mode) and os.access(path, os.R_OK | os.X_OK)


def _walk(top: bytes) -> Iterator[bytes]:
    """Every name below `top` that is not a directory; links are not followed, `.git` and
    directories that cannot be listed are left out (the latter appear as names themselves)."""
    pending = [b""]
    while pending:
        directory = pending.pop()
        try:
            with os.scandir(os.path.join(top, directory)) as listing:
                entries = list(listing)
        except OSError:
            yield directory
            continue
        for entry in entries:
            name = os.path.join(directory, entry.name)
            if entry.name == b".git":
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append(name)
            else:
                yield name
