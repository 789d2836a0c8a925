"""An ApplicationSet: the Applications that its controller would make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gitops_ci.documents.read import read
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Route
from gitops_ci.render import rules
from gitops_ci.render.argocd.generators import (
    MAX_SETS,
    ExternalGeneratorError,
    Generated,
    Generators,
)
from gitops_ci.render.context import Context, name_of
from gitops_ci.render.objects import Origin, RenderedObject, Step, Trace
from gitops_ci.render.routes import MISSING, at, items, mapping, text
from gitops_ci.render.templating.gotemplate import TemplateError, UnknownTemplateError

_TEMPLATE: Route = ("spec", "template")


class Applications(Struct, frozen=True):
    """The generated Applications, and what could not be generated."""

    objects: tuple[RenderedObject, ...] = ()
    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skip, ...] = ()


class _TemplateOrigin(Struct, frozen=True):
    """A generated Application: its values come from the template of the set."""

    inner: Origin
    template: dict[str, Any]

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        if at(self.template, route) is MISSING and route[:1] != ("spec",):
            route = ("metadata",) if "metadata" in self.template else ()
        trace = self.inner.trace(_TEMPLATE + route, key=key)
        step = Step(trace.location, "applicationset template")
        return Trace(trace.location, (*trace.chain, step), trace.exact)


def generate(item: RenderedObject, context: Context) -> Applications:
    """The Applications of the ApplicationSet, with origins in its template."""
    spec = mapping(item.value, "spec")
    options = items(spec, "goTemplateOptions")
    generators = Generators(
        context,
        go=spec.get("goTemplate") is True,
        missing_is_error="missingkey=error" in options,
    )
    sets: list[Generated] = []
    findings: dict[str, Finding] = {}
    skipped: dict[str, Skip] = {}
    for index, generator in enumerate(items(spec, "generators")):
        try:
            sets += generators.all([generator])
        except (ExternalGeneratorError, UnknownTemplateError) as error:
            skipped.setdefault(str(error), Skip(name_of(item), "generator", str(error)))
        except TemplateError as error:
            route = ("spec", "generators", index)
            findings.setdefault(str(error), _refused(item, route, str(error)))
    objects: list[RenderedObject] = []
    for generated in sets[:MAX_SETS]:
        try:
            objects += _application(item, spec, generated, generators)
        except TemplateError as error:
            findings.setdefault(str(error), _refused(item, _TEMPLATE, str(error)))
        except UnknownTemplateError as error:
            skipped.setdefault(str(error), Skip(name_of(item), "generator", str(error)))
    return Applications(tuple(objects), tuple(findings.values()), tuple(skipped.values()))


def _refused(item: RenderedObject, route: Route, words: str) -> Finding:
    place = item.origin.trace(route, key=True).location
    return found(rules.APPSET_TEMPLATE, words, place, object=item.ref, key=words)


def _application(
    item: RenderedObject, spec: dict[str, Any], generated: Generated, generators: Generators
) -> Iterator[RenderedObject]:
    template = _joined(mapping(spec, "template"), generated.template)
    made = generators.fill(template, generated.parameters)
    patch = text(spec, "templatePatch")
    if patch:
        made = _patched(made, generators.fill(patch, generated.parameters))
    metadata = {"namespace": item.ref.namespace, **mapping(made, "metadata")}
    value = {
        "apiVersion": text(item.value, "apiVersion"),
        "kind": "Application",
        "metadata": {key: part for key, part in metadata.items() if part != ""},
        "spec": mapping(made, "spec"),
    }
    yield RenderedObject(value, _TemplateOrigin(item.origin, mapping(spec, "template")))


def _patched(made: dict[str, Any], words: str) -> dict[str, Any]:
    source = read("patch.yaml", words.encode())
    if source.broken or len(source.documents) > 1:
        raise TemplateError("templatePatch does not give valid YAML")
    value = source.documents[0].value if source.documents else {}
    if not isinstance(value, dict):
        raise TemplateError("templatePatch does not give a mapping")
    return _joined(made, value)


def _joined(value: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """`value` with the fields of the patch; lists are replaced, null removes."""
    result = dict(value)
    for key, item in patch.items():
        known = result.get(key)
        if item is None:
            result.pop(key, None)
        elif isinstance(known, dict) and isinstance(item, dict):
            result[key] = _joined(known, item)
        else:
            result[key] = item
    return result
