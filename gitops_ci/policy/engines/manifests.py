"""Policies that are Kubernetes objects: where one stands, and where a line of its code does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.documents.manifests import Manifest, manifests_of, ref_of
from gitops_ci.documents.nested import outer_span
from gitops_ci.documents.read import read
from gitops_ci.documents.text import Lines
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.policy.broken import BrokenPolicyError, PolicyFault
from gitops_ci.repo.names import is_json, is_yaml


class PolicyObject(Struct, frozen=True):
    """An object of a policy file."""

    source: SourceFile
    manifest: Manifest

    @property
    def value(self) -> dict[str, Any]:
        """The object."""
        return self.manifest.value

    @property
    def group(self) -> str:
        """The API group that it states."""
        return ref_of(self.value).group

    @property
    def name(self) -> str:
        """The name that it states."""
        return ref_of(self.value).name

    def line(self, route: Route = ()) -> int:
        """The line of the value at `route`, of its nearest parent that there is, or of its name."""
        way = (*self.manifest.route, *(route or ("metadata", "name")))
        return locate(self.source, self.manifest.document, way).location.line

    def line_in(self, route: Route, line: int) -> int:
        """The line of the file on which line `line` of the text at `route` stands."""
        text: Any = self.value
        for step in route:
            text = text[step]
        lines = Lines(text)
        place = lines.offset(line, 1)
        inner = lines.span(place, place)
        way = (*self.manifest.route, *route)
        outer = outer_span(self.source, self.manifest.document, way, inner)
        return outer.line if outer else self.line(route)

    def fault(self, message: str, line: int) -> PolicyFault:
        """A fault of the policy on a line of its file."""
        return PolicyFault(self.source.path, line, message)


def policies_in(files: Mapping[str, bytes]) -> tuple[PolicyObject, ...]:
    """The objects of the YAML and JSON files. Raises BrokenPolicyError for a file that is
    neither."""
    sources = [
        read(path, data) for path, data in sorted(files.items()) if is_yaml(path) or is_json(path)
    ]
    faults = [
        PolicyFault(source.path, problem.location.line, problem.message)
        for source in sources
        for problem in source.problems
        if problem.severity is Severity.ERROR
    ]
    if faults:
        raise BrokenPolicyError(faults)
    return tuple(_objects(sources))


def _objects(sources: list[SourceFile]) -> Iterator[PolicyObject]:
    for source in sources:
        for manifest in manifests_of(source):
            yield PolicyObject(source, manifest)
