"""What rendering needs to know about a root before it is rendered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gitops_ci.model.span import Route


class DeployerPlace(Protocol):
    """Where the object that deploys a root stands in a source file."""

    @property
    def path(self) -> str:
        """The file."""
        ...

    @property
    def document(self) -> int:
        """The document in the file, from 0."""
        ...

    @property
    def route(self) -> Route:
        """The way from the document to the object."""
        ...


class PlannedRoot(Protocol):
    """A root that discovery found. `kind` is a word of RootKind; `values`, `release` and
    `namespace` are for charts; `deployer` is None when nobody in the repository deploys it."""

    @property
    def kind(self) -> str:
        """One of RootKind."""
        ...

    @property
    def path(self) -> str:
        """The directory or file that is rendered."""
        ...

    @property
    def environment(self) -> str:
        """The environment, empty if unknown."""
        ...

    @property
    def deployer(self) -> DeployerPlace | None:
        """The object that deploys it."""
        ...

    @property
    def values(self) -> tuple[str, ...]:
        """Value files in order; one with a trailing `?` may be missing."""
        ...

    @property
    def release(self) -> str:
        """The release name."""
        ...

    @property
    def namespace(self) -> str:
        """The release's namespace."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A DeployerPlace."""

    path: str
    document: int = 0
    route: Route = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A PlannedRoot that somebody asks for by name."""

    kind: str
    path: str
    environment: str = ""
    deployer: Place | None = None
    values: tuple[str, ...] = ()
    release: str = ""
    namespace: str = ""
