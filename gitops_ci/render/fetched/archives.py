"""Archives as trees. Nothing is ever unpacked to disk, so no name in an archive can lead anywhere.

Charts are gzipped tar archives with one folder (https://helm.sh/docs/topics/charts/); repositories
are tar archives as git writes them."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from gitops_ci.repo.listed import ListedTree
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.tree import Entry, EntryKind, UnreadableError

MAX_PACKED = 32 * 2**20
"""No larger chart archive is opened (bytes). Helm itself refuses more than 100 MiB unpacked."""
MAX_UNPACKED = 100 * 2**20
MAX_MEMBERS = 20_000
_BROKEN = (tarfile.TarError, OSError, EOFError, zlib.error, ValueError)


class ArchiveError(Exception):
    """The archive is broken, hostile or too large; the message is for a person."""


class _Limited(io.RawIOBase):
    """A stream that gives up behind a number of bytes: headers count as well as contents."""

    def __init__(self, stream: io.BufferedIOBase, limit: int) -> None:
        self._stream = stream
        self._left = limit

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes. Raises ArchiveError behind the limit."""
        data = self._stream.read(self._left + 1 if size < 0 else min(size, self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise ArchiveError(f"it unpacks to more than {MAX_UNPACKED // 2**20} MiB")
        return data


def chart_tree(data: bytes) -> MemoryTree:
    """The files of a chart archive, without the folder around them. Raises ArchiveError."""
    if len(data) > MAX_PACKED:
        raise ArchiveError(f"it is larger than {MAX_PACKED // 2**20} MiB")
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as unpacked:
            stream = _Limited(unpacked, MAX_UNPACKED)
            with tarfile.open(fileobj=stream, mode="r|", encoding="utf-8") as archive:
                files = dict(_regular(archive))
    except ArchiveError:
        raise
    except _BROKEN as error:
        raise ArchiveError(f"it is no chart archive: {error}") from error
    if "Chart.yaml" not in files:
        raise ArchiveError("it holds no Chart.yaml")
    return MemoryTree(files)


def _regular(archive: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    """The regular files in the one folder of the archive; helm ignores all else as well."""
    for number, member in enumerate(archive):
        if number >= MAX_MEMBERS:
            raise ArchiveError(f"it holds more than {MAX_MEMBERS} files")
        path = _inner(member.name)
        stream = archive.extractfile(member) if member.isreg() else None
        if stream is not None and path:
            yield path, stream.read()


def _inner(name: str) -> str:
    """The path inside the folder of the chart. Raises ArchiveError for one that leads out."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or "\\" in name or ".." in parts or not name.isprintable():
        raise ArchiveError(f"it holds the path {name!r}, which no chart needs")
    return "/".join(parts[1:])


class ArchiveTree(ListedTree):
    """The files and links of a commit's archive below `prefix`."""

    def __init__(self, archive: Path, prefix: str) -> None:
        self._archive = archive
        self._prefix = prefix

    @cached_property
    def _members(self) -> dict[str, tarfile.TarInfo]:
        try:
            with tarfile.open(self._archive, "r:", encoding="utf-8") as archive:
                return {f"{self._prefix}/{item.name}": item for item in archive if not item.isdir()}
        except _BROKEN as error:
            raise UnreadableError(self._prefix, f"the archive is broken: {error}") from error

    def _list(self) -> Iterator[Entry]:
        for path, member in self._members.items():
            if member.issym():
                yield Entry(path, EntryKind.LINK, target=member.linkname)
            elif member.isreg():
                yield Entry(path, EntryKind.FILE, member.size)
            else:
                yield Entry(path, EntryKind.OTHER)

    def _load(self, entry: Entry) -> bytes:
        member = self._members[entry.path]
        try:
            with self._archive.open("rb") as file:
                file.seek(member.offset_data)
                return file.read(member.size)
        except OSError as error:
            message = f"the archive cannot be read: {error.strerror}"
            raise UnreadableError(entry.path, message) from error
