"""The version that a site held in an earlier text of its file."""

from __future__ import annotations

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.documents.read import read
from gitops_ci.documents.text import decode
from gitops_ci.model.image import InvalidReferenceError, Version, parse_reference, parse_version
from gitops_ci.model.span import Route
from gitops_ci.repo.sites.model import Part, Role, Site


def version_at(site: Site, data: bytes | None) -> Version | None:
    """What the same place said when the file held `data`; None when there was no such place."""
    if data is None:
        return None
    source = read(site.path, data)
    texts: dict[Role, str] = {}
    for part in site.parts:
        text = _text(source, part)
        if text is not None:
            texts[part.role] = text
    try:
        return _version(texts)
    except InvalidReferenceError:
        return None


def _version(texts: dict[Role, str]) -> Version | None:
    if Role.REFERENCE in texts:
        return parse_reference(texts[Role.REFERENCE]).version
    tag, digest = texts.get(Role.TAG, ""), texts.get(Role.DIGEST, "")
    if not tag and not digest:
        return None
    try:
        found = parse_version(tag) if tag else Version()
    except InvalidReferenceError:
        found = Version(tag)  # a chart's version or a git ref may hold more than a tag
    return Version(found.tag, digest or found.digest)


def _text(source: SourceFile, part: Part) -> str | None:
    """The part's text in `source`, as it is written there."""
    for document, route in part.at.within:
        inner = _scalar(source, document, route)
        if inner is None:
            return None
        source = read(source.path, inner.encode())
    text = _written(source, part.at.document, part.at.route)
    if text is None or not (text.startswith(part.before) and text.endswith(part.after)):
        return None
    return text[len(part.before) : len(text) - len(part.after)]


def _scalar(source: SourceFile, document: int, route: Route) -> str | None:
    value = source.documents[document].value if document < len(source.documents) else None
    for step in route:
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value if isinstance(value, str) else None


def _written(source: SourceFile, document: int, route: Route) -> str | None:
    """A scalar as it is written, so that `1.10` stays `1.10`; without its quotes."""
    known = _scalar(source, document, route)
    if known is not None:
        return known
    if document >= len(source.documents):
        return None
    place = locate(source, document, route)
    span = place.location.span
    if not place.exact or span is None or span.line != span.end_line:
        return None
    return decode(source.data)[span.start : span.end].strip("'\"")
