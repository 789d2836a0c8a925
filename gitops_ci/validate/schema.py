"""Rendered objects against the structures of their kinds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.model.finding import Finding, Related, found
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location
from gitops_ci.render.objects import RenderedObject, Root
from gitops_ci.schemas.crd import CrdSet, is_crd
from gitops_ci.schemas.gvk import Gvk, gvk
from gitops_ci.schemas.lifecycle import minor
from gitops_ci.schemas.pack import load
from gitops_ci.validate import rules
from gitops_ci.validate.catalogue import Catalogue, Plan, Variant
from gitops_ci.validate.definitions import definition_faults
from gitops_ci.validate.errors import Explainer, problem
from gitops_ci.validate.fault import Fault
from gitops_ci.validate.listmaps import duplicates
from gitops_ci.validate.nulls import without_nulls
from gitops_ci.validate.report import finding_of, place_of

_MISSING_SEVERITY = {"error": Severity.ERROR, "warn": Severity.NOTE, "skip": None}
_SHOWN_ROOTS = 5
_NEWER = (
    "unknown to the structure on board; if a newer release has it, add its CRD to the repository"
)


class Settings(Struct, frozen=True):
    """`missing_schema` is `error`, `warn` or `skip`: what a kind without a structure amounts to."""

    missing_schema: str = "warn"


class _Missing(Struct):
    """The objects of one kind without a structure."""

    first: RenderedObject
    root: Root
    count: int = 0
    places: dict[str, Location] = field(default_factory=dict)


class SchemaCheck:
    """Checks objects against every Kubernetes version of the run, each distinct structure once.

    `versions` are bundled Kubernetes versions; empty means the two newest. Raises
    UnknownVersionError for others. A faulty object that many roots share is explained once.
    """

    def __init__(
        self, versions: Sequence[str], crds: CrdSet, settings: Settings | None = None
    ) -> None:
        pack = load()
        self._catalogue = Catalogue(pack, versions or pack.versions[-2:], crds)
        self._settings = settings or Settings()
        self._plans: dict[tuple[Any, Any], Plan] = {}
        self._missing: dict[Gvk, _Missing] = {}
        # the value is kept beside its faults, so that its id stays its own
        self._same: dict[int, tuple[dict[str, Any], tuple[Fault, ...]]] = {}
        self._equal: dict[bytes, tuple[Fault, ...]] = {}

    @property
    def catalogue(self) -> Catalogue:
        """What is known about kinds, for whoever needs the type of a field."""
        return self._catalogue

    def check(self, objects: Iterable[RenderedObject], root: Root) -> Iterator[Finding]:
        """The findings of the objects of a root, in their order. Kinds without a structure are
        remembered for `finish`."""
        plans = self._plans
        for rendered in objects:
            value = rendered.value
            try:
                plan = plans[value.get("apiVersion"), value.get("kind")]
            except (KeyError, TypeError):
                plan = self.plan_of(value)
            if not plan.faults and _clean(value, plan):
                if plan.unknown:
                    self.note_unknown(plan.gvk, rendered, root)
                continue
            for fault in self._faults(value, plan):
                yield finding_of(fault, rendered, root)

    def finish(self) -> Iterator[Finding]:
        """One finding for each kind without a structure, with the number of its objects."""
        severity = _MISSING_SEVERITY[self._settings.missing_schema]
        if severity is None:
            return
        for kind, missing in sorted(self._missing.items()):
            objects = "1 object" if missing.count == 1 else f"{missing.count} objects"
            others = [Related(place, "also here") for place in missing.places.values()]
            yield found(
                rules.NO_SCHEMA,
                f"no schema for {kind}: {objects} not checked against a structure",
                place_of(missing.first),
                severity=severity,
                root=missing.root.name,
                environment=missing.root.environment,
                hint="put its CustomResourceDefinition into the repository, or `schemas add` it",
                related=tuple(others[1:_SHOWN_ROOTS]),
                key=str(kind),
            )

    def plan_of(self, value: dict[str, Any]) -> Plan:
        """How to check an object, by what it says it is."""
        api, kind = value.get("apiVersion"), value.get("kind")
        faults = tuple(_identity_faults(api, kind))
        if faults:
            return Plan(Gvk("", "", ""), faults=faults, nameless=True)
        assert isinstance(api, str)
        assert isinstance(kind, str)
        plan = self._catalogue.plan(gvk(api, kind))
        self._plans[api, kind] = plan
        return plan

    def note_unknown(self, kind: Gvk, rendered: RenderedObject, root: Root) -> None:
        """Remember an object without a structure for `finish`."""
        missing = self._missing.setdefault(kind, _Missing(rendered, root))
        missing.count += 1
        if len(missing.places) < _SHOWN_ROOTS and root.name not in missing.places:
            missing.places[root.name] = place_of(rendered)

    def _faults(self, value: dict[str, Any], plan: Plan) -> tuple[Fault, ...]:
        """The faults of an object; the same object, and an equal one, are explained once."""
        same = self._same.get(id(value))
        if same is not None and same[0] is value:
            return same[1]
        content = _digest(value)
        faults = self._equal.get(content) if content else None
        if faults is None:
            faults = tuple(self._explain(value, plan))
            if content:
                self._equal[content] = faults
        self._same[id(value)] = (value, faults)
        return faults

    def _explain(self, value: dict[str, Any], plan: Plan) -> Iterator[Fault]:
        yield from self.own_faults(value, plan)
        yield from _structure_faults(value, plan)

    def own_faults(self, value: dict[str, Any], plan: Plan) -> Iterator[Fault]:
        """The faults of an object that no schema engine can find."""
        yield from plan.faults
        if not plan.nameless and not _named(value):
            message = "the object has no name (metadata.name)"
            yield Fault(rules.MISSING_NAME, ("metadata", "name"), message, key=True)
        if is_crd(value):
            yield from definition_faults(value, self._catalogue.builtins[-1])
        yield from duplicates(value, plan.keyed)


def _digest(value: dict[str, Any]) -> bytes:
    """What equal objects share; empty for an object that is not JSON."""
    try:
        content = json.dumps(value, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        return b""
    import hashlib  # loads OpenSSL: only a faulty object pays

    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _clean(value: dict[str, Any], plan: Plan) -> bool:
    """Whether the quick look finds nothing; what it finds may still be harmless."""
    if not plan.nameless and not _named(value):
        return False
    if plan.gvk.kind == "CustomResourceDefinition":
        return False
    try:
        if not all(variant.validator.is_valid(value) for variant in plan.variants):
            return False
    except (ValueError, RecursionError):
        return False
    return not plan.keyed or next(duplicates(value, plan.keyed), None) is None


def _named(value: dict[str, Any]) -> bool:
    metadata = value.get("metadata")
    if not isinstance(metadata, dict):
        return False
    name = metadata.get("name") or metadata.get("generateName")
    # a name that is no string is a fault of its type, and not a missing one as well
    return bool(name) or metadata.get("name") not in (None, "")


def _identity_faults(api: object, kind: object) -> Iterator[Fault]:
    for field_name, value, rule in (
        ("apiVersion", api, rules.MISSING_API_VERSION),
        ("kind", kind, rules.MISSING_KIND),
    ):
        if value is None or value == "":
            message = f"the object has no {field_name}"
            yield Fault(rule, (field_name,), message, key=True)
        elif not isinstance(value, str):
            yield Fault(rules.WRONG_TYPE, (field_name,), f"{field_name} must be a string")


def _structure_faults(value: dict[str, Any], plan: Plan) -> Iterator[Fault]:
    """The faults that the variants of a plan show, each once."""
    having: dict[Fault, list[str]] = {}
    for variant in plan.variants:
        for fault in faults_of(value, variant):
            having.setdefault(fault, []).extend(variant.versions)
    total = sum(len(variant.versions) for variant in plan.variants)
    for fault, versions in having.items():
        yield settled(fault, versions, plan, total)


def settled(fault: Fault, versions: list[str], plan: Plan, total: int) -> Fault:
    """The fault; it names its Kubernetes versions if these are not all `total` of the run.

    A field that a structure on board does not have is only a warning when it is no near miss of a
    known one: a newer release of the controller may have it.
    """
    if plan.on_board and fault.rule is rules.UNKNOWN_FIELD and not fault.hint:
        fault = replace(fault, severity=Severity.WARNING, hint=_NEWER)
    if len(versions) >= total:
        return fault
    words = ", ".join(sorted(versions, key=minor))
    return replace(fault, message=f"{fault.message} (Kubernetes {words})")


def faults_of(value: dict[str, Any], variant: Variant) -> Iterator[Fault]:
    """The faults of an object for one structure."""
    validator = variant.validator
    try:
        if validator.is_valid(value):
            return
        errors = validator.errors(without_nulls(value))
    except (ValueError, RecursionError) as error:
        message = f"the object cannot be written as JSON: {error}"
        yield Fault(rules.INVALID_VALUE, (), message)
        return
    hide = value.get("kind") == "Secret"
    explainer = Explainer(value, validator.shape, hide=hide)
    yield from explainer.faults(problem(error) for error in errors)
