"""A Flux Kustomization: the directory at `spec.path` as the controller builds and changes it.

Fields: the API reference of kustomize.toolkit.fluxcd.io; order: the kustomize-controller (fields
into the kustomization, build, decryption, post-build substitution, common metadata)."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.model.finding import Finding, found
from gitops_ci.model.span import Route
from gitops_ci.render import rules
from gitops_ci.render.config_maps import ConfigMap
from gitops_ci.render.context import Context, location_of, name_of
from gitops_ci.render.flux.envsubst import Substitution, SubstitutionError
from gitops_ci.render.flux.generated import generated_resources
from gitops_ci.render.flux.substitute import is_disabled, substituted
from gitops_ci.render.flux.variable_origin import Variable, VariableOrigin
from gitops_ci.render.layer import Layer
from gitops_ci.render.objects import RenderedObject, Step, Trace
from gitops_ci.render.opaque import is_opaque, without_sops
from gitops_ci.render.origins import ThroughOrigin, unchanged
from gitops_ci.render.paths import kustomization_in
from gitops_ci.render.plain import render_files
from gitops_ci.render.result import Result, failed, left_out
from gitops_ci.render.routes import items, mapping, text

_FIELDS = (
    ("targetNamespace", "namespace"),
    ("namePrefix", "namePrefix"),
    ("nameSuffix", "nameSuffix"),
    ("patches", "patches"),
    ("patchesStrategicMerge", "patchesStrategicMerge"),
    ("patchesJson6902", "patchesJson6902"),
    ("images", "images"),
    ("components", "components"),
)
"""Field of `spec`, field of the kustomization."""


def render_kustomization(item: RenderedObject, context: Context) -> tuple[str, Result]:
    """The directory that the Kustomization applies (its own file when that is not here), and what
    it gives."""
    deployment = next(iter(context.deployments(item)), None)
    written, here = text(item.value, "spec", "path"), location_of(item).path
    if deployment is None or deployment.directory is None:
        if deployment is not None and deployment.external:
            detail = f"{item.ref} applies '{written or '.'}' of another source"
            return here, left_out(name_of(item), deployment.external, detail)
        place = item.origin.trace(("spec", "path")).location
        message = f"spec.path '{written}' does not exist in the repository"
        return here, failed(found(rules.FLUX_PATH, message, place, object=item.ref))
    directory = deployment.directory
    built = _build(item, directory, context)
    return directory, _applied(built, item, context)


def _build(item: RenderedObject, directory: str, context: Context) -> Result:
    spec = mapping(item.value, "spec")
    fields: dict[str, Any] = {}
    routes: dict[str, Route] = {}
    for name, target in _FIELDS:
        if spec.get(name):
            fields[target], routes[target] = spec[name], ("spec", name)
    resources = None
    if kustomization_in(context.files.tree, directory) is None:
        resources = generated_resources(context.files, directory)
        if not fields:
            return _as_they_are(context, directory, resources)
    return context.build(Layer(directory, fields, routes, item.origin, resources))


def _as_they_are(context: Context, directory: str, resources: tuple[str, ...]) -> Result:
    """The resources of a generated kustomization without any field: a list and nothing more."""
    result = Result()
    for resource in resources:
        path = f"{directory}/{resource}" if directory else resource
        if context.places.is_directory(path):
            result = result.plus(context.engine.build(path))
        else:
            result = result.plus(render_files(context.files, (path,)))
    return result


def _applied(built: Result, item: RenderedObject, context: Context) -> Result:
    """The built objects as the controller applies them."""
    spec = mapping(item.value, "spec")
    variables = _variables(item, context)
    station = Step(location_of(item), "flux kustomization")
    metadata = mapping(spec, "commonMetadata")
    objects: list[RenderedObject] = []
    findings: list[Finding] = []
    for built_object in built.objects:
        written = without_sops(built_object.value)
        value, origin = written, built_object.origin
        try:
            value = variables.substitute(written, built_object, findings)
        except SubstitutionError as error:
            findings.append(_refused(built_object, error))
        if value is not written:
            origin = VariableOrigin(origin, written, variables.known)
        value = _with_metadata(value, metadata)
        if value is built_object.value:
            objects.append(built_object)
            continue
        override = _MetadataOrigin(item, metadata).find if metadata else unchanged
        objects.append(RenderedObject(value, ThroughOrigin(origin, station, override)))
    return replace(
        built,
        objects=tuple(objects),
        findings=(*built.findings, *findings),
        used=built.used | variables.used,
    )


class _MetadataOrigin(Struct, frozen=True):
    """Says which labels and annotations come from `spec.commonMetadata`."""

    item: RenderedObject
    metadata: dict[str, Any]

    def find(self, route: Route) -> Trace | None:
        if (
            len(route) == 3
            and route[0] == "metadata"
            and route[2] in mapping(self.metadata, str(route[1]))
        ):
            return self.item.origin.trace(("spec", "commonMetadata", *route[1:]))
        return None


def _with_metadata(value: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
    added = {
        name: {**mapping(value, "metadata", name), **mapping(metadata, name)}
        for name in ("labels", "annotations")
        if mapping(metadata, name)
    }
    if not added:
        return value
    return {**value, "metadata": {**mapping(value, "metadata"), **added}}


class _Variables(Struct, frozen=True):
    """The variables of a post-build substitution. `complete` says that every source is seen."""

    known: dict[str, Variable] = field(default_factory=dict)
    complete: bool = True
    used: frozenset[str] = frozenset()

    def substitute(
        self, value: dict[str, Any], item: RenderedObject, findings: list[Finding]
    ) -> dict[str, Any]:
        """`value` with the variables filled in; adds a finding for each undefined one. Raises
        SubstitutionError."""
        if (not self.known and self.complete) or is_disabled(value):
            return value
        values = {name: variable.text for name, variable in self.known.items()}
        known: dict[str, str] = values if self.complete else _Unseen(values)
        substitution = Substitution(known)
        result: dict[str, Any] = substituted(value, substitution)
        for name in sorted(substitution.undefined):
            message = f"the variable '{name}' has no value and becomes empty"
            place = _mention(value, name, item)
            findings.append(
                found(rules.FLUX_VARIABLE, message, place.location, object=item.ref, key=name)
            )
        return result


class _Unseen(dict[str, str]):
    """Variables of which some come from a source that cannot be seen: unknown ones stay as they
    are written."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return f"${{{name}}}"


def _variables(item: RenderedObject, context: Context) -> _Variables:
    """The variables of the Kustomization: inline ones win over those of sources, later sources over
    earlier ones."""
    post = mapping(item.value, "spec", "postBuild")
    known: dict[str, Variable] = {}
    complete, used = True, set()
    near = location_of(item).path
    for source in items(post, "substituteFrom"):
        config_map = _seen(source, item.ref.namespace, near, context)
        if config_map is not None:
            for key, text_ in config_map.data.items():
                origin, route = config_map.origin, ("data", key)
                known[key] = Variable(text_.replace("\n", ""), origin, route)
            complete = complete and not any(map(is_opaque, config_map.data.values()))
            used.add(config_map.path)
        elif mapping(source).get("optional") is not True:
            complete = False
    for key, value in mapping(post, "substitute").items():
        written = ("" if value is None else str(value)).replace("\n", "")
        known[key] = Variable(written, item.origin, ("spec", "postBuild", "substitute", key))
    return _Variables(known, complete, frozenset(used))


def _seen(source: Any, namespace: str, near: str, context: Context) -> ConfigMap | None:
    if text(source, "kind") != "ConfigMap":
        return None
    return context.config_maps.find(namespace, text(source, "name"), near)


def _mention(value: Any, name: str, item: RenderedObject) -> Trace:
    """Where the object uses the variable."""
    stack: list[tuple[Route, Any]] = [((), value)]
    while stack:
        route, part = stack.pop()
        if isinstance(part, str) and f"${{{name}" in part:
            return item.origin.trace(route)
        if isinstance(part, dict):
            stack.extend(((*route, key), inner) for key, inner in part.items())
        elif isinstance(part, list):
            stack.extend(((*route, index), inner) for index, inner in enumerate(part))
    return item.origin.trace(())


def _refused(item: RenderedObject, error: SubstitutionError) -> Finding:
    place = item.origin.trace(()).location
    message = f"the post-build substitution of {item.ref} fails: {error}"
    hint = (
        "write '$${' for a literal '${', or switch it off for the object with the annotation "
        "kustomize.toolkit.fluxcd.io/substitute: disabled"
    )
    return found(
        rules.FLUX_SUBSTITUTION, message, place, object=item.ref, hint=hint, key=str(error)
    )
