"""What a promotion is asked for: between which environments, which apps, which version."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.config.globs import name_matches
from gitops_ci.config.model import Config
from gitops_ci.model.errors import UsageError
from gitops_ci.model.image import InvalidReferenceError, Shape, parse_reference
from gitops_ci.model.regex import regex
from gitops_ci.promote.bump.request import Filters
from gitops_ci.promote.state import Pin
from gitops_ci.schemas.near import near

_SHORT_COMMIT = regex(r"[0-9a-f]{7,39}\Z")


class Edge(Struct, frozen=True):
    """From `sources` to `target`: all of them together, or with `any` one of them. `asked` says
    that the graph has no such edge, and somebody named it."""

    sources: tuple[str, ...]
    target: str
    any: bool = False
    asked: bool = False


class Request(Struct, frozen=True):
    """One promotion. `filters.paths` limit what is written, `filters.apps` which apps move.
    `version` is one that the source may have left already; `newest` takes the newest state whatever
    its gates say; `scaffold` makes the files of an app that is new in the target."""

    edges: tuple[Edge, ...]
    filters: Filters
    version: str = ""
    newest: bool = False
    scaffold: bool = False


def edges_of(config: Config, source: str, target: str) -> tuple[Edge, ...]:
    """The edges that are asked for: one, those into `target`, those out of `source`, or with
    neither every edge of the graph, in its order. Raises UsageError."""
    if not config.environments:
        raise UsageError(
            "a promotion needs the order of the environments, and the configuration has none",
            "`gitops-ci init` writes the one that the names suggest",
        )
    for name in (source, target):
        if name and name not in config.environments:
            close = near(name, config.environments)
            known = ", ".join(config.environments)
            hint = f"did you mean {close[0]}?" if close else f"environments: {known}"
            raise UsageError(f"there is no environment {name}", hint)
    if source and target:
        return (_edge(config, source, target),)
    found = [
        Edge(environment.sources.names, name, environment.sources.any)
        for name, environment in config.environments.items()
        if environment.sources.names
        and (not target or name == target)
        and (not source or source in environment.sources.names)
    ]
    if not found:
        where = f"into {target}" if target else f"out of {source}" if source else "at all"
        raise UsageError(f"the graph of the environments has no edge {where}", "write `from: […]`")
    return tuple(found)


def _edge(config: Config, source: str, target: str) -> Edge:
    if source == target:
        raise UsageError(f"{source} cannot be promoted to itself")
    sources = config.environments[target].sources
    if source not in sources.names:
        return Edge((source,), target, asked=True)
    if sources.any or len(sources.names) == 1:
        return Edge((source,), target)
    return Edge((source, *(n for n in sources.names if n != source)), target)


class Wanted(Struct, frozen=True):
    """A version that somebody names: of the image `name` (any, when empty), by its tag, its digest
    or the beginning of a commit."""

    name: str
    tag: str
    digest: str

    def is_held(self, pin: Pin) -> bool:
        """Whether the pin holds it."""
        if self.name and self.name != pin.slot.name:
            return False
        version = pin.version
        if self.digest:
            return self.digest == version.digest and self.tag in ("", version.tag)
        short = bool(_SHORT_COMMIT.match(self.tag)) and version.tag.startswith(self.tag)
        return bool(self.tag) and (version.tag == self.tag or short)


def wanted_version(text: str) -> Wanted:
    """What `--version` says: `TAG`, `sha256:…`, or an image with either. Raises UsageError."""
    if not text.isprintable() or not text.strip() or len(text) > 1024:
        raise UsageError("--version names a version, such as 1.4.0 or shop/web:1.4.0")
    if "/" in text or "@" in text or (":" in text and not text.startswith("sha")):
        try:
            reference = parse_reference(text)
        except InvalidReferenceError as error:
            raise UsageError(f"--version {text[:100]}: {error}") from error
        if reference.shape is not Shape.NONE:
            return Wanted(reference.repository, reference.version.tag, reference.version.digest)
    if text.partition(":")[0] in ("sha256", "sha384", "sha512"):
        return Wanted("", "", text)
    return Wanted("", text, "")


def admits_app(filters: Filters, app: str) -> bool:
    """Whether the filters let the app move."""
    return not filters.apps or any(name_matches(glob, app) for glob in filters.apps)
