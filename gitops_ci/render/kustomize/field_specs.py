"""Which fields a transformer works on: kustomize's defaults and what `configurations:` add.

Source of the defaults: the kustomize documentation, "Built-in plugin configuration defaults".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import fields

from gitops_ci.render.kustomize.data import table
from gitops_ci.render.kustomize.ids import Gvk
from gitops_ci.render.kustomize.values import text_of


class FieldSpec(NamedTuple):
    """A path in resources of the kinds that `gvk` selects; `create` adds it where it is missing."""

    path: str
    gvk: Gvk = Gvk("", "", "")
    create: bool = False


Specs = tuple[FieldSpec, ...]


class ConflictError(Exception):
    """Two specs for the same field disagree about creating it; the reference refuses them."""


class Reference(NamedTuple):
    """Fields that hold the name of a resource of the kind `target`."""

    target: Gvk
    referrers: Specs


class Config(Struct, frozen=True):
    """The specs of every transformer."""

    name_prefix: Specs = ()
    name_suffix: Specs = ()
    namespace: Specs = ()
    common_labels: Specs = ()
    labels: Specs = ()
    template_labels: Specs = ()
    common_annotations: Specs = ()
    name_reference: tuple[Reference, ...] = ()
    var_reference: Specs = ()
    images: Specs = ()
    replicas: Specs = ()

    def merge(self, other: Config) -> Config:
        """Both together; specs that are here already are not added again. Raises ConflictError."""
        if other is self or other is EMPTY:
            return self
        if self is EMPTY:
            return other
        merged: dict[str, Any] = {}
        for field in fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            if field.name == "name_reference":
                merged[field.name] = _merge_references(mine, theirs)
            else:
                merged[field.name] = merge_specs(mine, theirs)
        return Config(**merged)


EMPTY = Config()


def merge_specs(first: Specs, second: Iterable[FieldSpec]) -> Specs:
    """`first` and what `second` adds to it. Raises ConflictError."""
    if first is second:
        return first
    result = list(first)
    for spec in second:
        same = next((s for s in result if s.path == spec.path and _covers(s, spec)), None)
        if same is None:
            result.append(spec)
        elif same.create != spec.create:
            raise ConflictError(f"'{spec.path}' is both created and not created when missing")
    return tuple(result)


_selected: dict[tuple[int, Gvk], tuple[Specs, Specs]] = {}
_SELECTED_LIMIT = 10_000


def specs_for(specs: Specs, gvk: Gvk) -> Specs:
    """The specs for resources of one kind; remembered, because few tuples of specs exist."""
    key = (id(specs), gvk)
    known = _selected.get(key)
    if known is not None and known[0] is specs:
        return known[1]
    if len(_selected) > _SELECTED_LIMIT:
        _selected.clear()
    result = tuple(spec for spec in specs if gvk.selected_by(spec.gvk))
    _selected[key] = (specs, result)
    return result


def _covers(known: FieldSpec, spec: FieldSpec) -> bool:
    return known.gvk.selected_by(spec.gvk)


def _merge_references(
    first: tuple[Reference, ...], second: tuple[Reference, ...]
) -> tuple[Reference, ...]:
    if first is second:
        return first
    result = list(first)
    for reference in second:
        found = False
        for index, known in enumerate(result):
            if known.target == reference.target:
                referrers = merge_specs(known.referrers, reference.referrers)
                result[index] = Reference(known.target, referrers)
                found = True
        if not found:
            result.append(reference)
    return tuple(result)


def _row(row: list[str | None]) -> FieldSpec:
    """A spec from a row of the table: path (with ` +` when created), kind, group, version."""
    path, kind, group, version = (*row, None, None, None)[:4]
    assert path is not None
    plain = path.removesuffix(" +")
    return FieldSpec(plain, Gvk(group or "", version or "", kind or ""), plain != path)


def _in_pods(kinds: Iterable[str], paths: Iterable[str]) -> Specs:
    pod_specs = table("field_specs")["pod_specs"]
    result: list[FieldSpec] = []
    for kind in kinds:
        name, _, version = kind.partition("@")
        result.extend(
            FieldSpec(f"{pod_specs[name]}/{path}", Gvk("", version, name)) for path in paths
        )
    return tuple(result)


@cache
def defaults() -> Config:
    """What kustomize does without any configuration."""
    data = table("field_specs")
    specs = {
        name: tuple(map(_row, rows)) for name, rows in data["specs"].items() if name != "affinity"
    }
    affinity = tuple(
        FieldSpec(f"spec/template/spec/{path}", Gvk("apps", "", kind))
        for kind in ("Deployment", "StatefulSet")
        for path in data["specs"]["affinity"]
    )
    variables = data["variables"]
    references = tuple(
        Reference(
            _row(["", *item["target"]]).gvk,
            _in_pods(item.get("pods", ()), item.get("in_pods", ()))
            + tuple(map(_row, item.get("fields", ()))),
        )
        for item in data["references"]
    )
    return Config(
        specs["namePrefix"],
        specs["nameSuffix"],
        specs["namespace"],
        specs["selectors"] + affinity + specs["templateLabels"],
        specs["labels"],
        specs["templateLabels"],
        specs["commonAnnotations"],
        references,
        _in_pods(variables["kinds"], variables["in_pods"]) + tuple(map(_row, variables["fields"])),
        specs["images"],
        specs["replicas"],
    )


def spec_of(item: Mapping[str, Any]) -> FieldSpec:
    """The spec that a mapping with path, create, group, version and kind states."""
    gvk = Gvk(text_of(item.get("group")), text_of(item.get("version")), text_of(item.get("kind")))
    return FieldSpec(text_of(item.get("path")), gvk, item.get("create") is True)


_FILE_KEYS = {
    "namePrefix": "name_prefix",
    "nameSuffix": "name_suffix",
    "namespace": "namespace",
    "commonLabels": "common_labels",
    "labels": "labels",
    "templateLabels": "template_labels",
    "commonAnnotations": "common_annotations",
    "varReference": "var_reference",
    "images": "images",
    "replicas": "replicas",
}


def config_of(value: Mapping[str, Any]) -> Config:
    """The Config that a file of `configurations:` states; raises KeyError for an unknown key."""
    parts: dict[str, Any] = {}
    for key, items in value.items():
        if key == "nameReference":
            parts["name_reference"] = tuple(
                Reference(spec_of(item).gvk, tuple(map(spec_of, item.get("fieldSpecs") or ())))
                for item in items or ()
            )
        else:
            parts[_FILE_KEYS[key]] = tuple(map(spec_of, items or ()))
    return Config(**parts)
