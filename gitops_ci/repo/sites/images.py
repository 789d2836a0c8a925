"""Sites of images: a reference in one scalar, or a version split over several keys."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.documents.values import Value
from gitops_ci.model.image import (
    ImageReference,
    InvalidReferenceError,
    Shape,
    Version,
    parse_name,
    parse_reference,
    parse_version,
)
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.repo.sites.model import Part, Role, Site, Subject
from gitops_ci.repo.sites.text import TEMPLATED, Scope, is_template

_SCHEME = regex(r"(?:docker|oci|docker-pullable)://")
_OWN_TAG = regex(r"(.+?)(?::([^:@/]*\{\{[^/]*|[^:@/]*\$\{[^/]*))?\Z")
_LONGEST = 1024


def reference_site(
    scope: Scope,
    kind: str,
    route: Route,
    value: Value,
    *,
    versioned: bool = False,
    before: str = "",
    subject: Subject = Subject.IMAGE,
) -> Site | None:
    """The site of a scalar that holds a reference, behind the text `before`. None when it is no
    reference, or has no version while `versioned` asks for one."""
    if not isinstance(value, str) or not value.startswith(before) or len(value) > _LONGEST:
        return None
    text = value[len(before) :]
    scheme = _SCHEME.match(text)
    if scheme:
        before, text = before + scheme[0], text[scheme.end() :]
    if is_template(text):
        return _template(scope, kind, route, text, before, subject)
    try:
        reference = parse_reference(text)
    except InvalidReferenceError:
        return None
    if versioned and reference.shape is Shape.NONE:
        return None
    part = scope.part(Role.REFERENCE, route, text, before=before)
    return Site(
        scope.text.path,
        kind,
        subject,
        reference.repository,
        reference.version,
        (part,),
        object=scope.object,
    )


def _template(
    scope: Scope, kind: str, route: Route, text: str, before: str, subject: Subject
) -> Site | None:
    """A reference that a template makes: a site to be left alone, with what of it is known."""
    match = _OWN_TAG.match(text)
    name = _normal(match[1]) if match and match[2] and not is_template(match[1]) else ""
    version = Version(match[2]) if match and name else Version()
    cut = len(text) - len(version.tag)
    part = Part(Role.TAG, scope.at(route), version.tag, before + text[:cut])
    return Site(
        scope.text.path,
        kind,
        subject,
        name,
        version,
        (part,),
        object=scope.object,
        refusal=TEMPLATED,
    )


def _normal(name: str) -> str:
    try:
        return parse_name(name).repository
    except InvalidReferenceError:
        return ""


class Split(Struct, frozen=True):
    """Where the parts of an image stand, each a route and its value; None where there is none.
    `insert` is where a tag goes that is missing, `alias` a name to use when the first one says
    nothing."""

    name: tuple[Route, Value] | None = None
    registry: tuple[Route, Value] | None = None
    tag: tuple[Route, Value] | None = None
    digest: tuple[Route, Value] | None = None
    insert: Route | None = None
    alias: str = ""


def split_site(scope: Scope, kind: str, split: Split, *, registry: str = "") -> Site | None:
    """The site of an image whose parts stand apart. `registry` is one that holds for all images of
    the file. None when the parts make no image."""
    name_text = _text(scope, split.name)
    tag_text, digest_text = _text(scope, split.tag), _text(scope, split.digest)
    if is_template(name_text + tag_text + digest_text + _text(scope, split.registry)):
        return _templated_split(scope, kind, split, name_text, tag_text)
    reference = _named(name_text, _text(scope, split.registry) or registry)
    if reference is None and (name_text and not split.alias):
        return None
    version = _version(reference, tag_text, digest_text)
    if version is None:
        return None
    name = reference.repository if reference else _normal(split.alias)
    return Site(
        scope.text.path,
        kind,
        Subject.IMAGE,
        name,
        version,
        _parts(scope, split, reference),
        object=scope.object,
    )


def _version(reference: ImageReference | None, tag: str, digest: str) -> Version | None:
    """The version that the parts spell together; a tag in the name counts when there is no other.
    None when one of them is malformed."""
    try:
        version = parse_version(tag) if tag else Version()
        own = parse_version(f"@{digest}") if digest else Version()
    except InvalidReferenceError:
        return None
    version = Version(version.tag, own.digest or version.digest)
    if reference is not None and version.shape is Shape.NONE:
        return reference.version
    return version


def _parts(scope: Scope, split: Split, reference: ImageReference | None) -> tuple[Part, ...]:
    parts = []
    if split.name is not None:
        text = _text(scope, split.name)
        whole = reference is not None and reference.shape is not Shape.NONE
        role = Role.REFERENCE if whole and not _text(scope, split.tag) else Role.NAME
        parts.append(scope.part(role, split.name[0], text))
    if split.registry is not None:
        parts.append(scope.part(Role.REGISTRY, split.registry[0], _text(scope, split.registry)))
    if split.tag is not None:
        parts.append(scope.part(Role.TAG, split.tag[0], _text(scope, split.tag)))
    elif split.insert is not None:
        parts.append(scope.missing(Role.TAG, split.insert))
    if split.digest is not None:
        parts.append(scope.part(Role.DIGEST, split.digest[0], _text(scope, split.digest)))
    return tuple(parts)


def _templated_split(
    scope: Scope, kind: str, split: Split, name_text: str, tag_text: str
) -> Site | None:
    name = "" if is_template(name_text) else _normal(name_text)
    parts = _parts(scope, split, None)
    return Site(
        scope.text.path,
        kind,
        Subject.IMAGE,
        name,
        Version(tag_text),
        parts,
        object=scope.object,
        refusal=TEMPLATED,
    )


def _named(name: str, registry: str) -> ImageReference | None:
    """The reference of a repository in a registry, unless the repository names its own one."""
    if not name:
        return None
    name = _SCHEME.sub("", name, count=1)
    full = f"{_SCHEME.sub('', registry).strip('/')}/{name}" if registry else name
    try:
        own = parse_reference(name)
        has_host = own.name.partition("/")[0] in (own.domain, "docker.io") and "/" in own.name
        return own if has_host or not registry else parse_reference(full)
    except InvalidReferenceError:
        return None


def _text(scope: Scope, place: tuple[Route, Value] | None) -> str:
    return (scope.written(*place) or "") if place is not None else ""
