"""Checks the manifests of one text as if they were applied as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.documents.manifests import Manifest, manifests_of
from gitops_ci.documents.read import read
from gitops_ci.model.finding import Finding
from gitops_ci.model.span import Route
from gitops_ci.render.objects import RenderedObject, Root, RootKind, Trace
from gitops_ci.schemas.crd import CrdSet, crd_set
from gitops_ci.validate.ambiguous import ambiguous
from gitops_ci.validate.schema import SchemaCheck, Settings

NEWEST = ("1.36", "1.37")
ROOT = Root("apps", RootKind.PLAIN, environment="dev")


@dataclass(frozen=True, slots=True)
class PlainOrigin:
    """The origin of an object that stands in a file as it is applied."""

    source: SourceFile
    document: int
    route: Route

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        part = "key" if key else "value"
        place = locate(self.source, self.document, (*self.route, *route), part)
        return Trace(place.location, exact=place.exact)


def rendered(source: SourceFile, manifest: Manifest) -> RenderedObject:
    return RenderedObject(manifest.value, PlainOrigin(source, manifest.document, manifest.route))


def objects_of(text: str | bytes, path: str = "app.yaml") -> list[RenderedObject]:
    data = text.encode() if isinstance(text, str) else text
    source = read(path, data)
    return [rendered(source, manifest) for manifest in manifests_of(source)]


def crds_of(objects: Sequence[RenderedObject]) -> CrdSet:
    return crd_set([item.value for item in objects])


def check(
    text: str | bytes,
    versions: Sequence[str] = NEWEST,
    missing_schema: str = "warn",
    path: str = "app.yaml",
) -> list[Finding]:
    """Every finding of schema validation, as `check` and then `finish` give them."""
    objects = objects_of(text, path)
    checker = SchemaCheck(versions, crds_of(objects), Settings(missing_schema))
    return [*checker.check(objects, ROOT), *checker.finish()]


def doubts(text: str, *, applied: bool = True) -> list[Finding]:
    """The ambiguous scalars of the manifests in `text`; with `applied` as kubectl applies it, which
    refuses some of them."""
    source = read("app.yaml", text.encode())
    checker = SchemaCheck(NEWEST, crds_of(objects_of(text)))
    faults = check(text) if applied else []
    spans = [fault.location.span for fault in faults]
    refused = {("app.yaml", span.line, span.column) for span in spans if span}
    return [
        finding
        for manifest in manifests_of(source)
        for finding in ambiguous(source, manifest, checker.catalogue.schema, refused)
    ]


def line(finding: Finding) -> str:
    """One line that says everything a reader sees of a finding."""
    span = finding.location.span
    place = f"{span.line}:{span.column}" if span else "-"
    text = f"{place} {finding.severity.word} {finding.rule.id} {finding.message}"
    text += f" | {finding.hint}" if finding.hint else ""
    if finding.fix:
        (edit,) = finding.fix.edits
        text += f" | {'safe fix' if finding.fix.safe else 'fix'}: {edit.text}"
    return text
