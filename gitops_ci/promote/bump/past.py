"""The version that a site held in an earlier text of its file."""

from __future__ import annotations

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read
from gitops_ci.documents.values import Value
from gitops_ci.model.image import InvalidReferenceError, Version, parse_reference, parse_version
from gitops_ci.model.span import Route
from gitops_ci.repo.sites.model import Part, Role, Site
from gitops_ci.repo.sites.text import Scope, text_at


def version_at(site: Site, data: bytes | None) -> Version | None:
    """What the same place said when the file held `data`; None when there was no such place."""
    if data is None:
        return None
    source = read(site.path, data)
    texts = {part.role: text for part in site.parts if (text := _text(source, part)) is not None}
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
    holder = text_at(source, part.at.within)
    if holder is None or part.at.document >= len(holder.source.documents):
        return None
    value = _value(holder.source.documents[part.at.document].value, part.at.route)
    text = Scope(holder, part.at.document).written(part.at.route, value)
    if text is None or not (text.startswith(part.before) and text.endswith(part.after)):
        return None
    return text[len(part.before) : len(text) - len(part.after)]


def _value(value: Value, route: Route) -> Value:
    for step in route:
        if isinstance(value, dict):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value
