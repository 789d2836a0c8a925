"""What a bump is asked for: versions of images, charts and git sources, and where."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from gitops_ci.config.globs import Globs, PatternError, name_matches
from gitops_ci.model.errors import UsageError
from gitops_ci.model.image import (
    ImageReference,
    InvalidReferenceError,
    Pin,
    Shape,
    Version,
    parse_reference,
)
from gitops_ci.repo.sites.model import Site, Subject
from gitops_ci.repo.sites.pins import git_name

_IN_A_REGISTRY = (Subject.IMAGE, Subject.ARTIFACT, Subject.CHART)
_WILD = frozenset("*?[!")
_LONGEST = 1024


class Target(Struct, frozen=True):
    """A version of one thing. `name` is the normalised repository of what lies in a registry, the
    name of a chart, or the address of a git source; `text` is how the user said it. `only` limits
    it to some of its sites, where others go to another version."""

    subject: Subject
    name: str
    version: Version
    text: str
    only: frozenset[Site] | None = None

    def is_for(self, site: Site) -> bool:
        """Whether the site holds a version of this thing. An OCI chart or artifact is named by
        its repository, like an image."""
        if self.only is not None:
            return site in self.only
        if self.subject is Subject.IMAGE:
            return site.subject in _IN_A_REGISTRY and site.is_for(self.name)
        return site.subject is self.subject and site.name == self.name


class Filters(Struct, frozen=True):
    """Which sites may change. Each filter narrows; an empty one admits everything."""

    environments: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    def admit(self, site: Site) -> bool:
        """Whether the site passes all filters."""
        return self.admit_place(site.environment, site.app, site.path)

    def admit_place(self, environment: str, app: str, path: str) -> bool:
        """Whether a place with these properties passes all filters."""
        return (
            (not self.environments or environment in self.environments)
            and (not self.apps or any(name_matches(glob, app) for glob in self.apps))
            and self.admit_path(path)
        )

    def admit_path(self, path: str) -> bool:
        """Whether the file passes the path filters."""
        return not self.paths or Globs(self.paths).match(path)

    def names(self, path: str) -> bool:
        """Whether a path filter without wildcards leads to `path`: somebody meant this place."""
        exact = tuple(text for text in self.paths if _WILD.isdisjoint(text))
        return bool(exact) and Globs(exact).match(path)


class Request(Struct, frozen=True):
    """One bump. `never_down` refuses older versions, as when they come from a registry."""

    targets: tuple[Target, ...]
    filters: Filters = field(default_factory=Filters)
    pin: Pin = Pin.KEEP
    never_down: bool = False


def image_target(text: str) -> Target:
    """The target that `NAME:TAG`, `NAME@DIGEST` or `NAME:TAG@DIGEST` spells. Raises UsageError."""
    reference = reference_of(text)
    if reference.shape is Shape.NONE:
        raise UsageError(f"{text} names no version", f"write {text}:TAG, {text}@DIGEST or both")
    return Target(Subject.IMAGE, reference.repository, reference.version, text)


def reference_of(text: str) -> ImageReference:
    """The image reference, `oci://` allowed in front. Raises UsageError."""
    try:
        return parse_reference(text.removeprefix("oci://"))
    except InvalidReferenceError as error:
        shown = text[:100]
        raise UsageError(
            f"'{shown}' is no image reference: {error}", "such as shop/web:1.2.3"
        ) from error


def chart_target(text: str) -> Target:
    """The target that `NAME=VERSION` spells. Raises UsageError."""
    name, version = _pair(text, "--chart", "NAME=VERSION")
    return Target(Subject.CHART, name, Version(version), text)


def git_target(text: str) -> Target:
    """The target that `URL=REF` spells. Raises UsageError."""
    url, ref = _pair(text, "--git-ref", "URL=REF")
    return Target(Subject.GIT, git_name(url), Version(ref), text)


def _pair(text: str, flag: str, form: str) -> tuple[str, str]:
    name, equals, version = text.rpartition("=")
    sound = text.isprintable() and len(text) <= _LONGEST and " " not in version
    if not equals or not name or not version or not sound:
        raise UsageError(f"{flag} {text[:100]} is not {form}")
    return name, version


def filters_of(environments: Iterable[str], apps: Iterable[str], paths: Iterable[str]) -> Filters:
    """The filters; paths are globs as in gitignore, relative to the root. Raises UsageError."""
    cleaned = tuple(path.removeprefix("./") for path in paths)
    try:
        Globs.of(cleaned)
        for glob in apps:
            name_matches(glob, "")
    except PatternError as error:
        raise UsageError(f"a filter is no glob: {error}") from error
    return Filters(tuple(environments), tuple(apps), cleaned)


def refuse_contradictions(targets: Iterable[Target]) -> None:
    """Raise UsageError when two targets want different versions of one thing."""
    wanted: dict[tuple[Subject, str], Target] = {}
    for target in targets:
        first = wanted.setdefault((target.subject, target.name), target)
        if first.version != target.version:
            raise UsageError(
                f"{first.text} and {target.text} are two versions of one thing",
                "give one of them, or run twice with --app or --path",
            )
