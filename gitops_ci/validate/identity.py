"""Faults in what an object says it is: unknown, removed and deprecated kinds and versions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from gitops_ci.render.words import listed, quoted
from gitops_ci.schemas.crd import CrdSet, CustomKind, Source
from gitops_ci.schemas.gvk import Gvk
from gitops_ci.schemas.lifecycle import Change, change_of, rank, table
from gitops_ci.schemas.near import near, nearest
from gitops_ci.schemas.pack import Builtins, Pack
from gitops_ci.validate import rules
from gitops_ci.validate.fault import Fault, Replacement

_API: tuple[str] = ("apiVersion",)
_KIND: tuple[str] = ("kind",)
_SURE = 2
"""Letters that may differ where not every kind of the group is known."""


def lifecycle_faults(gvk: Gvk, pack: Pack, versions: tuple[str, ...]) -> Iterator[Fault]:
    """Removed, deprecated, or not there yet, for a kind of Kubernetes itself."""
    change = change_of(gvk, pack)
    without = [version for version in versions if gvk not in pack.builtins(version).kinds]
    if change is not None and (gone := [v for v in versions if change.removed_in(v)]):
        yield _removed(gvk, change, gone, len(versions))
    elif change is not None and any(change.deprecated_in(version) for version in versions):
        yield _deprecated(gvk, change)
    elif without:
        later = [version for version in pack.versions if gvk in pack.builtins(version).kinds]
        if later:
            message = f"{gvk} does not exist in Kubernetes {', '.join(without)}"
            hint = f"it came with Kubernetes {later[0]}"
            yield Fault(rules.UNKNOWN_KIND, _API, message, hint=hint)


def _removed(gvk: Gvk, change: Change, gone: list[str], all_versions: int) -> Fault:
    message = f"{gvk} was removed in Kubernetes {change.removed}"
    if len(gone) < all_versions:
        message += f" (checked for {', '.join(gone)})"
    return Fault(rules.REMOVED_API, _API, message, False, _use(change), None, _bump(gvk, change))


def _deprecated(gvk: Gvk, change: Change) -> Fault:
    message = f"{gvk} is deprecated since Kubernetes {change.deprecated}"
    if change.removed:
        message += f" and removed in {change.removed}"
    return Fault(rules.DEPRECATED_API, _API, message, False, _use(change), None, _bump(gvk, change))


def _use(change: Change) -> str:
    return f"use {change.replacement}" if change.replacement else "there is no replacement"


def _bump(gvk: Gvk, change: Change) -> Replacement | None:
    if not change.replacement or " " in change.replacement:
        return None
    title = f"use {change.replacement}"
    return Replacement(gvk.api_version, change.replacement, title, safe=change.same)


def custom_faults(custom: CustomKind, crds: CrdSet) -> Iterator[Fault]:
    """What the definition of a custom kind says about the version that an object uses."""
    gvk = custom.gvk
    if not custom.served:
        served = [
            other.version
            for other in crds.served()
            if (other.group, other.kind) == (gvk.group, gvk.kind)
        ]
        hint = f"served: {', '.join(sorted(served))}" if served else ""
        message = f"{gvk} is defined but not served (served: false)"
        yield Fault(rules.UNKNOWN_KIND, _API, message, hint=hint)
    elif custom.deprecated is not None:
        message = f"{gvk} is marked as deprecated by its CustomResourceDefinition"
        yield Fault(rules.DEPRECATED_API, _API, message, hint=custom.deprecated)


def unknown_faults(gvk: Gvk, builtins: Builtins, pack: Pack, crds: CrdSet) -> Iterator[Fault]:
    """A fault if an unknown kind must be a slip; nothing if it may belong to somebody else.

    Every kind of the groups of Kubernetes itself is known. Of other groups a definition tells all
    versions of its own kind, but not which other kinds there are.
    """
    known = [kind for kind in builtins.kinds if not kind.kind.endswith("List")]
    if gvk.group in _own_groups(pack):
        yield _in_own_group(gvk, known)
        return
    custom = crds.served()
    siblings = [kind for kind in custom if kind.group == gvk.group]
    if siblings:
        yield from _in_custom_group(gvk, siblings, crds)
        return
    groups = {kind.group for kind in (*known, *custom) if kind.kind == gvk.kind and kind.group}
    if close := nearest(gvk.group, groups, _SURE):
        candidates = [k for k in (*known, *custom) if (k.group, k.kind) == (close, gvk.kind)]
        message = f"unknown API group {quoted(gvk.group)}"
        yield _other_api(gvk, candidates, message, safe=True)


@lru_cache(maxsize=4)
def _own_groups(pack: Pack) -> frozenset[str]:
    recorded = {kind.group for kind in table()}
    bundled = {group for version in pack.versions for group in pack.builtins(version).groups}
    return frozenset(recorded | bundled)


def _in_own_group(gvk: Gvk, known: list[Gvk]) -> Fault:
    message = f"Kubernetes has no {gvk}"
    here = {kind.kind for kind in known if kind[:2] == gvk[:2]}
    close = near(gvk.kind, here)
    if close:
        return _other_kind(gvk, close, message)
    same = [kind for kind in known if kind.kind == gvk.kind]
    if same:
        inside = [kind for kind in same if kind.group == gvk.group]
        return _other_api(gvk, inside or same, message)
    anywhere = near(gvk.kind, {kind.kind for kind in known})
    return _other_kind(gvk, anywhere, message, safe=False)


def _in_custom_group(gvk: Gvk, siblings: list[Gvk], crds: CrdSet) -> Iterator[Fault]:
    versions = [kind for kind in siblings if kind.kind == gvk.kind]
    if versions:
        if all(crds.source(kind) <= Source.RENDERED for kind in versions):
            message = f"{gvk} is not a version that its CustomResourceDefinition defines"
            yield _other_api(gvk, versions, message)
        return
    here = {kind.kind for kind in siblings}
    close = near(gvk.kind, here, _SURE)
    if close:
        message = f"no known kind of {gvk.group} is called {quoted(gvk.kind)}"
        yield _other_kind(gvk, close, message, safe=False)


def _other_kind(gvk: Gvk, close: tuple[str, ...], message: str, *, safe: bool = True) -> Fault:
    if not close:
        return Fault(rules.UNKNOWN_KIND, _KIND, message)
    hint = f"did you mean {listed(close)}?"
    fix = None
    if len(close) == 1:
        title = f"change it to {close[0]}"
        fix = Replacement(gvk.kind, close[0], title, safe=safe)
    return Fault(rules.UNKNOWN_KIND, _KIND, message, False, hint, None, fix)


def _other_api(gvk: Gvk, candidates: list[Gvk], message: str, *, safe: bool = False) -> Fault:
    ordered = sorted(candidates, key=lambda kind: rank(kind.version), reverse=True)
    names = list(dict.fromkeys(kind.api_version for kind in ordered))
    hint = f"{gvk.kind} is in {listed(names, plain=True)}"
    fix = Replacement(gvk.api_version, names[0], f"use {names[0]}", safe=safe)
    return Fault(rules.UNKNOWN_KIND, _API, message, False, hint, None, fix)
