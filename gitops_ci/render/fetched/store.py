"""The cache of what was fetched: named by content, written whole or not at all, never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.output.files import OutputError, write_atomic
from gitops_ci.render.fetched.model import Entry, Key, Kind

_COMMENT = regex(rb"comment=([0-9a-f]{40,64})\n")
_HEADER = 2048
"""How far into an archive the global header of git reaches, generously (bytes)."""


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the cache lies: below XDG_CACHE_HOME, else below the home folder."""
    cache = environ.get("XDG_CACHE_HOME", "")
    # the base directory specification says that a relative path is to be ignored
    base = Path(cache) if os.path.isabs(cache) else Path.home() / ".cache"
    return base / "gitops-ci" / "fetched"


def sha256(data: bytes) -> str:
    """The digest in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class Store(Struct, frozen=True):
    """The cache in `folder`, which need not exist."""

    folder: Path

    def data(self, digest: str) -> bytes | None:
        """The chart archive or file with this sha256; None when it is not there or was damaged."""
        try:
            data = (self.folder / "sha256" / digest).read_bytes()
        except OSError:
            return None
        return data if sha256(data) == digest else None

    def put(self, data: bytes) -> str:
        """Keep the data and return its sha256. Raises OutputError."""
        digest = sha256(data)
        write_atomic(self.folder / "sha256" / digest, data)
        return digest

    def archive(self, commit: str) -> Path | None:
        """The archive of a commit, None when it is not there. git writes the id of the commit into
        the global header of its archives."""
        path = self.folder / "commit" / f"{commit}.tar"
        try:
            with path.open("rb") as file:
                match = _COMMENT.search(file.read(_HEADER))
        except OSError:
            return None
        return path if match and match[1].decode() == commit else None

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A private folder beside the archives, for the length of the `with` block. Raises
        OutputError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            folder = tempfile.TemporaryDirectory(prefix=".fetch-", dir=self.folder)
        except OSError as error:
            raise OutputError(f"{self.folder} cannot be written: {error.strerror}") from error
        with folder as path:
            yield Path(path)

    def put_archive(self, commit: str, archive: Path) -> Path:
        """Move the archive of a commit into the cache, from a folder made by `scratch`."""
        path = self.folder / "commit" / f"{commit}.tar"
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(archive, path)
        return path

    def has(self, entry: Entry) -> bool:
        """Whether what the entry names is in the cache."""
        if entry.key.kind == Kind.BASE:
            return self.archive(entry.resolved) is not None
        return self.data(entry.sha256) is not None

    def noted(self, key: Key) -> Entry | None:
        """What an exact version or a tag was resolved to when it was last fetched."""
        try:
            lines = self._note(key).read_text("ascii").split("\n")
        except (OSError, UnicodeDecodeError):
            return None
        return Entry(key, lines[0], lines[1]) if len(lines) == 2 else None

    def note(self, entry: Entry) -> None:
        """Remember it, so that it is fetched once although no lock names it. Raises OutputError."""
        write_atomic(self._note(entry.key), f"{entry.resolved}\n{entry.sha256}".encode("ascii"))

    def _note(self, key: Key) -> Path:
        name = "\0".join((key.kind, key.source, key.name, key.version))
        return self.folder / "known" / sha256(name.encode("utf-8", "backslashreplace"))
