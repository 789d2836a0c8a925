"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from gitops_ci.model.errors import UsageError


class OutputError(UsageError):
    """A file that was asked for cannot be written."""


def write_atomic(path: Path, data: bytes, *, within: Path | None = None) -> None:
    """Put `data` at `path`: a temporary file beside it, then a rename, so that nobody ever sees
    half of it. Missing directories are made. Devices and pipes are written directly.

    A file that is replaced keeps its mode. Run as root (as container actions do), the file and new
    directories get the owner of the directory they are in, so that nothing is left that the
    runner's own user cannot delete. A symbolic link at `path` is replaced, never followed; with
    `within`, directories that lead out of that directory are refused. Raises OutputError.
    """
    try:
        if _is_special(path):
            _write_special(path, data)
            return
        _make_directories(path.parent)
        if within is not None and not path.parent.resolve().is_relative_to(within.resolve()):
            raise OutputError(f"{path} lies outside {within}")
        _replace(path, data)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from error


def give_back(path: Path) -> None:
    """As root, give a file that another program may have written anew the owner of its directory.
    A link is not followed; what is not there or may not be changed stays as it is."""
    if not _is_root():
        return
    with suppress(OSError):
        place = os.stat(path.parent)
        os.chown(path, place.st_uid, place.st_gid, follow_symlinks=False)


def _replace(path: Path, data: bytes) -> None:
    if path.is_dir() and not path.is_symlink():
        raise OutputError(f"{path} is a directory")
    temporary = path.with_name(f".{path.name[:100]}.{os.urandom(8).hex()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            _adopt(stream.fileno(), path)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _adopt(descriptor: int, path: Path) -> None:
    """Give a new file the mode of the file it replaces and, as root, the owner of its place."""
    with suppress(FileNotFoundError):
        old = os.lstat(path)
        if stat.S_ISREG(old.st_mode):
            os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
    if _is_root():
        place = os.stat(path.parent)
        os.fchown(descriptor, place.st_uid, place.st_gid)


def _make_directories(directory: Path) -> None:
    missing = []
    while not directory.exists():
        missing.append(directory)
        directory = directory.parent
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        if _is_root():
            place = os.stat(path.parent)
            os.chown(path, place.st_uid, place.st_gid)


def _is_special(path: Path) -> bool:
    """Whether `path` is a device, pipe or socket, directly or as a link of the system's own
    device directory (`/dev/stdout`)."""
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return path.is_absolute() and path.parts[1:2] == ("dev",)
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _write_special(path: Path, data: bytes) -> None:
    with path.open("wb", buffering=0) as stream:
        view = memoryview(data)
        while view:
            view = view[stream.write(view) :]


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
