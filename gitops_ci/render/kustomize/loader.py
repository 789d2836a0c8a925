"""Reading the files of a kustomization, under the rules that kustomize reads them by."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import Any

from gitops_ci.documents.document import SourceFile
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.regex import regex
from gitops_ci.model.skip import Skip
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError, RestrictedError, SkipError
from gitops_ci.render.kustomize.model import PortError, RemotePort
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.repo.files import Files
from gitops_ci.repo.tree import EntryKind, UnreadableError

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_SCHEME = regex(r"(?:git::)?(?:https?|ssh|file)://", re.IGNORECASE)
_SCP = regex(r"(?:git::)?[a-zA-Z][a-zA-Z0-9-]*@[^/:]+[:/]")
_GITHUB = regex(r"(?:git::)?github\.com[:/][^/]+/[^/?]", re.IGNORECASE)


class Loader:
    """Reads for the kustomization in `root` (links resolved). `used` collects what was read."""

    def __init__(
        self,
        files: Files,
        root: str,
        *,
        restricted: bool,
        used: set[str],
        remote: RemotePort | None = None,
    ) -> None:
        self.files = files
        self.root = root
        self.restricted = restricted
        self.used = used
        self.remote = remote

    def at(self, root: str, used: set[str] | None = None) -> Loader:
        """A loader for another directory of the same tree, with its own `used` if given."""
        used = self.used if used is None else used
        options: dict[str, Any] = {"restricted": self.restricted, "used": used}
        return Loader(self.files, root, remote=self.remote, **options)

    def resolve(self, path: str) -> str | None:
        """The real path of `path` relative to the root; None when nothing is there or the path
        leaves the repository."""
        joined = join(self.root, path)
        if joined is None:
            return None
        return "" if joined == "" else self.files.tree.resolve(joined)

    def is_directory(self, real: str) -> bool:
        """Whether the real path is a directory."""
        if real == "":
            return True
        entry = self.files.tree.entry(real)
        return entry is not None and entry.kind is EntryKind.DIRECTORY

    def find_file(self, path: str) -> str | None:
        """The real path of a file, None when there is none."""
        real = self.resolve(path)
        if real is None or self.is_directory(real):
            return None
        return real

    def file(self, path: str, spot: Spot) -> str:
        """The real path of the file that the field at `spot` names. Raises BuildError when it is
        missing, RestrictedError when the load restrictor forbids it."""
        real = self.find_file(path)
        if real is None:
            raise BuildError(self._missing(path, spot))
        if self.restricted and not is_inside(real, self.root):
            message = f"'{path}' is outside the directory of this kustomization"
            hint = "kustomize reads it only with --load-restrictor LoadRestrictionsNone"
            raise RestrictedError(found(rules.OUTSIDE_ROOT, message, spot.location, hint=hint))
        return real

    def _missing(self, path: str, spot: Spot) -> Finding:
        message = f"'{path}' does not exist"
        if join(self.root, path) is None:
            message = f"'{path}' leads out of the repository"
        return found(rules.MISSING_FILE, message, spot.location)

    def source(self, path: str, spot: Spot) -> SourceFile:
        """The parsed file that the field at `spot` names; web addresses through the port. Raises
        BuildError, RestrictedError and SkipError."""
        if is_web(path):
            files, real = self.fetch(path, spot)
            return files.source(real)
        real = self.file(path, spot)
        self.used.add(real)
        try:
            return self.files.source(real)
        except UnreadableError as error:
            message = f"'{path}' {error}"
            raise BuildError(found(rules.MISSING_FILE, message, spot.location)) from error

    def data(self, path: str, spot: Spot) -> tuple[str, bytes]:
        """The real path and the bytes of the file that the field at `spot` names, as `source`."""
        if is_web(path):
            files, real = self.fetch(path, spot)
            return real, files.tree.read(real)
        real = self.file(path, spot)
        self.used.add(real)
        try:
            return real, self.files.tree.read(real)
        except UnreadableError as error:
            message = f"'{path}' {error}"
            raise BuildError(found(rules.MISSING_FILE, message, spot.location)) from error

    def fetch(self, url: str, spot: Spot) -> tuple[Files, str]:
        """What the port gives for a URL. Raises SkipError without a port, BuildError when it
        fails."""
        if self.remote is None:
            raise SkipError(Skip(spot.source.path, "remote-base", url))
        try:
            return self.remote.fetch(url)
        except PortError as error:
            message = f"'{url}' cannot be fetched: {error}"
            raise BuildError(found(rules.MISSING_RESOURCE, message, spot.location)) from error

    def kustomization_files(self) -> list[str]:
        """The real paths of the kustomization files in the root."""
        return [real for name in NAMES if (real := self.find_file(name)) is not None]


@lru_cache(maxsize=4096)
def join(root: str, path: str) -> str | None:
    """`path` relative to `root` as a path of the repository; None when it leaves it."""
    if path.startswith("/"):
        return None
    joined = posixpath.normpath(posixpath.join(root, path))
    if joined == ".." or joined.startswith("../"):
        return None
    return "" if joined == "." else joined


def is_inside(path: str, root: str) -> bool:
    """Whether `path` is `root` or lies below it."""
    return root == "" or path == root or path.startswith(root + "/")


def is_web(path: str) -> bool:
    """Whether kustomize reads the path with an HTTP request."""
    return path.lower().startswith(("http://", "https://"))


def is_remote(path: str) -> bool:
    """Whether kustomize takes the entry for a URL or a git repository. Source: the page "Remote
    targets" of the kustomize documentation."""
    return bool(_SCHEME.match(path) or _SCP.match(path) or _GITHUB.match(path))
