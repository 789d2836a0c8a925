"""Which structure, or which fault, goes with an apiVersion and a kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from gitops_ci.schemas.crd import CrdSet, CustomKind, Source
from gitops_ci.schemas.gvk import Gvk
from gitops_ci.schemas.json_schema import of_closure
from gitops_ci.schemas.pack import Builtins, Pack, Schema
from gitops_ci.schemas.structural import BrokenSchemaError, Structural
from gitops_ci.schemas.validator import UncompilableError, Validator
from gitops_ci.validate.fault import Fault
from gitops_ci.validate.identity import custom_faults, lifecycle_faults, unknown_faults
from gitops_ci.validate.listmaps import KeyedList, keyed_lists

Versions = tuple[str, ...]
_NAMELESS = "Review"
"""Kinds that end so are questions to the API server and are never stored."""


class Variant(Struct, frozen=True):
    """A structure and the Kubernetes versions of the run that it holds for."""

    validator: Validator
    versions: Versions


class Plan(Struct, frozen=True):
    """How objects of one kind are checked. `unknown` says that there is no structure for the kind;
    `nameless` that objects of the kind need no name; `on_board` that the structure comes with the
    tool and may be older than the definition in the cluster."""

    gvk: Gvk
    variants: tuple[Variant, ...] = ()
    faults: tuple[Fault, ...] = ()
    keyed: tuple[KeyedList, ...] = ()
    unknown: bool = False
    nameless: bool = False
    on_board: bool = False


class Catalogue:
    """Plans for the kinds of one run; each is made once, when the first object asks for it."""

    def __init__(self, pack: Pack, versions: Sequence[str], crds: CrdSet) -> None:
        self.pack = pack
        self.crds = crds
        self.builtins: tuple[Builtins, ...] = tuple(pack.builtins(v) for v in versions)
        self._validators: dict[tuple[int, ...], Validator] = {}
        self._plans: dict[Gvk, Plan] = {}

    @property
    def versions(self) -> Versions:
        """The Kubernetes versions of the run."""
        return tuple(builtins.version for builtins in self.builtins)

    def plan(self, gvk: Gvk) -> Plan:
        """How to check objects of the kind."""
        if gvk not in self._plans:
            self._plans[gvk] = self._made(gvk)
        return self._plans[gvk]

    def _made(self, gvk: Gvk) -> Plan:
        having = [builtins for builtins in self.builtins if gvk in builtins.kinds]
        faults = tuple(lifecycle_faults(gvk, self.pack, self.versions))
        nameless = gvk.kind.endswith(_NAMELESS)
        if having:
            return Plan(gvk, tuple(self._variants(gvk, having)), faults, nameless=nameless)
        custom = self.crds.get(gvk)
        if custom is not None:
            return self._custom(custom)
        if faults:
            return Plan(gvk, faults=faults, nameless=nameless)
        slips = tuple(unknown_faults(gvk, self.builtins[-1], self.pack, self.crds))
        return Plan(gvk, faults=slips, unknown=not slips, nameless=True)

    def schema(self, gvk: Gvk) -> Schema | None:
        """The JSON Schema of the kind for the newest version of the run that has it."""
        variants = self.plan(gvk).variants
        return variants[-1].validator.schema if variants else None

    def _variants(self, gvk: Gvk, having: list[Builtins]) -> Iterator[Variant]:
        versions: dict[tuple[int, ...], list[str]] = {}
        for builtins in having:
            closure = builtins.closure(builtins.kinds[gvk])
            versions.setdefault(closure.key, []).append(builtins.version)
            if closure.key not in self._validators:
                self._validators[closure.key] = Validator(of_closure(closure))
        for key, holds in versions.items():
            yield Variant(self._validators[key], tuple(holds))

    def _custom(self, custom: CustomKind) -> Plan:
        faults = tuple(custom_faults(custom, self.crds))
        unchecked = Plan(custom.gvk, faults=faults, unknown=True)
        if custom.schema is None:
            return unchecked
        try:
            schema = Structural(self.builtins[-1], prune=custom.prune).schema(custom.schema)
            validator = Validator(schema)
        except (BrokenSchemaError, UncompilableError):
            return unchecked  # the cause is reported where the definition stands
        variant = Variant(validator, self.versions)
        keyed = keyed_lists(validator.shape)
        on_board = custom.source is Source.BOARD
        return Plan(custom.gvk, (variant,), faults, keyed, on_board=on_board)
