"""Which built-in APIs are deprecated or gone, since when, and what to use instead.

Source: the deprecated API migration guide of the Kubernetes documentation and the lifecycle
markers in k8s.io/api; what the bundled versions still serve is taken from the pack itself.
"""

from __future__ import annotations

import json
from functools import lru_cache

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.schemas.gvk import Gvk, gvk
from gitops_ci.schemas.pack import DATA, Pack

Minor = tuple[int, int]
_STABLE = 2
_VERSION = regex(r"v(\d+)(?:(alpha|beta)(\d+))?")


class Change(Struct, frozen=True):
    """What happened to a kind. Versions are `1.NN`, empty when it has not happened or nobody
    recorded when; `replacement` is an apiVersion, or an apiVersion and a kind, or empty;
    `same` says that objects of the kind need no other change."""

    deprecated: str
    removed: str
    replacement: str
    same: bool = False

    def removed_in(self, version: str) -> bool:
        """Whether Kubernetes `version` no longer serves the kind."""
        return bool(self.removed) and minor(self.removed) <= minor(version)

    def deprecated_in(self, version: str) -> bool:
        """Whether the kind is deprecated in Kubernetes `version`."""
        return bool(self.deprecated) and minor(self.deprecated) <= minor(version)


def minor(version: str) -> Minor:
    """`1.33`, `v1.33` or `1.33.2` as numbers that compare."""
    major, _, rest = version.removeprefix("v").partition(".")
    return int(major), int(rest.partition(".")[0])


def rank(version: str) -> tuple[int, int, int]:
    """How mature an API version is, as `kubectl` orders them: v2 > v1 > v1beta2 > v1alpha1."""
    found = _VERSION.fullmatch(version)
    if not found:
        return (-1, 0, 0)
    stage = {None: _STABLE, "beta": 1, "alpha": 0}[found[2]]
    return (stage, int(found[1]), int(found[3] or 0))


@lru_cache(maxsize=1)
def table() -> dict[Gvk, Change]:
    """The recorded changes by kind."""
    content = json.loads((DATA / "lifecycle.json").read_text(encoding="utf-8"))
    return {
        gvk(entry["apiVersion"], kind): Change(
            entry.get("deprecated", ""),
            entry.get("removed", ""),
            entry.get("replacement", ""),
            entry.get("same", False),
        )
        for entry in content
        for kind in entry["kinds"]
    }


def change_of(kind: Gvk, pack: Pack) -> Change | None:
    """What happened to a built-in kind: as recorded, else as the bundled versions show it.

    A pre-release version counts as deprecated from the first bundled version that has the stable
    one, and as removed in the first bundled version that does not have it any more.
    """
    recorded = table().get(kind)
    if recorded is not None:
        return recorded
    having = [version for version in pack.versions if kind in pack.builtins(version).kinds]
    if not having or (having[-1] == pack.versions[-1] and rank(kind.version)[0] == _STABLE):
        return None
    after = [version for version in pack.versions if minor(version) > minor(having[-1])]
    newest = pack.builtins(pack.versions[-1] if not after else after[0])
    replacement = _best(kind, newest.kinds)
    if replacement is None and not after:
        return None
    deprecated = ""
    if replacement is not None and rank(replacement.version)[0] == _STABLE:
        deprecated = next(v for v in pack.versions if replacement in pack.builtins(v).kinds)
    removed = after[0] if after else ""
    return Change(deprecated, removed, replacement.api_version if replacement else "")


def _best(kind: Gvk, kinds: dict[Gvk, str]) -> Gvk | None:
    """The most mature version of the same kind, if it is more mature than `kind`."""
    same = [
        other
        for other in kinds
        if (other.group, other.kind) == (kind.group, kind.kind)
        and rank(other.version) > rank(kind.version)
    ]
    return max(same, key=lambda other: rank(other.version), default=None)
