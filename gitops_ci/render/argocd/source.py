"""One source of an Application: what kind it is, and what it gives.

Fields: the Application specification of Argo CD; the kind is found as its repo server finds it:
an explicit block wins, then Chart.yaml, then a kustomization, else a directory of manifests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gitops_ci.model.finding import found
from gitops_ci.model.span import Route
from gitops_ci.render import rules
from gitops_ci.render.argocd.globs import matches
from gitops_ci.render.argocd.helm_options import HelmSource
from gitops_ci.render.argocd.kustomize_options import kustomize_fields
from gitops_ci.render.context import Context, name_of
from gitops_ci.render.helm.chart import is_chart, top_of
from gitops_ci.render.layer import Layer
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.paths import is_file, kustomization_in
from gitops_ci.render.plain import files_in, render_files
from gitops_ci.render.result import Result, failed, left_out
from gitops_ci.render.routes import mapping, text

_BLOCKS = ("helm", "kustomize", "directory", "plugin")
_SKIP_MARK = b"# +argocd:skip-file-rendering"


class AppSource(Struct, frozen=True):
    """The source that stands at `route` of the Application `item`; `refs` are the addresses of the
    sources that value files may refer to."""

    item: RenderedObject
    value: dict[str, Any]
    route: Route
    refs: dict[str, str]

    def render(self, directory: str, context: Context) -> Result:
        """What the source gives for `directory`, which is its path in this repository."""
        value = _overridden(self.value, directory, self.item.ref.name, context)
        explicit = [block for block in _BLOCKS if isinstance(value.get(block), dict)]
        if len(explicit) > 1:
            place = self.item.origin.trace((*self.route, explicit[1]), key=True).location
            message = f"a source has one kind, but '{explicit[0]}' and '{explicit[1]}' are given"
            return failed(found(rules.ARGOCD_SOURCE, message, place, object=self.item.ref))
        kind = explicit[0] if explicit else _discovered(directory, context)
        if kind == "plugin":
            name = text(value, "plugin", "name")
            detail = f"a config management plugin{f' ({name})' if name else ''} renders it"
            return left_out(name_of(self.item), "plugin", detail)
        if kind == "helm":
            options = mapping(value, "helm")
            return HelmSource(self.item, options, self.route, self.refs).render(directory, context)
        if kind == "kustomize":
            return self._kustomize(mapping(value, "kustomize"), directory, context)
        return _directory(mapping(value, "directory"), directory, context)

    def _kustomize(self, options: dict[str, Any], directory: str, context: Context) -> Result:
        fields, routes = kustomize_fields(options, (*self.route, "kustomize"))
        return context.build(Layer(directory, fields, routes, self.item.origin))


def _discovered(directory: str, context: Context) -> str:
    if is_chart(context.files, directory):
        return "helm"
    return "kustomize" if kustomization_in(context.files.tree, directory) else "directory"


def _overridden(
    value: dict[str, Any], directory: str, app: str, context: Context
) -> dict[str, Any]:
    """The source with the parameters that Argo CD finds next to the manifests."""
    for name in (".argocd-source.yaml", f".argocd-source-{app}.yaml"):
        path = f"{directory}/{name}".lstrip("/")
        if is_file(context.files.tree, path):
            value = _merged(value, top_of(context.files, path))
    return value


def _merged(value: Any, patch: Any) -> Any:
    """A JSON merge patch (RFC 7386), without changing either side."""
    if not isinstance(patch, dict):
        return patch
    result = dict(value) if isinstance(value, dict) else {}
    for key, item in patch.items():
        if item is None:
            result.pop(key, None)
        else:
            result[key] = _merged(result.get(key), item)
    return result


def _directory(options: dict[str, Any], directory: str, context: Context) -> Result:
    recurse = options.get("recurse") is True
    paths = files_in(context.files.tree, directory, recurse=recurse)
    chosen = tuple(_chosen(paths, options, directory, context))
    result = render_files(context.files, chosen)
    made = next(files_in(context.files.tree, directory, recurse=recurse, endings=(".jsonnet",)), "")
    if made:
        return result.plus(left_out(made, "generator", "jsonnet is not evaluated"))
    return result


def _chosen(
    paths: Iterator[str], options: dict[str, Any], directory: str, context: Context
) -> Iterator[str]:
    include, exclude = text(options, "include"), text(options, "exclude")
    for path in paths:
        relative = path[len(directory) + 1 :] if directory else path
        if exclude and matches(exclude, relative):
            continue
        if include and not matches(include, relative):
            continue
        if not context.files.tree.read(path).lstrip().startswith(_SKIP_MARK):
            yield path
