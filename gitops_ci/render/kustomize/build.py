"""One build: the recursion over bases and components, and what is done once at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches

from msgspec import Struct

from gitops_ci.documents.document import SourceFile
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.accumulate import Accumulator, Frozen, freeze
from gitops_ci.render.kustomize.configurations import load_configurations, load_crds
from gitops_ci.render.kustomize.external import Externals
from gitops_ci.render.kustomize.failure import BuildError, SkipError, UnsupportedError
from gitops_ci.render.kustomize.field_specs import ConflictError, defaults
from gitops_ci.render.kustomize.generators import Generator, absorb, merge_options
from gitops_ci.render.kustomize.inline import InlineTexts
from gitops_ci.render.kustomize.kustomization import Kustomization, read_kustomization
from gitops_ci.render.kustomize.loader import NAMES, Loader, is_inside, is_remote, join
from gitops_ci.render.kustomize.manifests import resources_of
from gitops_ci.render.kustomize.model import ChartRequest, KustomizeOptions, PortError
from gitops_ci.render.kustomize.openapi import load_schemas
from gitops_ci.render.kustomize.patch_reader import PatchReader
from gitops_ci.render.kustomize.plan import transformers
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.trace import ForeignSource
from gitops_ci.render.kustomize.transform.merge import Merger
from gitops_ci.render.kustomize.transform.variables import (
    bind,
    merge_variables,
    variable_of,
)
from gitops_ci.repo.tree import UnreadableError


class Shared(Struct):
    """What all builds of one engine share: parsed texts, merge results, finished bases."""

    options: KustomizeOptions
    inline: InlineTexts
    bases: dict[tuple[int, str, bool], Frozen]


class Builder:
    """Builds kustomizations with one loader setting. `stack` holds the directories that are being
    built, from the root down."""

    def __init__(self, shared: Shared, merger: Merger) -> None:
        self._shared = shared
        self._merger = merger
        self._stack: list[str] = []
        self._own_schema = False

    def use_schema(self, kustomization: Kustomization, loader: Loader) -> None:
        """Let the `openapi` of the root replace the built-in schema. Bases are then built apart,
        because their patches merge differently."""
        schemas = load_schemas(kustomization, loader)
        self._own_schema = "openapi" in kustomization.fields
        if schemas is not None:
            self._merger = Merger(schemas)
            self._shared = Shared(self._shared.options, self._shared.inline, {})

    def base(self, loader: Loader, spot: Spot | None) -> Frozen:
        """The finished result for the directory of `loader`, built once per engine."""
        key = (id(loader.files), loader.root, loader.restricted)
        known = self._shared.bases.get(key)
        if known is None:
            own = loader.at(loader.root, set())
            kustomization = self.kustomization(own, spot)
            if kustomization.is_component:
                message = f"'{loader.root}' is a Component: list it under components"
                where = spot.location if spot else kustomization.top.location
                raise BuildError(found(rules.INVALID_FIELD, message, where))
            known = freeze(self.accumulate(kustomization, own, Accumulator()), own.used)
            self._shared.bases[key] = known
        else:
            self._refuse_cycle(known.directories, spot)
        loader.used.update(known.used)
        return known

    def _refuse_cycle(self, directories: Sequence[str] | frozenset[str], spot: Spot | None) -> None:
        for directory in directories:
            for above in self._stack:
                if is_inside(above, directory):
                    assert spot is not None
                    shown = directory or "."
                    message = f"'{shown}' contains '{above or '.'}', which includes it: a cycle"
                    raise BuildError(found(rules.CYCLE, message, spot.location))

    def kustomization(self, loader: Loader, spot: Spot | None) -> Kustomization:
        """The kustomization in the loader's directory."""
        names = loader.kustomization_files()
        if len(names) == 1:
            loader.used.add(names[0])
            result = read_kustomization(_readable(loader, names[0], spot), loader.root)
            if "openapi" in result.fields and self._stack and not self._own_schema:
                location = result.location("openapi")
                message = "a schema in a base is global for the reference"
                raise UnsupportedError("openapi", location, message)
            return result
        where = spot.location if spot else Location(loader.root)
        if names:
            message = f"'{loader.root or '.'}' has several kustomization files"
        else:
            message = f"'{loader.root or '.'}' has no kustomization file"
        hint = f"a base holds exactly one of {', '.join(NAMES)}"
        raise BuildError(found(rules.NO_KUSTOMIZATION, message, where, hint=hint))

    def accumulate(
        self, kustomization: Kustomization, loader: Loader, into: Accumulator
    ) -> Accumulator:
        """`into` with everything that the kustomization adds and changes."""
        self._stack.append(loader.root)
        try:
            into.directories.add(loader.root)
            for field in ("resources", "bases"):
                for index, path in enumerate(kustomization.get(field)):
                    self.resource(path, kustomization.spot(field, index), loader, into)
            self._configure(kustomization, loader, into)
            self._generate(kustomization, loader, into)
            for index, path in enumerate(kustomization.get("components")):
                into = self._component(path, kustomization.spot("components", index), loader, into)
            self._transform(kustomization, loader, into)
            spots = [kustomization.spot("vars", i) for i in range(len(kustomization.get("vars")))]
            entries = zip(kustomization.get("vars"), spots, strict=True)
            variables = [variable_of(entry, spot) for entry, spot in entries]
            bind(variables, into.resources)
            into.variables = merge_variables(into.variables, variables)
            return into
        finally:
            self._stack.pop()

    def layer(
        self,
        kustomization: Kustomization,
        loader: Loader,
        manifests: Callable[[Loader], list[str]],
    ) -> Accumulator:
        """What an in-memory kustomization makes of the loader's directory; without a kustomization
        file there, of the files that `manifests` lists."""
        into = Accumulator()
        if loader.kustomization_files():
            into.absorb(self.base(loader, None), kustomization.top)
        else:
            for path in manifests(loader):
                self.resource(path, kustomization.top, loader, into)
        return self.accumulate(kustomization, loader, into)

    def resource(self, path: str, spot: Spot, loader: Loader, into: Accumulator) -> None:
        """Add what one entry of resources names: a file, a directory, or something remote."""
        real = loader.resolve(path)
        if real is not None and not loader.is_directory(real):
            into.append(resources_of(loader.source(path, spot)), spot)
            return
        if is_remote(path):
            self._remote(path, spot, loader, into)
            return
        if real is None:
            raise BuildError(_missing(path, spot, loader))
        self._refuse_cycle((real,), spot)
        into.absorb(self.base(loader.at(real), spot), spot)

    def _remote(self, url: str, spot: Spot, loader: Loader, into: Accumulator) -> None:
        """Add a remote base or file; nothing in it may lead out of what was fetched."""
        files, path = loader.fetch(url, spot)
        own = Loader(files, "", restricted=True, used=set(), remote=loader.remote)
        stack, self._stack = self._stack, []
        try:
            self.resource(path or ".", spot, own, into)
        finally:
            self._stack = stack

    def _component(self, path: str, spot: Spot, loader: Loader, into: Accumulator) -> Accumulator:
        """Run a component over what has been gathered; unlike a base it sees all of that."""
        if is_remote(path):
            raise SkipError(Skip(spot.source.path, "remote-base", path))
        real = loader.resolve(path)
        if real is None or not loader.is_directory(real):
            raise BuildError(_missing(path, spot, loader))
        self._refuse_cycle((real,), spot)
        own = loader.at(real)
        kustomization = self.kustomization(own, spot)
        if not kustomization.is_component:
            message = f"'{path}' is no Component: list it under resources"
            raise BuildError(found(rules.INVALID_FIELD, message, spot.location))
        result = self.accumulate(kustomization, own, into)
        fresh = Accumulator()
        fresh.append(result.resources, spot)
        fresh.config, fresh.variables = result.config, result.variables
        fresh.findings, fresh.skipped = result.findings, result.skipped
        fresh.directories = result.directories
        return fresh

    def _configure(self, kustomization: Kustomization, loader: Loader, into: Accumulator) -> None:
        spot = kustomization.spot("configurations")
        try:
            into.config = into.config.merge(defaults())
            into.config = into.config.merge(load_configurations(kustomization, loader))
            spot = kustomization.spot("crds")
            into.config = into.config.merge(load_crds(kustomization, loader))
        except ConflictError as error:
            raise BuildError(found(rules.INVALID_FIELD, str(error), spot.location)) from error

    def _generate(self, kustomization: Kustomization, loader: Loader, into: Accumulator) -> None:
        common = kustomization.fields.get("generatorOptions") or {}
        shared = kustomization.spot("generatorOptions") if common else None
        for field, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
            for index, entry in enumerate(kustomization.get(field)):
                spot = kustomization.spot(field, index)
                options = merge_options(entry.get("options"), common)
                generator = Generator(kind, entry, options, spot, loader, shared)
                absorb(into.resources, generator.generate(), spot)
        self._charts(kustomization, into)
        self._externals(kustomization, loader).generate(into)

    def _charts(self, kustomization: Kustomization, into: Accumulator) -> None:
        charts = kustomization.get("helmCharts")
        if kustomization.get("helmChartInflationGenerator"):
            location = kustomization.location("helmChartInflationGenerator")
            raise UnsupportedError(
                "helmCharts", location, "helmChartInflationGenerator is deprecated"
            )
        for index, chart in enumerate(charts):
            spot = kustomization.spot("helmCharts", index)
            port = self._shared.options.helm
            if port is None:
                raise UnsupportedError("helmCharts", spot.location, "charts need helm")
            options = kustomization.fields.get("helmGlobals") or {}
            request = ChartRequest(kustomization.directory, chart, options, spot.location)
            try:
                rendered = port.render(request)
            except PortError as error:
                raise BuildError(found(rules.CHART, str(error), spot.location)) from error
            for item in rendered:
                resource = Resource(item.value, ForeignSource(item.origin))
                absorb(into.resources, resource, spot)

    def _externals(self, kustomization: Kustomization, loader: Loader) -> Externals:
        reader = PatchReader(loader, self._shared.inline, self._merger)
        return Externals(kustomization, loader, reader, self._shared.inline, self)

    def _transform(self, kustomization: Kustomization, loader: Loader, into: Accumulator) -> None:
        reader = PatchReader(loader, self._shared.inline, self._merger)
        for transformer in transformers(kustomization, into.config, reader):
            into.findings.extend(transformer.apply(into.resources) or ())
        self._externals(kustomization, loader).transform(into)


def _readable(loader: Loader, path: str, spot: Spot | None) -> SourceFile:
    """The parsed kustomization file. Raises BuildError when it cannot be read."""
    try:
        return loader.files.source(path)
    except UnreadableError as error:
        where = spot.location if spot else Location(path)
        message = f"'{path}' cannot be read: {error}"
        raise BuildError(found(rules.MISSING_RESOURCE, message, where)) from error


def _missing(path: str, spot: Spot, loader: Loader) -> Finding:
    if join(loader.root, path) is None:
        message = f"'{path}' leads out of the repository"
        hint = "what lies outside cannot be checked; copy it in, or refer to it by URL"
    else:
        message = f"'{path}' does not exist"
        hint = _similar(path, loader)
    return found(rules.MISSING_RESOURCE, message, spot.location, hint=hint)


def _similar(path: str, loader: Loader) -> str:
    """A hint that names an entry of the same directory that is almost called so."""
    joined = join(loader.root, path) or ""
    directory, _, name = joined.rpartition("/")
    prefix = directory + "/" if directory else ""
    names = {
        entry.path[len(prefix) :].partition("/")[0]
        for entry in loader.files.tree.entries()
        if entry.path.startswith(prefix)
    }
    close = get_close_matches(name, names, n=1)
    return f"did you mean '{close[0]}'?" if close else ""
