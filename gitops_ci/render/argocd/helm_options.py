"""`source.helm`: the values and settings with which Argo CD renders a chart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gitops_ci.documents.read import read
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.render import rules
from gitops_ci.render.context import Context
from gitops_ci.render.helm.chart import is_chart
from gitops_ci.render.helm.outside import Outside
from gitops_ci.render.helm.release import Release
from gitops_ci.render.helm.values import Layer, file_layer, inline_layer, text_layer, word_layer
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.paths import is_own
from gitops_ci.render.result import Result, failed
from gitops_ci.render.routes import items, mapping, text
from gitops_ci.repo.paths import join
from gitops_ci.repo.tree import UnreadableError

_VARIABLE = regex(r"\$(?:\{(ARGOCD_\w+)\}|(ARGOCD_\w+))")


class _MissingError(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class HelmSource(Struct, frozen=True):
    """The `helm` block of the source at `route` of an Application; `outside` is its chart when that
    was fetched."""

    item: RenderedObject
    options: dict[str, Any]
    route: Route
    refs: dict[str, str]
    outside: Outside | None = None

    def render(self, directory: str, context: Context) -> Result:
        """What the chart in `directory` gives."""
        if self.outside is None and not is_chart(context.files, directory):
            place = self.item.origin.trace((*self.route, "path")).location
            message = f"there is no Chart.yaml in '{directory or '.'}', but 'helm' is configured"
            return failed(found(rules.ARGOCD_SOURCE, message, place, object=self.item.ref))
        try:
            layers, complete = self._layers(directory, context)
        except _MissingError as error:
            return failed(error.finding)
        namespace = text(self.options, "namespace") or text(
            self.item.value, "spec", "destination", "namespace"
        )
        release = Release(
            directory,
            text(self.options, "releaseName") or self.item.ref.name,
            namespace or "default",
            layers,
            include_crds=self.options.get("skipCrds") is not True,
            api_versions=tuple(map(str, items(self.options, "apiVersions"))),
            deployed=complete,
            outside=self.outside,
        )
        return context.helm.render(release)

    def _layers(self, directory: str, context: Context) -> tuple[tuple[Layer, ...], bool]:
        """The values in order, and whether all of them could be seen."""
        layers: list[Layer] = []
        complete = True
        for index, words in enumerate(items(self.options, "valueFiles")):
            route: Route = (*self.route, "helm", "valueFiles", index)
            path = self._value_file(str(words), directory, context)
            if path is None:
                complete = False
                continue
            inner = self.outside is not None and not str(words).startswith("$")
            layers += self._file(path, route, context, inner=inner)
        layers += self._inline()
        layers += self._parameters()
        layers += self._file_parameters(directory, context)
        return tuple(layers), complete

    def _value_file(self, words: str, directory: str, context: Context) -> str | None:
        """The path of a value file in this repository; None if it lies elsewhere."""
        words = self._filled(words, directory)
        if "://" in words:
            return None
        if not words.startswith("$"):
            return join("" if words.startswith("/") else directory, words.lstrip("/"))
        name, _, rest = words[1:].partition("/")
        address = self.refs.get(name)
        path = join("", rest)
        if address is None or path is None:
            return None
        known_here = context.files.tree.resolve(path) is not None
        return path if is_own(address, context.options.remotes, known_here) else None

    def _file(self, path: str, route: Route, context: Context, *, inner: bool) -> Iterator[Layer]:
        """The values file, which lies inside a fetched chart if `inner`."""
        try:
            if self.outside is not None and inner:
                yield self.outside.layer(file_layer(self.outside.files, path))
            else:
                yield file_layer(context.files, path)
        except UnreadableError as error:
            if self.options.get("ignoreMissingValueFiles") is not True:
                place = self.item.origin.trace(route).location
                message = f"the values file '{path}' cannot be read: {error}"
                finding = found(rules.HELM_MISSING_VALUES, message, place, object=self.item.ref)
                raise _MissingError(finding) from error

    def _inline(self) -> Iterator[Layer]:
        """`valuesObject`, or else the text `values`."""
        values = mapping(self.options, "valuesObject")
        if values:
            data = json.dumps(values, ensure_ascii=False).encode()
            route = (*self.route, "helm", "valuesObject")
            yield inline_layer(values, data, self.item.origin, route)
            return
        words = text(self.options, "values")
        document = next(iter(read("values.yaml", words.encode()).documents), None)
        if document is not None:
            value = document.value if isinstance(document.value, dict) else {}
            route = (*self.route, "helm", "values")
            yield text_layer(value, words.encode(), self.item.origin, route)

    def _parameters(self) -> Iterator[Layer]:
        for index, item in enumerate(items(self.options, "parameters")):
            name = text(item, "name")
            value = self._filled(str(mapping(item).get("value", "")), "")
            if name:
                flag = "--set-string" if mapping(item).get("forceString") is True else "--set"
                route: Route = (*self.route, "helm", "parameters", index, "value")
                words = (flag, f"{name}={_escaped(value)}")
                yield word_layer(name, value, words, self.item.origin, route)

    def _file_parameters(self, directory: str, context: Context) -> Iterator[Layer]:
        for index, item in enumerate(items(self.options, "fileParameters")):
            name, path = text(item, "name"), join(directory, text(item, "path"))
            if not name or path is None:
                continue
            try:
                files = self.outside.files if self.outside else context.files
                value = files.tree.read(path).decode("utf-8", "replace")
            except UnreadableError:
                continue
            route: Route = (*self.route, "helm", "fileParameters", index, "path")
            words = ("--set-string", f"{name}={_escaped(value)}")
            yield word_layer(name, value, words, self.item.origin, route)

    def _filled(self, words: str, directory: str) -> str:
        """`words` with the build environment of Argo CD filled in."""
        spec = mapping(self.item.value, "spec")
        known = {
            "ARGOCD_APP_NAME": self.item.ref.name,
            "ARGOCD_APP_NAMESPACE": text(spec, "destination", "namespace"),
            "ARGOCD_APP_PROJECT_NAME": text(spec, "project"),
            "ARGOCD_APP_SOURCE_PATH": directory,
        }
        return _VARIABLE.sub(lambda match: known.get(match[1] or match[2], match[0]), words)


def _escaped(value: str) -> str:
    """A value for `--set`, in which a comma would begin the next assignment. Argo CD escapes it
    too, unless it stands inside braces."""
    return value if value.startswith("{") else re.sub(r"(?<!\\),", r"\\,", value)
