"""Comments that bots read: they say what a scalar is the version of, and that somebody else writes
it, too.

Flux image automation: `# {"$imagepolicy": "NAMESPACE:NAME[:tag|:name|:digest]"}` behind the value.
Renovate: `# renovate: datasource=… depName=… [packageName=…]` behind it or on the line above.
Our own: `# gitops-ci: image=NAME`, `chart=NAME` or `git=URL`, likewise.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import lines_of, route_at
from gitops_ci.model.image import InvalidReferenceError, parse_name, parse_reference
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.repo.sites.images import Split, reference_site, split_site
from gitops_ci.repo.sites.known import Known
from gitops_ci.repo.sites.model import Address, Marker, Role, Site, Subject
from gitops_ci.repo.sites.pins import Pinned, git_name, oci_name, version_site
from gitops_ci.repo.sites.text import Scope, Text, value_at

MARKS = (b"$imagepolicy", b"renovate:", b"gitops-ci:")
_FLUX = regex(r'#\s*\{\s*"\$imagepolicy"\s*:\s*"([^":]+:[^":]+)(?::(tag|name|digest))?"\s*\}')
_RENOVATE = regex(r"#\s*renovate:\s*(\S.*)$")
_OWN = regex(r"#\s*gitops-ci:\s*(image|chart|git|artifact)=(\S+)")
_PAIR = regex(r"(\w+)=(\S+)")
_DATASOURCES = {
    "docker": Subject.IMAGE,
    "helm": Subject.CHART,
    **dict.fromkeys(
        (
            "github-releases",
            "github-tags",
            "git-tags",
            "git-refs",
            "gitlab-releases",
            "gitlab-tags",
        ),
        Subject.GIT,
    ),
}
_HOSTS = {"github": "github.com", "gitlab": "gitlab.com"}


_MOST_ABOVE = 50
"""So many lines of comment above a value are looked through for its markers."""


class _Mark(Struct, frozen=True):
    """A marker, and what it says that the scalar on line `line` is the version of."""

    marker: Marker
    line: int
    pinned: Pinned
    role: Role = Role.TAG
    sure: bool = True


def with_markers(text: Text, sites: tuple[Site, ...], known: Known) -> Iterator[Site]:
    """`sites`, which are those of `text`, with the markers that cover them, and the sites that only
    a marker tells of."""
    if not any(mark in text.source.data for mark in MARKS):
        yield from sites
        return
    result = list(sites)
    for mark in _marks(text.source, known):
        place = route_at(text.source, mark.line)
        if place is None:
            continue
        address = Address(*place, text.within)
        index = next((i for i, s in enumerate(result) if _covers(s, address)), None)
        if index is not None:
            result[index] = _marked(result[index], mark)
        elif mark.sure and mark.role in (Role.TAG, Role.REFERENCE):
            result += [_marked(site, mark) for site in _made(text, place, mark)]
    yield from result


def _covers(site: Site, address: Address) -> bool:
    return any(
        part.at == address and not part.missing and part.role is not Role.REGISTRY
        for part in site.parts
    )


def _marked(site: Site, mark: _Mark) -> Site:
    name = site.name or mark.pinned.name
    return replace(site, name=name, markers=(*site.markers, mark.marker))


def _made(text: Text, place: tuple[int, Route], mark: _Mark) -> Iterator[Site]:
    """The site of a scalar that nothing but its marker tells of."""
    document, route = place
    scope = Scope(text, document)
    value = value_at(text.source, document, route)
    written = scope.written(route, value)
    if not written:
        return
    if mark.role is Role.REFERENCE or _is_reference(written, mark):
        site = reference_site(scope, "marker", route, value)
    elif mark.pinned.subject is Subject.IMAGE and not mark.pinned.name:
        site = split_site(scope, "marker", Split(tag=(route, value)))
    else:
        site = version_site(scope, "marker", route, value, mark.pinned)
    if site is not None:
        yield site


def _is_reference(written: str, mark: _Mark) -> bool:
    if mark.pinned.subject is not Subject.IMAGE:
        return False
    try:
        return parse_reference(written).repository == mark.pinned.name
    except InvalidReferenceError:
        return False


def _marks(source: SourceFile, known: Known) -> Iterator[_Mark]:
    """The markers, each with the line of its value: its own, or the next one that is no comment and
    not too far below."""
    lines = lines_of(source)
    waiting: deque[tuple[str, int]] = deque(maxlen=_MOST_ABOVE)
    for number in range(1, len(lines) + 1):
        line = lines.line(number)
        if line.lstrip().startswith("#"):
            waiting.append((line, number))
            continue
        for above, at in waiting:
            yield from _on_line(above, at, number, known)
        waiting.clear()
        if "#" in line:
            yield from _on_line(line, number, number, known)


def _on_line(line: str, number: int, target: int, known: Known) -> Iterator[_Mark]:
    flux = _FLUX.search(line)
    if flux:
        role = {"tag": Role.TAG, "name": Role.NAME, "digest": Role.DIGEST}.get(flux[2] or "")
        name = _image(known.policies.get(flux[1], ""))
        marker = Marker("flux", flux[0], number)
        yield _Mark(marker, target, Pinned(Subject.IMAGE, name), role or Role.REFERENCE)
        return
    own = _OWN.search(line)
    if own:
        yield _Mark(Marker("gitops-ci", own[0], number), target, _pinned(Subject(own[1]), own[2]))
        return
    renovate = _RENOVATE.search(line)
    if renovate:
        pairs = dict(_PAIR.findall(renovate[1]))
        source = pairs.get("datasource", "")
        name = pairs.get("packageName") or pairs.get("depName") or ""
        subject = _DATASOURCES.get(source)
        marker = Marker("renovate", renovate[0].strip(), number)
        host = _HOSTS.get(source.partition("-")[0])
        full = f"https://{host}/{name}" if host and "://" not in name else name
        pinned = _pinned(subject or Subject.GIT, full, pairs.get("registryUrl", ""))
        yield _Mark(marker, target, pinned, sure=subject is not None and bool(name))


def _pinned(subject: Subject, name: str, source: str = "") -> Pinned:
    if subject is Subject.IMAGE:
        return Pinned(subject, _image(name))
    if subject is Subject.ARTIFACT:
        return Pinned(subject, oci_name(name), name)
    return (
        Pinned(subject, git_name(name), name)
        if subject is Subject.GIT
        else Pinned(subject, name, source)
    )


def _image(name: str) -> str:
    try:
        return parse_name(name).repository if name else ""
    except InvalidReferenceError:
        return ""
