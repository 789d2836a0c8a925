"""What a site is: one version, the scalars that spell it, and whose it is."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from gitops_ci.config.globs import name_matches
from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.image import Shape, Version
from gitops_ci.model.span import Route


class Subject(Enum):
    """What has the version."""

    IMAGE = "image"
    CHART = "chart"
    ARTIFACT = "artifact"
    """What a Flux OCIRepository names: a chart or a bundle of manifests in a registry."""
    GIT = "git"


class Role(Enum):
    """What a scalar says about the version."""

    REFERENCE = "reference"
    """A name with its version."""
    TAG = "tag"
    """A tag, a chart's version or a git ref; a tag may carry its digest behind `@`."""
    DIGEST = "digest"
    NAME = "name"
    REGISTRY = "registry"


class Address(Struct, frozen=True):
    """A scalar of a file. `within` leads, the outermost first, through scalars whose text is YAML
    itself: each step is (document, route) in the text of the step before."""

    document: int
    route: Route
    within: tuple[tuple[int, Route], ...] = ()


class Part(Struct, frozen=True):
    """One scalar of a site. `text` is what of the scalar belongs to the part, `before` and `after`
    what stands around it and stays; a `missing` one is inserted when it gets a text."""

    role: Role
    at: Address
    text: str = ""
    before: str = ""
    after: str = ""
    missing: bool = False


class Marker(Struct, frozen=True):
    """A comment of a bot that covers the site. `tool` is `flux`, `renovate` or `gitops-ci`."""

    tool: str
    text: str
    line: int


class Site(Struct, frozen=True):
    """One place that holds a version.

    `kind` says what sort of place it is (`workload`, `kustomize-images`, `values`, …); `name` is
    the normalised repository of an image or artifact, the name of a chart, the normalised address
    of a git source; `source` is a chart's repository as far as it is known. A site without a name
    is meant by every name that one of `patterns` matches. `floating` says that the version is a
    range, a branch or another moving target; `refusal` why the site must be left alone.
    """

    path: str
    kind: str
    subject: Subject
    name: str
    version: Version
    parts: tuple[Part, ...]
    environment: str = ""
    app: str = ""
    object: ObjectRef | None = None
    source: str = ""
    patterns: tuple[str, ...] = ()
    markers: tuple[Marker, ...] = ()
    floating: bool = False
    refusal: str = ""

    @property
    def shape(self) -> Shape:
        """Which parts of a version it writes."""
        return self.version.shape

    @property
    def repository(self) -> str:
        """The name in a registry: of an image, an artifact or a chart that lies in one; else ''."""
        if self.subject in (Subject.IMAGE, Subject.ARTIFACT):
            return self.name
        if self.subject is Subject.CHART and self.source.startswith("oci://"):
            return f"{self.source.removeprefix('oci://').rstrip('/')}/{self.name}"
        return ""

    def part(self, role: Role) -> Part | None:
        """The part that has the role, or None."""
        return next((part for part in self.parts if part.role is role), None)

    def is_for(self, repository: str) -> bool:
        """Whether the site holds a version of the normalised `repository`."""
        if self.name:
            return repository == self.repository
        return any(name_matches(pattern, repository) for pattern in self.patterns)
