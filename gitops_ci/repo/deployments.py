"""Deployers meet the tree: which directory of this repository each of them applies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.repo.applicationset import as_glob
from gitops_ci.repo.deployers import FLUX_HELMRELEASE, Deployer, Source
from gitops_ci.repo.flux import Copy, GitSource
from gitops_ci.repo.lookup import Places
from gitops_ci.repo.paths import join, parent

_OWN_NAME = "flux-system"
"""The source that `flux bootstrap` makes for the repository it lives in."""
_TAIL = regex(r"[/:]([^/:]+?)(?:\.git)?/?\Z")


class Deployment(Struct, frozen=True):
    """One source of one deployer, resolved.

    `directory` is what it applies; None when that lies elsewhere (`external` is then the reason of
    model/skip.py) or does not exist. `values` are (path, route, optional) of value files, existing
    or not; `components` (path, route). `guessed` says that placeholders were read as wildcards.
    """

    deployer: Deployer
    source: Source
    directory: str | None
    external: str = ""
    values: tuple[tuple[str, Route, bool], ...] = ()
    components: tuple[tuple[str, Route], ...] = ()
    guessed: bool = False


class Origins(Struct, frozen=True):
    """What is known about where sources come from. `own_url` is this repository's address."""

    git_sources: tuple[GitSource, ...] = ()
    copies: tuple[Copy, ...] = ()
    own_url: str = ""


def resolve_deployers(
    deployers: Iterable[Deployer], places: Places, origins: Origins
) -> tuple[Deployment, ...]:
    """Every source of every deployer, in order; one source may match several directories."""
    return tuple(
        deployment
        for deployer in deployers
        for source in deployer.sources
        for deployment in _resolve(deployer, source, places, origins)
    )


def _resolve(
    deployer: Deployer, source: Source, places: Places, origins: Origins
) -> Iterator[Deployment]:
    if source.path is None:
        reason = "remote-chart" if source.chart else ""
        values = _values(source, "", places)
        if reason or values:
            yield Deployment(deployer, source, None, reason, values)
        return
    written = source.path
    if "{{" in written:
        glob = as_glob(written)
        for found in places.directories(glob) if glob else ():
            yield replace(_at(deployer, source, found, places), guessed=True)
        return
    reference = source.reference
    if reference.startswith("ExternalArtifact/"):
        yield _artifact(deployer, source, places, origins.copies)
        return
    directory = join("", written.lstrip("/"))
    if directory is None:
        yield Deployment(deployer, source, None)
    elif not _is_own(source, directory, places, origins):
        yield Deployment(deployer, source, None, "other-repository")
    else:
        yield _at(deployer, source, directory, places)


def _at(deployer: Deployer, source: Source, directory: str, places: Places) -> Deployment:
    real = places.tree.resolve(directory)
    if real is not None and not places.is_directory(real):
        real = parent(real) if deployer.kind == FLUX_HELMRELEASE else None
    values = _values(source, directory, places)
    components = tuple(
        (joined, route)
        for text, route in source.components
        if "://" not in text and (joined := join(directory, text)) is not None
    )
    return Deployment(deployer, source, real, values=values, components=components)


def _values(source: Source, directory: str, places: Places) -> tuple[tuple[str, Route, bool], ...]:
    found: list[tuple[str, Route, bool]] = []
    for text, route in source.values:
        base = "" if text.startswith("/") else directory
        joined = join(base, text.lstrip("/"))
        if joined is None:
            continue
        if "{{" not in joined:
            found.append((joined, route, source.optional_values))
            continue
        glob = as_glob(joined)
        found += ((path, route, True) for path, _ in (places.files(glob) if glob else ()))
    return tuple(found)


def _is_own(source: Source, directory: str, places: Places, origins: Origins) -> bool:
    """Whether the source is this repository. A source that is not known counts as this repository
    when the path, which must not be the root, exists here."""
    if source.reference.endswith(f"/{_OWN_NAME}"):
        return True
    if source.url.startswith("{{"):
        return bool(directory) and places.is_directory(directory)
    known = next((g for g in origins.git_sources if g.reference == source.reference), None)
    url = known.url if known else source.url
    if known and known.branch and not directory:
        return False
    if url and origins.own_url and _tail(url) != _tail(origins.own_url):
        return False
    if url and origins.own_url:
        return True
    exists = bool(directory) and places.is_directory(directory)
    return exists or not (url or source.reference)


def _tail(url: str) -> str:
    match = _TAIL.search(url)
    return match[1].lower() if match else url.lower()


def _artifact(
    deployer: Deployer, source: Source, places: Places, copies: Iterable[Copy]
) -> Deployment:
    """Where the path of an artifact comes from, by the copy rules of the ArtifactGenerator that is
    written nearest to the deployer."""
    wanted = join("", (source.path or "").lstrip("/")) or ""
    candidates = []
    for copy in copies:
        if copy.reference != source.reference:
            continue
        rest = _below(wanted, copy.to)
        directory = join(copy.origin, rest) if rest is not None else None
        if directory is not None and places.is_directory(directory):
            near = len(_common(copy.generator, deployer.path))
            candidates.append((near, len(copy.to), directory))
    if not candidates:
        return Deployment(deployer, source, None, "other-repository")
    return _at(deployer, source, max(candidates)[2], places)


def _below(path: str, directory: str) -> str | None:
    if not directory or path == directory:
        return path if not directory else "."
    return path[len(directory) + 1 :] if path.startswith(directory + "/") else None


def _common(one: str, other: str) -> list[str]:
    parts = []
    for left, right in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        parts.append(left)
    return parts
