"""From the fields of a kustomization to its transformers, in the order that kustomize runs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from gitops_ci.model.finding import Finding, found
from gitops_ci.model.severity import Severity
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.decode import decode
from gitops_ci.render.kustomize.failure import BuildError, UnsupportedError
from gitops_ci.render.kustomize.field_specs import (
    Config,
    ConflictError,
    FieldSpec,
    Specs,
    defaults,
    merge_specs,
    spec_of,
)
from gitops_ci.render.kustomize.fields import REPLACEMENT
from gitops_ci.render.kustomize.kustomization import Kustomization
from gitops_ci.render.kustomize.loader import Loader
from gitops_ci.render.kustomize.patch_reader import PatchReader
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.selectors import SelectorError, UnsureError
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.transform.entries import EntriesTransformer
from gitops_ci.render.kustomize.transform.images import ImageTransformer
from gitops_ci.render.kustomize.transform.names import AffixTransformer
from gitops_ci.render.kustomize.transform.namespace import NamespaceTransformer
from gitops_ci.render.kustomize.transform.replacements import Replacement
from gitops_ci.render.kustomize.transform.replicas import ReplicasTransformer
from gitops_ci.render.kustomize.values import text_of

_METADATA_LABELS = FieldSpec("metadata/labels", create=True)


class Transformer(Protocol):
    """Changes the resources of one kustomization and of everything below it."""

    def apply(self, resources: list[Resource]) -> Any:
        """Do it; findings that do not end the build are returned as a list."""
        ...


def transformers(
    kustomization: Kustomization, config: Config, reader: PatchReader
) -> Iterator[Transformer]:
    """The transformers of a kustomization, in order."""
    get = kustomization.get
    yield from reader.strategic_merge(kustomization)
    yield from reader.patches(kustomization)
    if get("namespace"):
        spot = kustomization.spot("namespace")
        yield NamespaceTransformer(get("namespace"), config.namespace, spot)
    if get("namePrefix"):
        spot = kustomization.spot("namePrefix")
        yield AffixTransformer(get("namePrefix"), config.name_prefix, spot, prefix=True)
    if get("nameSuffix"):
        spot = kustomization.spot("nameSuffix")
        yield AffixTransformer(get("nameSuffix"), config.name_suffix, spot, prefix=False)
    yield from _labels(kustomization, config)
    if get("commonAnnotations"):
        spot = kustomization.spot("commonAnnotations")
        specs = config.common_annotations
        yield EntriesTransformer(get("commonAnnotations"), specs, spot, "commonAnnotations")
    yield from reader.json6902(kustomization)
    for index, entry in enumerate(get("replicas")):
        spot = kustomization.spot("replicas", index)
        count = entry.get("count", 0)
        yield ReplicasTransformer(entry.get("name", ""), count, config.replicas, spot)
    yield from _images(kustomization, config)
    yield from replacements(
        kustomization.get("replacements"), kustomization.spot("replacements"), reader.loader
    )


def _labels(kustomization: Kustomization, config: Config) -> Iterator[Transformer]:
    for index, entry in enumerate(kustomization.get("labels")):
        spot = kustomization.spot("labels", index)
        try:
            specs = _label_specs(entry, config)
        except ConflictError as error:
            raise BuildError(found(rules.INVALID_FIELD, str(error), spot.location)) from error
        yield EntriesTransformer(entry.get("pairs") or {}, specs, spot.below("pairs"), "labels")
    if kustomization.get("commonLabels"):
        spot = kustomization.spot("commonLabels")
        entries = kustomization.get("commonLabels")
        yield EntriesTransformer(entries, config.common_labels, spot, "commonLabels")


def _label_specs(entry: Mapping[str, Any], config: Config) -> Specs:
    own = tuple(spec_of(item) for item in entry.get("fields") or ())
    selectors, templates = bool(entry.get("includeSelectors")), bool(entry.get("includeTemplates"))
    if config is defaults():
        return _default_label_specs(own, selectors=selectors, templates=templates)
    return _merged_label_specs(own, config, selectors=selectors, templates=templates)


@cache
def _default_label_specs(own: Specs, *, selectors: bool, templates: bool) -> Specs:
    """As below without any configuration: few combinations, each computed once."""
    return _merged_label_specs(own, defaults(), selectors=selectors, templates=templates)


def _merged_label_specs(own: Specs, config: Config, *, selectors: bool, templates: bool) -> Specs:
    specs = merge_specs(own, config.labels)
    if selectors:
        return merge_specs(specs, config.common_labels)
    if templates:
        specs = merge_specs(specs, config.template_labels)
    return merge_specs(specs, (_METADATA_LABELS,))


class _CheckedImages:
    """An images entry that reports when it matches nothing."""

    def __init__(
        self, transformer: ImageTransformer, name: str, spot: Spot, severity: Severity
    ) -> None:
        self._transformer = transformer
        self._name = name
        self._spot = spot
        self._severity = severity

    def apply(self, resources: list[Resource]) -> list[Finding]:
        """Change the images."""
        self._transformer.apply(resources)
        if self._transformer.matched or not resources:
            return []
        message = f"no image here is called '{self._name}'"
        hint = "use the name as it stands in the base, with its registry and without a tag"
        location = self._spot.below("name").location
        return [
            found(
                rules.UNUSED_IMAGE,
                message,
                location,
                severity=self._severity,
                hint=hint,
                key=self._name,
            )
        ]


def _images(kustomization: Kustomization, config: Config) -> Iterator[Transformer]:
    for field in ("images", "imageTags"):
        for index, entry in enumerate(kustomization.get(field)):
            spot = kustomization.spot(field, index)
            transformer = image_transformer(entry, config.images, spot)
            severity = Severity.WARNING if kustomization.is_component else Severity.ERROR
            yield _CheckedImages(transformer, text_of(entry.get("name")), spot, severity)


def image_transformer(entry: Mapping[str, Any], specs: Specs, spot: Spot) -> ImageTransformer:
    """The transformer for an images entry. Raises UnsupportedError for an odd name."""
    try:
        return ImageTransformer(entry, specs, spot)
    except (SelectorError, UnsureError) as error:
        message = f"the image name {error} needs the reference"
        raise UnsupportedError("images", spot.location, message) from error


def replacements(
    entries: Sequence[Mapping[str, Any]], spot: Spot, loader: Loader
) -> Iterator[Replacement]:
    """The replacements of a list, those in files included."""
    for index, entry in enumerate(entries):
        place = spot.below(index)
        if not entry.get("path"):
            yield Replacement(entry.get("source") or {}, entry.get("targets") or (), place)
            continue
        if entry.get("source") or entry.get("targets"):
            message = "a replacement has either a path or source and targets"
            raise BuildError(found(rules.REPLACEMENT, message, place.location))
        source = loader.source(entry["path"], place.below("path"))
        value = source.documents[0].value if source.documents else None
        top = Spot(source)
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, dict) for item in items):
            message = "a replacements file holds one replacement or a list of them"
            raise BuildError(found(rules.REPLACEMENT, message, top.location))
        for number, item in enumerate(items):
            inner = top.below(number) if isinstance(value, list) else top
            fields = decode(item, REPLACEMENT, inner, lenient=True)
            yield Replacement(fields.get("source") or {}, fields.get("targets") or (), inner)
