"""Sites of charts, artifacts and git sources: one scalar holds the version."""

from __future__ import annotations

import re

from msgspec import Struct

from gitops_ci.documents.values import Value
from gitops_ci.model.image import InvalidReferenceError, Version, parse_name, parse_version
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.repo.sites.model import Part, Role, Site, Subject
from gitops_ci.repo.sites.text import TEMPLATED, Scope, is_template

_EXACT = regex(r"v?\d+\.\d+\.\d+(?:[-+].*)?\Z")
_SHA = regex(r"[0-9a-f]{7,40}\Z")
_TAG_LIKE = regex(r"(?:.*[/_-])?[vV]?\d+(?:\.\d+)+(?:[-+.].*)?\Z|refs/tags/|v\d+\Z")
_SCP = regex(r"(?:ssh://)?(?:[\w.-]+@)([\w.-]+)[:/](?!//)(.+)")
_URL = regex(r"(?:git::)?(?:https?|ssh|git|file)://(?:[^@/]*@)?([^/]+)/(.+)")
_REF = regex(r"(.*?)[?&](?:ref|version)=([^&#\s]+)(.*)\Z", re.DOTALL)
_RELEASE = regex(r"(https://github\.com/[^/]+/[^/]+)/releases/download/([^/]+)(/.*)\Z")
_LONGEST = 1024
_FORGES = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org")


class Pinned(Struct, frozen=True):
    """A version and what it is of."""

    subject: Subject
    name: str
    source: str = ""


def chart_site(
    scope: Scope, kind: str, route: Route, value: Value, name: str, source: str = ""
) -> Site | None:
    """The site of a chart's version. A range floats, and so does `1.2`, which Helm reads as one.
    None when it is no version."""
    text = scope.written(route, value)
    if not text or len(text) > _LONGEST:
        return None
    floating = _EXACT.match(text) is None
    return _site(scope, kind, route, text, Pinned(Subject.CHART, name, source), floating=floating)


def git_site(scope: Scope, kind: str, route: Route, value: Value, url: str) -> Site | None:
    """The site of a git ref. A branch or HEAD is a floating one."""
    text = scope.written(route, value)
    if not text or len(text) > _LONGEST:
        return None
    pinned = Pinned(Subject.GIT, git_name(url), url)
    return _site(scope, kind, route, text, pinned, floating=not is_fixed_ref(text))


def remote_site(scope: Scope, kind: str, route: Route, value: Value) -> Site | None:
    """The site of a remote base (`…?ref=`) or of a file of a GitHub release. None for other text.
    Source: the kustomize documentation on remote targets."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    match = _REF.match(value)
    if match is None:
        match = _RELEASE.match(value)
        if match is None:
            return None
    head, ref, tail = match.groups()
    before = value[: len(value) - len(ref) - len(tail)]
    pinned = Pinned(Subject.GIT, git_name(head), head)
    return _site(
        scope, kind, route, ref, pinned, floating=not is_fixed_ref(ref), around=(before, tail)
    )


def artifact_site(
    scope: Scope, kind: str, ref: Route, value: dict[str, Value], url: str
) -> Site | None:
    """The site of a Flux OCIRepository's `ref`; `semver` is a floating version."""
    name = oci_name(url)
    if not name:
        return None
    known = {key: scope.written((*ref, key), value.get(key)) or "" for key in value}
    tag, digest, semver = (known.get(key, "") for key in ("tag", "digest", "semver"))
    if semver and not tag and not digest:
        pinned = Pinned(Subject.ARTIFACT, name, url)
        return _site(scope, kind, (*ref, "semver"), semver, pinned, floating=True)
    if not tag and not digest:
        return None
    try:
        version = Version(parse_version(tag).tag if tag else "", digest)
    except InvalidReferenceError:
        return None
    parts = [scope.part(Role.TAG, (*ref, "tag"), tag)] if "tag" in value else []
    if not parts:
        parts.append(scope.missing(Role.TAG, (*ref, "tag")))
    if "digest" in value:
        parts.append(scope.part(Role.DIGEST, (*ref, "digest"), digest))
    return Site(
        scope.text.path,
        kind,
        Subject.ARTIFACT,
        name,
        version,
        tuple(parts),
        object=scope.object,
        source=url,
        refusal=TEMPLATED if is_template(tag + digest) else "",
    )


def version_site(
    scope: Scope,
    kind: str,
    route: Route,
    value: Value,
    pinned: Pinned,
) -> Site | None:
    """The site of any scalar that is the version of what `pinned` says."""
    if pinned.subject is Subject.CHART:
        return chart_site(scope, kind, route, value, pinned.name, pinned.source)
    if pinned.subject is Subject.GIT:
        return git_site(scope, kind, route, value, pinned.source)
    text = scope.written(route, value)
    return _site(scope, kind, route, text, pinned) if text else None


def _site(
    scope: Scope,
    kind: str,
    route: Route,
    text: str,
    pinned: Pinned,
    *,
    floating: bool = False,
    around: tuple[str, str] = ("", ""),
) -> Site | None:
    templated = is_template(text) or is_template(pinned.name)
    version = Version(text)
    if pinned.subject in (Subject.IMAGE, Subject.ARTIFACT) and not templated and not floating:
        try:
            version = parse_version(text)
        except InvalidReferenceError:
            return None
    part = Part(Role.TAG, scope.at(route), text, *around)
    return Site(
        scope.text.path,
        kind,
        pinned.subject,
        pinned.name,
        version,
        (part,),
        object=scope.object,
        source=pinned.source,
        floating=floating and not templated,
        refusal=TEMPLATED if templated else "",
    )


def is_fixed_ref(ref: str) -> bool:
    """Whether a git ref is a commit or looks like a tag, and not like a branch."""
    return _SHA.match(ref) is not None or _TAG_LIKE.match(ref) is not None


def git_name(url: str) -> str:
    """One spelling for all addresses of a git source: `host/path`, without scheme, user, `.git`
    and what kustomize writes behind it (`//directory`, or a directory on a known forge)."""
    text = url.strip().removeprefix("git::").partition("?")[0]
    match = _URL.match(text) or _SCP.match(text)
    host, path = match.groups() if match else text.partition("/")[::2]
    path = path.partition("//")[0]
    head, git, _ = path.partition(".git/")
    path = head if git else path
    if host.lower() in _FORGES and not git and host.lower() != "gitlab.com":
        path = "/".join(path.split("/")[:2])
    return f"{host.lower()}/{path.strip('/').removesuffix('.git')}" if path else host.lower()


def oci_name(url: str) -> str:
    """The normalised repository behind an `oci://` address; empty when it is none."""
    if is_template(url):
        return ""
    try:
        return parse_name(url.removeprefix("oci://").rstrip("/")).repository
    except InvalidReferenceError:
        return ""
