"""What is asked for, what is known about it, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple, Protocol

from msgspec import Struct

from gitops_ci.model.span import Location
from gitops_ci.repo.files import Files


class Kind:
    """The kinds of things that are fetched, as the lock file spells them."""

    BASE = "base"
    CHART = "chart"
    FILE = "file"


class Key(Struct, frozen=True, order=True):
    """What the repository asks for. `source` is the address of a chart repository, a git repository
    or a file, without user and password; `name` the chart's; `version` as it is written, which may
    be a range or a branch."""

    kind: str
    source: str
    name: str = ""
    version: str = ""

    def __str__(self) -> str:
        if self.kind == Kind.CHART:
            version = f" {self.version}" if self.version else ""
            return f"chart '{self.name}'{version} of {self.source}"
        return f"{self.source}?ref={self.version}" if self.version else self.source


class Entry(Struct, frozen=True, order=True):
    """One line of the lock: the key, the chart version or commit that it was resolved to, and the
    sha256 of the archive or file in hexadecimal. A commit id is a digest of its own."""

    key: Key
    resolved: str = ""
    sha256: str = ""


class ChartPin(Struct, frozen=True):
    """A chart that somebody asks for at `location`. `address` is the repository's as it is written,
    `digest` that of an OCI manifest when it is pinned by one."""

    address: str
    name: str
    version: str
    location: Location
    digest: str = ""


class Mounted(NamedTuple):
    """A fetched repository or file: its paths all begin with `prefix`, so that none of them is
    taken for one of the repository; `path` is what was asked for; `label` is for people."""

    files: Files
    path: str
    prefix: str
    label: str


class Mode(Enum):
    """What may be done for something that is asked for."""

    OFFLINE = "only the cache is read"
    NETWORK = "what is pinned and not in the cache is fetched"
    LOCK = "what is pinned is fetched, files are pinned by their content"
    UPDATE = "what is not pinned is resolved again"


class State(Enum):
    """What became of something that was asked for."""

    PRESENT = "present"
    FETCHED = "fetched"
    ABSENT = "absent"
    """Neither in the cache nor may it be fetched."""
    REFUSED = "refused"
    """Not pinned, or its address is not one that is fetched."""
    MISMATCH = "mismatch"
    """Not what the lock or its own name says."""
    FAILED = "failed"
    """The other side did not give it."""


class Outcome(Struct):
    """The state of one key. `entry` is set for what is there, `message` for what is not;
    `location` is where the repository asks for it, as soon as that is known."""

    key: Key
    state: State
    entry: Entry | None = None
    message: str = ""
    location: Location | None = None


class NotFetchedError(Exception):
    """It is not here: nobody wanted it fetched, it is not pinned, or it could not be had."""


class FetchError(Exception):
    """The other side did not give it."""


class MismatchError(Exception):
    """It is not what the lock or its own name says: nothing is made of it."""


class Elsewhere(Protocol):
    """Gives what lies outside the repository."""

    @property
    def is_closed(self) -> bool:
        """Whether nothing at all can be found, because nobody asked for it."""
        ...

    def chart(self, pin: ChartPin) -> Files:
        """The files of the chart, without the folder around them. Raises NotFetchedError and
        MismatchError."""
        ...

    def base(self, text: str) -> Mounted:
        """What a remote entry of a kustomization names. Raises NotFetchedError and
        MismatchError."""
        ...

    def place(self, of: Callable[[str], Location | None]) -> None:
        """Say which lines ask for the remote entries of which that is not known yet."""
        ...


class Closed:
    """Nothing was fetched and nothing may be; or nothing can be found, for a `reason`."""

    def __init__(self, reason: str = "") -> None:
        self._reason = reason

    @property
    def is_closed(self) -> bool:
        """See Elsewhere."""
        return not self._reason

    def chart(self, pin: ChartPin) -> Files:  # noqa: ARG002 - of Elsewhere
        """See Elsewhere."""
        raise NotFetchedError(self._reason)

    def base(self, text: str) -> Mounted:  # noqa: ARG002 - of Elsewhere
        """See Elsewhere."""
        raise NotFetchedError(self._reason)

    def place(self, of: Callable[[str], Location | None]) -> None:
        """See Elsewhere."""
