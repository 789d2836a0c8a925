"""What one file says about others, before anybody asks whether they exist."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route


class Role(Enum):
    """What the referring file wants the other one for."""

    RESOURCE = "resource"
    COMPONENT = "component"
    PATCH = "patch"
    GENERATOR_INPUT = "generator-input"
    CONFIGURATION = "configuration"
    GENERATOR = "generator"
    VALUES = "values"
    CHART = "chart"
    DEPLOYS = "deploys"
    LINK = "link"


class Reference(Struct, frozen=True):
    """One mention of another file or directory. `text` is as written, relative to the directory of
    the referring file; `document` and `route` say where it stands."""

    text: str
    role: Role
    document: int = 0
    route: Route = ()


_SCHEME = regex(r"[a-zA-Z][a-zA-Z0-9+.-]*::?//|[\w.-]+@[\w.-]+:|git::|oci:")
_HOST = regex(
    r"(?:github\.com|gitlab\.com|bitbucket\.org|dev\.azure\.com)[/:]|[\w-]+(?:\.[\w-]+)+/.+//"
)


def looks_remote(text: str) -> bool:
    """Whether kustomize would fetch `text`: a URL, an scp-like address, a known host without a
    scheme, or anything with a `?ref=`. Source: the kustomize documentation on remote targets."""
    return bool("?ref=" in text or "?version=" in text or _SCHEME.match(text) or _HOST.match(text))
