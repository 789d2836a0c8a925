"""CustomResourceDefinitions as read from manifests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from typing import Any

from msgspec import Struct, field

from gitops_ci.model.span import Route
from gitops_ci.schemas.gvk import Gvk
from gitops_ci.schemas.pack import Schema

GROUP = "apiextensions.k8s.io"
KIND = "CustomResourceDefinition"


class Source(IntEnum):
    """Where a structure was found; the smaller one wins."""

    REPOSITORY = 0
    RENDERED = 1
    ADDED = 2
    BOARD = 3


class CustomKind(Struct, frozen=True):
    """One version of a custom kind. `schema` is None when the definition states none; `prune` is
    False for old definitions that keep unknown fields; `route` leads to the schema in the CRD."""

    gvk: Gvk
    schema: Schema | None
    served: bool = True
    deprecated: str | None = None
    prune: bool = True
    namespaced: bool = True
    source: Source = Source.REPOSITORY
    route: Route = ()


class CrdFault(Struct, frozen=True):
    """What is wrong with a definition, and where in it."""

    route: Route
    message: str


class CrdRead(Struct, frozen=True):
    """The kinds of a definition and what is wrong with it."""

    kinds: tuple[CustomKind, ...]
    faults: tuple[CrdFault, ...]


def is_crd(value: Mapping[str, Any]) -> bool:
    """Whether a manifest is a CustomResourceDefinition of any version."""
    api = value.get("apiVersion")
    return value.get("kind") == KIND and isinstance(api, str) and api.startswith(GROUP + "/")


def read_crd(value: Mapping[str, Any], source: Source = Source.REPOSITORY) -> CrdRead:
    """The kinds that a CustomResourceDefinition (v1 or v1beta1) defines, and its faults that a
    schema of the CRD itself cannot find."""
    spec = _mapping(value.get("spec"))
    names = _mapping(spec.get("names"))
    group, kind = spec.get("group"), names.get("kind")
    versions = spec.get("versions")
    if not isinstance(versions, list):
        versions = [{"name": spec.get("version"), "served": True, "storage": True}]
    if not isinstance(group, str) or not isinstance(kind, str):
        return CrdRead((), ())
    old = value.get("apiVersion") == f"{GROUP}/v1beta1"
    kinds: list[CustomKind] = []
    faults: list[CrdFault] = []
    for index, entry in enumerate(versions):
        version = _mapping(entry)
        name = version.get("name")
        if not isinstance(name, str):
            continue
        schema, route = _schema_of(spec, version, index)
        kinds.append(
            CustomKind(
                Gvk(group, name, kind),
                schema,
                served=version.get("served") is not False,
                deprecated=_deprecation(version),
                prune=not _keeps_unknown(spec, old=old),
                namespaced=spec.get("scope") != "Cluster",
                source=source,
                route=route,
            )
        )
        if schema is None and not old:
            message = f"version {name} has no schema; the API server requires one"
            faults.append(CrdFault(("spec", "versions", index), message))
    faults.extend(_naming_faults(value, spec, names, versions))
    return CrdRead(tuple(kinds), tuple(faults))


def _schema_of(
    spec: Mapping[str, Any], version: Mapping[str, Any], index: int
) -> tuple[Schema | None, Route]:
    own = _mapping(version.get("schema")).get("openAPIV3Schema")
    if isinstance(own, dict):
        return own, ("spec", "versions", index, "schema", "openAPIV3Schema")
    shared = _mapping(spec.get("validation")).get("openAPIV3Schema")
    if isinstance(shared, dict):
        return shared, ("spec", "validation", "openAPIV3Schema")
    return None, ()


def _keeps_unknown(spec: Mapping[str, Any], *, old: bool) -> bool:
    return spec.get("preserveUnknownFields", old) is True


def _deprecation(version: Mapping[str, Any]) -> str | None:
    if version.get("deprecated") is not True:
        return None
    warning = version.get("deprecationWarning")
    return warning if isinstance(warning, str) else ""


def _naming_faults(
    value: Mapping[str, Any],
    spec: Mapping[str, Any],
    names: Mapping[str, Any],
    versions: list[Any],
) -> list[CrdFault]:
    faults: list[CrdFault] = []
    name = _mapping(value.get("metadata")).get("name")
    plural, group = names.get("plural"), spec.get("group")
    if isinstance(name, str) and isinstance(plural, str) and name != f"{plural}.{group}":
        message = f"the name must be {plural}.{group}, from spec.names.plural and spec.group"
        faults.append(CrdFault(("metadata", "name"), message))
    stored = [entry for entry in versions if _mapping(entry).get("storage") is True]
    if len(stored) != 1 and "versions" in spec:
        message = f"exactly one version must have storage: true, not {len(stored)}"
        faults.append(CrdFault(("spec", "versions"), message))
    return faults


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


Board = Mapping[tuple[str, str, str], Schema]
"""Structures that come with the tool: group, version and kind to a structural schema."""


class CrdSet(Struct):
    """The custom kinds that are known. A kind from a better source replaces the same one from a
    worse source; within one source the first stays. `board` is asked last and only when needed."""

    kinds: dict[Gvk, CustomKind] = field(default_factory=dict)
    board: Board = field(default_factory=dict)

    def add(self, kinds: Iterable[CustomKind]) -> None:
        """Take in kinds."""
        for kind in kinds:
            known = self.kinds.get(kind.gvk)
            if known is None or kind.source < known.source:
                self.kinds[kind.gvk] = kind

    def add_manifest(self, value: Mapping[str, Any], source: Source = Source.REPOSITORY) -> None:
        """Take in the kinds of a manifest if it is a CustomResourceDefinition."""
        if is_crd(value):
            self.add(read_crd(value, source).kinds)

    def get(self, gvk: Gvk) -> CustomKind | None:
        """The kind, if it is known."""
        known = self.kinds.get(gvk)
        if known is None and gvk in self.board:
            return CustomKind(gvk, self.board[gvk], source=Source.BOARD)
        return known

    def source(self, gvk: Gvk) -> Source:
        """Where a known kind is known from."""
        known = self.kinds.get(gvk)
        return known.source if known is not None else Source.BOARD

    def known(self) -> Iterator[Gvk]:
        """Every kind that `get` finds."""
        yield from self.kinds
        yield from (Gvk(*key) for key in self.board if key not in self.kinds)

    def served(self) -> list[Gvk]:
        """Every known kind that an API server would serve."""
        unserved = {gvk for gvk, kind in self.kinds.items() if not kind.served}
        return [gvk for gvk in self.known() if gvk not in unserved]


def crd_set(
    repository: Iterable[Mapping[str, Any]] = (),
    rendered: Iterable[Mapping[str, Any]] = (),
    added: Iterable[CustomKind] = (),
    board: Board | None = None,
) -> CrdSet:
    """The set from all sources; what is no CustomResourceDefinition is passed over."""
    known = CrdSet(board=board or {})
    for value in repository:
        known.add_manifest(value, Source.REPOSITORY)
    for value in rendered:
        known.add_manifest(value, Source.RENDERED)
    known.add(added)
    return known
