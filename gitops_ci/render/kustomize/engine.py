"""The native kustomize engine: `KustomizeEngine(files).build(directory)`."""

from __future__ import annotations

from gitops_ci.model.finding import Finding, found
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.accumulate import Accumulator
from gitops_ci.render.kustomize.build import Builder, Shared
from gitops_ci.render.kustomize.failure import (
    BuildError,
    RestrictedError,
    SkipError,
    UnsupportedError,
)
from gitops_ci.render.kustomize.finish import finish
from gitops_ci.render.kustomize.inline import InlineTexts
from gitops_ci.render.kustomize.kustomization import Kustomization, layer_kustomization
from gitops_ci.render.kustomize.layers import plain_directory
from gitops_ci.render.kustomize.loader import Loader
from gitops_ci.render.kustomize.merge_keys import builtin_schemas
from gitops_ci.render.kustomize.model import Built, KustomizeOptions, Layer
from gitops_ci.render.kustomize.transform.merge import Merger
from gitops_ci.repo.files import Files

__all__ = ["Built", "KustomizeEngine", "KustomizeOptions", "Layer", "UnsupportedError"]


class KustomizeEngine:
    """Builds directories of `files` as `kustomize build` does. Bases, texts and merge results are
    shared between the builds of one engine, which is for one thread."""

    def __init__(self, files: Files, options: KustomizeOptions | None = None) -> None:
        self._files = files
        self._options = options or KustomizeOptions()
        self._shared = Shared(self._options, InlineTexts(), {})
        self._merger = Merger(builtin_schemas())

    def build(self, directory: str) -> Built:
        """The objects of the kustomization in `directory` (relative to the repository, "" its
        root). Raises UnsupportedError when only the reference can tell."""
        return self._built(directory, None)

    def build_layer(self, layer: Layer) -> Built:
        """The objects of an in-memory kustomization on top of a directory. Without a kustomization
        file there, all manifests below the directory are meant, as Flux generates it."""
        return self._built(layer.directory, layer)

    def _built(self, directory: str, layer: Layer | None) -> Built:
        mode = self._options.load_restrictor
        if mode != "auto":
            return self._attempt(directory, layer, restricted=mode == "root-only")
        try:
            return self._attempt(directory, layer, restricted=True, escalate=True)
        except RestrictedError as error:
            built = self._attempt(directory, layer, restricted=False)
            if built.failed:
                return built
            note = found(
                rules.LOAD_RESTRICTOR,
                f"builds only without the load restrictor: {error.finding.message}",
                error.finding.location,
                severity=Severity.NOTE,
            )
            return Built(built.objects, (*built.findings, note), built.used, built.skipped)

    def _attempt(
        self, directory: str, layer: Layer | None, *, restricted: bool, escalate: bool = False
    ) -> Built:
        used: set[str] = set()
        real = "" if directory in ("", ".") else self._files.tree.resolve(directory)
        if real is None:
            message = f"the directory '{directory}' does not exist"
            finding = found(rules.MISSING_RESOURCE, message, Location(directory))
            return Built((), (finding,), failed=True)
        port = self._options.remote
        loader = Loader(self._files, real, restricted=restricted, used=used, remote=port)
        try:
            return self._run(loader, layer)
        except RestrictedError as error:
            if escalate:
                raise
            return Built((), (error.finding,), frozenset(used), failed=True)
        except BuildError as error:
            return Built((), (error.finding,), frozenset(used), failed=True)
        except RecursionError:
            message = "values are nested too deeply for the native engine"
            raise UnsupportedError("depth", Location(directory), message) from None
        except SkipError as error:
            return Built((), (), frozenset(used), (error.skip,))

    def _run(self, loader: Loader, layer: Layer | None) -> Built:
        builder = Builder(self._shared, self._merger)
        if layer is None:
            kustomization: Kustomization = builder.kustomization(loader, None)
            builder.use_schema(kustomization, loader)
            result = builder.accumulate(kustomization, loader, Accumulator())
        else:
            kustomization = layer_kustomization(layer)
            result = builder.layer(kustomization, loader, plain_directory)
        objects = finish(result, kustomization)
        findings: list[Finding] = result.findings
        skipped: list[Skip] = result.skipped
        return Built(objects, tuple(findings), frozenset(loader.used), tuple(skipped))
