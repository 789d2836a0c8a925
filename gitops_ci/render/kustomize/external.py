"""generators:, transformers: and validators: configuration objects of builtin plugins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gitops_ci.model.finding import found
from gitops_ci.model.skip import Skip
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.accumulate import Accumulator
from gitops_ci.render.kustomize.decode import decode
from gitops_ci.render.kustomize.failure import BuildError, UnsupportedError
from gitops_ci.render.kustomize.field_specs import Specs, spec_of
from gitops_ci.render.kustomize.fields import (
    CONFIG_MAP,
    FIELD_SPEC,
    IMAGE,
    PATCH,
    REPLACEMENT,
    REPLICA,
    SECRET,
    SELECTOR,
    STRING,
    ListOf,
    MapOf,
)
from gitops_ci.render.kustomize.generators import Generator, absorb, merge_options
from gitops_ci.render.kustomize.history import DocumentSource
from gitops_ci.render.kustomize.inline import InlineTexts
from gitops_ci.render.kustomize.kustomization import Kustomization
from gitops_ci.render.kustomize.loader import Loader
from gitops_ci.render.kustomize.manifests import resources_of
from gitops_ci.render.kustomize.opaque import is_opaque_plugin, opaque_secrets
from gitops_ci.render.kustomize.patch_reader import PatchReader
from gitops_ci.render.kustomize.plan import Transformer, image_transformer, replacements
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.transform.entries import EntriesTransformer
from gitops_ci.render.kustomize.transform.names import AffixTransformer, add_hashes
from gitops_ci.render.kustomize.transform.namespace import (
    ALL_ACCOUNTS,
    DEFAULT_ONLY,
    NO_SUBJECTS,
    NamespaceTransformer,
)
from gitops_ci.render.kustomize.transform.replicas import ReplicasTransformer

if TYPE_CHECKING:
    from gitops_ci.render.kustomize.build import Builder

_SPECS = {"fieldSpecs": ListOf(FIELD_SPEC)}
_SHAPES: dict[str, dict[str, Any]] = {
    "ConfigMapGenerator": CONFIG_MAP,
    "SecretGenerator": SECRET,
    "PrefixTransformer": {"prefix": STRING, **_SPECS},
    "SuffixTransformer": {"suffix": STRING, **_SPECS},
    "PrefixSuffixTransformer": {"prefix": STRING, "suffix": STRING, **_SPECS},
    "LabelTransformer": {"labels": MapOf(STRING), **_SPECS},
    "AnnotationsTransformer": {"annotations": MapOf(STRING), **_SPECS},
    "NamespaceTransformer": {
        "setRoleBindingSubjects": STRING,
        "unsetOnly": "true or false",
        **_SPECS,
    },
    "ImageTagTransformer": {"imageTag": IMAGE, **_SPECS},
    "ReplicaCountTransformer": {"replica": REPLICA, **_SPECS},
    "PatchTransformer": PATCH,
    "PatchJson6902Transformer": {"target": SELECTOR, "path": STRING, "jsonOp": STRING},
    "PatchStrategicMergeTransformer": {"paths": ListOf(STRING), "patches": STRING},
    "ReplacementTransformer": {"replacements": ListOf({**REPLACEMENT, "path": STRING})},
    "HashTransformer": {},
}
_GENERATORS = ("ConfigMapGenerator", "SecretGenerator")


class Externals:
    """The plugin configurations that one kustomization names."""

    def __init__(
        self,
        kustomization: Kustomization,
        loader: Loader,
        reader: PatchReader,
        inline: InlineTexts,
        builder: Builder,
    ) -> None:
        self._kustomization = kustomization
        self._loader = loader
        self._reader = reader
        self._inline = inline
        self._builder = builder

    def generate(self, into: Accumulator) -> None:
        """Run the generators. Raises UnsupportedError for plugins that are programs."""
        for resource, spot in self._configured("generators"):
            if is_opaque_plugin(resource):
                into.skipped.append(Skip(spot.source.path, "plugin", str(resource.id)))
                for generated in opaque_secrets(resource, spot, self._loader):
                    absorb(into.resources, generated, spot)
                continue
            kind = self._builtin(resource, spot)
            if kind not in _GENERATORS:
                raise _unsupported(resource, spot)
            absorb(into.resources, self._generated(kind, resource, spot), spot)

    def _generated(self, kind: str, resource: Resource, spot: Spot) -> Resource:
        entry = decode(resource.value, _SHAPES[kind], spot, lenient=True)
        metadata = resource.value.get("metadata") or {}
        entry = {**entry, "name": entry.get("name") or metadata.get("name")}
        entry["namespace"] = entry.get("namespace") or metadata.get("namespace") or ""
        options = merge_options(entry.get("options"), {})
        name = kind.removesuffix("Generator")
        return Generator(name, entry, options, spot, self._loader).generate()

    def transform(self, into: Accumulator) -> None:
        """Run the transformers; validators are programs, which are never run."""
        for resource, spot in self._configured("transformers"):
            kind = self._builtin(resource, spot)
            for transformer in self._transformers(kind, resource, spot):
                into.findings.extend(transformer.apply(into.resources) or ())
        for resource, spot in self._configured("validators"):
            raise _unsupported(resource, spot)

    def _configured(self, field: str) -> Iterator[tuple[Resource, Spot]]:
        """The configuration objects of a field, written inline, in files or in kustomizations."""
        gathered = Accumulator()
        for index, text in enumerate(self._kustomization.get(field)):
            spot = self._kustomization.spot(field, index)
            if "\n" in text or ":" in text:
                source = self._inline.source(spot.source.path, text)
                gathered.append(resources_of(source, spot, "plugin"), spot)
            else:
                self._builder.resource(text, spot, self._loader, gathered)
        for resource in gathered.resources:
            if resource.history is not None or not isinstance(resource.source, DocumentSource):
                raise _unsupported(resource, self._kustomization.spot(field))
            yield resource, resource.source.spot

    def _builtin(self, resource: Resource, spot: Spot) -> str:
        gvk = resource.gvk
        if (gvk.group, gvk.version) != ("", "builtin") or gvk.kind not in _SHAPES:
            raise _unsupported(resource, spot)
        return gvk.kind

    def _transformers(self, kind: str, resource: Resource, spot: Spot) -> Iterator[Transformer]:
        fields = decode(resource.value, _SHAPES[kind], spot, lenient=True)
        if kind in _GENERATORS:
            raise _unsupported(resource, spot)
        specs: Specs = tuple(spec_of(item) for item in fields.get("fieldSpecs") or ())
        if kind.startswith("Patch"):
            yield from self._patches(kind, fields, spot)
        elif kind == "ReplacementTransformer":
            entries = fields.get("replacements") or ()
            yield from replacements(entries, spot.below("replacements"), self._loader)
        elif kind == "HashTransformer":
            yield _Hashes()
        elif kind == "NamespaceTransformer":
            yield _namespace(resource, fields, specs, spot)
        else:
            yield from _simple(kind, fields, specs, spot)

    def _patches(self, kind: str, fields: Mapping[str, Any], spot: Spot) -> Iterator[Transformer]:
        if kind == "PatchTransformer":
            yield from self._reader.patch(fields, spot)
        elif kind == "PatchJson6902Transformer":
            yield self._reader.older_json(fields, spot, "jsonOp")
        else:
            for index, text in enumerate(fields.get("paths") or ()):
                yield from self._reader.strategic_text_or_file(text, spot.below("paths", index))
            if fields.get("patches"):
                yield from self._reader.strategic_text_or_file(
                    fields["patches"] + "\n", spot.below("patches")
                )


class _Hashes:
    """HashTransformer."""

    def apply(self, resources: list[Resource]) -> None:
        """Append the content hashes."""
        add_hashes(resources)


def _namespace(
    resource: Resource, fields: Mapping[str, Any], specs: Specs, spot: Spot
) -> NamespaceTransformer:
    metadata = resource.value.get("metadata") or {}
    subjects = fields.get("setRoleBindingSubjects") or DEFAULT_ONLY
    if subjects not in (DEFAULT_ONLY, ALL_ACCOUNTS, NO_SUBJECTS):
        location = spot.below("setRoleBindingSubjects").location
        words = ", ".join((DEFAULT_ONLY, ALL_ACCOUNTS, NO_SUBJECTS))
        message = f"setRoleBindingSubjects must be one of {words}"
        raise BuildError(found(rules.INVALID_FIELD, message, location))
    place = spot.below("metadata", "namespace")
    name = metadata.get("namespace") or ""
    return NamespaceTransformer(name, specs, place, subjects, bool(fields.get("unsetOnly")))


def _simple(
    kind: str, fields: Mapping[str, Any], specs: Specs, spot: Spot
) -> Iterator[Transformer]:
    if kind in ("PrefixTransformer", "SuffixTransformer", "PrefixSuffixTransformer"):
        if "fieldSpecs" not in fields:
            message = f"a {kind} needs fieldSpecs"
            raise BuildError(found(rules.INVALID_FIELD, message, spot.location))
        if kind != "SuffixTransformer":
            place = spot.below("prefix")
            yield AffixTransformer(fields.get("prefix") or "", specs, place, prefix=True)
        if kind != "PrefixTransformer":
            place = spot.below("suffix")
            yield AffixTransformer(fields.get("suffix") or "", specs, place, prefix=False)
    elif kind in ("LabelTransformer", "AnnotationsTransformer"):
        name = "labels" if kind == "LabelTransformer" else "annotations"
        yield EntriesTransformer(fields.get(name) or {}, specs, spot.below(name), name)
    elif kind == "ImageTagTransformer":
        yield image_transformer(fields.get("imageTag") or {}, specs, spot.below("imageTag"))
    else:
        replica = fields.get("replica") or {}
        name, count = replica.get("name") or "", replica.get("count") or 0
        yield ReplicasTransformer(name, count, specs, spot.below("replica"))


def _unsupported(resource: Resource, spot: Spot) -> UnsupportedError:
    message = f"{resource.gvk.kind} is a plugin that the native engine does not run"
    return UnsupportedError("plugins", spot.location, message)
