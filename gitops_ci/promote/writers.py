"""Places with two writers: a version that gitops-ci moves and another bot moves, too.

Sources: fluxcd.io "Configure image update automation" (`$imagepolicy` markers); Renovate's custom
managers (`# renovate:` comments); the Argo CD Image Updater's annotation `image-list`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from gitops_ci.documents.values import Value
from gitops_ci.model.finding import Finding, ObjectRef, Related, found
from gitops_ci.model.image import InvalidReferenceError, parse_reference
from gitops_ci.model.span import Location, Span
from gitops_ci.promote.rules import TWO_WRITERS
from gitops_ci.repo.sites.model import Site

IMAGE_LIST = "argocd-image-updater.argoproj.io/image-list"
_TOOLS = {"flux": "Flux image automation", "renovate": "Renovate"}
_UPDATER = "Argo CD Image Updater"


class Updated(Struct, frozen=True):
    """The images that an Application leaves to the Image Updater. `directories` are what it
    deploys; `path` is its own file."""

    path: str
    object: ObjectRef
    repositories: frozenset[str]
    directories: tuple[str, ...]

    def covers(self, site: Site) -> bool:
        """Whether the site is part of what the Application deploys."""
        inside = any(site.path.startswith(f"{d}/") for d in self.directories if d)
        return site.name in self.repositories and (inside or site.path == self.path)


def updated_images(annotations: Mapping[str, Value]) -> frozenset[str]:
    """The normalised repositories in the annotation `image-list`: `[ALIAS=]IMAGE[:CONSTRAINT]`,
    separated by commas."""
    text = annotations.get(IMAGE_LIST)
    names = set()
    for item in text.split(",") if isinstance(text, str) else ():
        image = item.strip().rpartition("=")[2] if "=" in item.partition(":")[0] else item.strip()
        head, colon, tail = image.rpartition(":")
        bare = head if colon and "/" not in tail else image
        try:
            names.add(parse_reference(bare).repository)
        except InvalidReferenceError:
            continue
    return frozenset(names)


def two_writers(
    places: Iterable[tuple[Site, Location]], updated: Iterable[Updated] = ()
) -> tuple[Finding, ...]:
    """A finding for each site that another bot writes as well."""
    applications = tuple(updated)
    findings = []
    for site, location in places:
        for marker in site.markers:
            if marker.tool in _TOOLS:
                findings.append(_finding(site, location, _TOOLS[marker.tool], marker.line))
                break
        else:
            owner = next((item for item in applications if item.covers(site)), None)
            if owner is not None:
                related = Related(Location(owner.path), f"{owner.object} names the image")
                findings.append(_finding(site, location, _UPDATER, 0, (related,)))
    return tuple(findings)


def _finding(
    site: Site, location: Location, writer: str, line: int, related: tuple[Related, ...] = ()
) -> Finding:
    if line:
        related = (Related(_at(site.path, line), "its marker"),)
    return found(
        TWO_WRITERS,
        f"{writer} writes the version of {site.name} here, too",
        location,
        object=site.object,
        environment=site.environment,
        hint="let one of the two do it",
        related=related,
        key=f"{writer} {site.name}",
    )


def _at(path: str, line: int) -> Location:
    return Location(path, Span(0, 0, line, 1, line, 1))
