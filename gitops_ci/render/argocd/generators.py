"""The generators of an ApplicationSet as far as the repository can answer them.

Fields and parameters: the ApplicationSet documentation of Argo CD. Parameters are kept nested; a
set without goTemplate sees them by their dotted names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, field

from gitops_ci.documents.read import read
from gitops_ci.render.argocd.clusters import known_clusters
from gitops_ci.render.argocd.selectors import is_selected
from gitops_ci.render.context import Context
from gitops_ci.render.paths import is_own
from gitops_ci.render.routes import items, mapping, text
from gitops_ci.render.templating.fasttemplate import fill, flat
from gitops_ci.render.templating.functions import normalize
from gitops_ci.render.templating.gotemplate import render

MAX_SETS = 2_000
_MAX_DEPTH = 3
_OUTSIDE = ("scmProvider", "pullRequest", "plugin", "clusterDecisionResource")
_IN_CLUSTER = "https://kubernetes.default.svc"

Parameters = dict[str, Any]


class ExternalGeneratorError(Exception):
    """What the generator asks lies outside the repository; the message says what."""


class Generated(Struct, frozen=True):
    """One set of parameters, and the generator's own template if it has one."""

    parameters: Parameters
    template: dict[str, Any] = field(default_factory=dict)


class Generators(Struct, frozen=True):
    """Evaluates generators. `go` says which template language values are written in."""

    context: Context
    go: bool
    missing_is_error: bool

    def all(self, generators: Iterable[Any], given: Parameters | None = None) -> list[Generated]:
        """The sets of every generator in order, MAX_SETS at most. Raises ExternalGeneratorError,
        TemplateError and UnknownTemplateError."""
        found: list[Generated] = []
        for generator in generators:
            found += self._sets(mapping(generator), given or {}, 0)
        return found[:MAX_SETS]

    def fill(self, value: Any, parameters: Parameters) -> Any:
        """`value` with the templates in all its texts, keys included, filled in."""
        if isinstance(value, str):
            if self.go:
                return render(value, parameters, missing_is_error=self.missing_is_error)
            return fill(value, flat(parameters)) if "{{" in value else value
        if isinstance(value, dict):
            return {
                self.fill(key, parameters): self.fill(item, parameters)
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [self.fill(item, parameters) for item in value]
        return value

    def _sets(self, generator: dict[str, Any], given: Parameters, depth: int) -> list[Generated]:
        if depth > _MAX_DEPTH:
            raise ExternalGeneratorError("generators are nested too deeply")
        if given:
            generator = self.fill(generator, given)
        name = next((key for key in generator if key not in ("selector", "template")), "")
        body = mapping(generator, name)
        selector = mapping(generator, "selector")
        template = mapping(body, "template")
        return [
            Generated(parameters, template)
            for parameters in self._parameters(name, body, given, depth)
            if is_selected(selector, flat(parameters))
        ]

    def _parameters(
        self, name: str, body: dict[str, Any], given: Parameters, depth: int
    ) -> Iterable[Parameters]:
        if name == "list":
            return self._list(body)
        if name == "git":
            return self._git(body)
        if name == "clusters":
            return self._clusters(body)
        if name == "matrix":
            return self._matrix(items(body, "generators"), given, depth)
        if name == "merge":
            return self._merge(body, given, depth)
        what = name if name in _OUTSIDE else f"unknown generator '{name}'"
        raise ExternalGeneratorError(f"the {what} generator asks a service outside the repository")

    def _list(self, body: dict[str, Any]) -> Iterator[Parameters]:
        elements = list(items(body, "elements"))
        for document in read("elements.yaml", text(body, "elementsYaml").encode()).documents:
            elements += document.value if isinstance(document.value, list) else []
        for element in elements:
            yield self._with_values(mapping(element), {})

    def _git(self, body: dict[str, Any]) -> Iterator[Parameters]:
        address = text(body, "repoURL")
        if not is_own(address, self.context.options.remotes, known_here=True):
            raise ExternalGeneratorError(f"the git generator reads {address}")
        places = self.context.places
        prefix = text(body, "pathParamPrefix")
        rules = [mapping(item) for item in items(body, "directories")]
        excluded = {
            path
            for rule in rules
            if rule.get("exclude") is True
            for path in places.directories(text(rule, "path"))
        }
        chosen = {
            path
            for rule in rules
            if rule.get("exclude") is not True
            for path in places.directories(text(rule, "path"))
            if path not in excluded and not any(part.startswith(".") for part in path.split("/"))
        }
        for path in sorted(chosen):
            yield self._with_values(self._path(path, "", prefix), body)
        seen: set[str] = set()
        for rule in (mapping(item) for item in items(body, "files")):
            for path, content in places.files(text(rule, "path")):
                directory, _, name = path.rpartition("/")
                if rule.get("exclude") is True or path in seen:
                    continue
                for element in content if isinstance(content, list) else [content]:
                    own = self._path(directory, name, prefix)
                    yield self._with_values({**mapping(element), **own}, body)

    def _path(self, directory: str, name: str, prefix: str) -> Parameters:
        """The parameters of a path: in Go templates a mapping, else also the bare text."""
        base = directory.rpartition("/")[2]
        parts: Parameters = {
            "path": directory,
            "basename": base,
            "basenameNormalized": normalize(base),
            "segments": directory.split("/"),
        }
        if name:
            parts |= {"filename": name, "filenameNormalized": normalize(name)}
        if self.go:
            return {prefix: {"path": parts}} if prefix else {"path": parts}
        start = f"{prefix}.path" if prefix else "path"
        result: Parameters = {start: directory}
        result |= {f"{start}.{key}": parts[key] for key in parts if key not in ("path", "segments")}
        return result | {f"{start}[{n}]": part for n, part in enumerate(directory.split("/"))}

    def _clusters(self, body: dict[str, Any]) -> Iterator[Parameters]:
        known = known_clusters(self.context.files, self.context.options)
        if not known:
            raise ExternalGeneratorError("the cluster generator asks Argo CD for its clusters")
        selector = mapping(body, "selector")
        for cluster in known:
            if is_selected(selector, cluster.labels):
                own = {
                    "name": cluster.name,
                    "nameNormalized": normalize(cluster.name),
                    "server": cluster.server or _IN_CLUSTER,
                    "project": cluster.project,
                    "metadata": {"labels": cluster.labels, "annotations": cluster.annotations},
                }
                yield self._with_values(own, body)

    def _with_values(self, own: Parameters, body: dict[str, Any]) -> Parameters:
        """The parameters with the generator's `values`, which may use the parameters."""
        values = mapping(body, "values")
        return {**own, "values": self.fill(values, own)} if values else own

    def _matrix(self, generators: list[Any], given: Parameters, depth: int) -> Iterator[Parameters]:
        """Every combination; a later generator may use the parameters of the earlier ones."""
        if not generators:
            yield {}
            return
        for first in self._sets(mapping(generators[0]), given, depth + 1):
            for rest in self._matrix(generators[1:], {**given, **first.parameters}, depth):
                yield _deep(first.parameters, rest)

    def _merge(self, body: dict[str, Any], given: Parameters, depth: int) -> Iterator[Parameters]:
        """The sets of the first generator, overridden by those of the others with equal keys."""
        keys = [str(key) for key in items(body, "mergeKeys")]
        sources = [
            self._sets(mapping(part), given, depth + 1) for part in items(body, "generators")
        ]
        for base in sources[0] if sources else ():
            result = base.parameters
            for other in (item for source in sources[1:] for item in source):
                known, wanted = flat(result), flat(other.parameters)
                if all(key in wanted and known.get(key) == wanted[key] for key in keys):
                    result = _deep(result, other.parameters)
            yield result


def _deep(first: Parameters, second: Parameters) -> Parameters:
    """Both mappings, the second one winning; mappings inside are joined."""
    result = dict(first)
    for key, value in second.items():
        known = result.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            result[key] = _deep(known, value)
        else:
            result[key] = value
    return result
