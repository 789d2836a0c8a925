"""Which engine builds a kustomization: the native one, the reference binary, or both."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.model.finding import Finding, found
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location
from gitops_ci.render import rules
from gitops_ci.render.kustomize.failure import BuildError, SkipError, UnsupportedError
from gitops_ci.render.layer import Layer, LayerBuilder
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.result import Result, failed
from gitops_ci.repo.names import KUSTOMIZATION_NAMES, is_kustomization
from gitops_ci.repo.paths import parent

_SHOWN = 5


Build = Callable[[str], Result]
"""Builds the kustomization of a directory, faults included."""


class ChosenEngine(Struct, frozen=True):
    """Builds by the option `--engine`: `auto` takes the native way and asks the binary about what
    that does not support; `both` compares them."""

    choice: str
    native: Build
    binary: Build
    has_binary: Callable[[], bool]

    def build(self, directory: str) -> Result:
        """What the chosen engine gives for the directory."""
        return self.choose(self.native, self.binary, directory)

    def layers(self, native: LayerBuilder, binary: LayerBuilder) -> LayerBuilder:
        """A LayerBuilder that chooses between two others as this engine does."""

        def build(layer: Layer) -> Result:
            return self.choose(lambda _: native(layer), lambda _: binary(layer), layer.directory)

        return build

    def choose(self, native: Build, binary: Build, directory: str) -> Result:
        """The result of one of two ways to build `directory`, as the option says."""
        if self.choice == "kustomize":
            return binary(directory)
        try:
            own = native(directory)
        except UnsupportedError as error:
            return self._without_native(error, binary, directory)
        except BuildError as error:
            own = failed(error.finding)
        except SkipError as error:
            own = Result(skipped=(error.skip,))
        if self.choice != "both" or not self.has_binary():
            return own
        return _compared(own, binary(directory), directory)

    def _without_native(self, error: UnsupportedError, binary: Build, directory: str) -> Result:
        if self.choice != "native" and self.has_binary():
            return _placed(binary(directory), error.location)
        reason = "plugin" if "plugin" in error.feature else "unrenderable"
        place = f"{error.location.path}:{error.location.line}"
        detail = f"{error.message} ({place}): only the kustomize binary can build this"
        return Result(skipped=(Skip(directory or ".", reason, detail),))


def _placed(result: Result, asked: Location) -> Result:
    """The binary's result. Where it names a file and no line, and the native engine gave up in
    that file, the fault is taken to be what it gave up on."""
    return replace(
        result,
        findings=tuple(
            replace(finding, location=asked)
            if finding.location.span is None and finding.location.path == asked.path
            else finding
            for finding in result.findings
        ),
    )


def _compared(own: Result, reference: Result, directory: str) -> Result:
    """The native result where both say the same, else the reference's with a finding about it."""
    if reference.skipped and not reference.objects:
        return own
    differences = list(_differences(own.objects, reference.objects))
    if own.failed != reference.failed:
        one, other = "the native engine", "the reference"
        refuses, builds = (one, other) if own.failed else (other, one)
        differences = [f"{refuses} refuses to build what {builds} builds"]
    if not differences:
        return own
    more = f" and {len(differences) - _SHOWN} more" if len(differences) > _SHOWN else ""
    message = f"the engines differ: {'; '.join(differences[:_SHOWN])}{more}"
    location = _location(own.used | reference.used, directory)
    finding: Finding = found(rules.ENGINE_DIFFERENCE, message, location, key=directory)
    return replace(reference, findings=(*reference.findings, finding))


def _location(used: frozenset[str], directory: str) -> Location:
    """The kustomization file of the directory."""
    usual = f"{directory}/{KUSTOMIZATION_NAMES[0]}".lstrip("/")
    named = [path for path in used if parent(path) == directory and is_kustomization(path)]
    return Location(min(named, default=usual))


def _differences(
    own: tuple[RenderedObject, ...], reference: tuple[RenderedObject, ...]
) -> Iterator[str]:
    """What a person would say about two lists of objects that ought to be equal, in order."""
    if len(own) != len(reference):
        yield f"{len(own)} objects natively, {len(reference)} by the reference"
    for mine, other in zip(own, reference, strict=False):
        if mine.ref != other.ref:
            yield f"{mine.ref} stands where the reference has {other.ref}"
        elif not _same(mine.value, other.value):
            yield f"{mine.ref} has other content"


def _same(mine: object, other: object) -> bool:
    """Equality that tells True from 1, as YAML does."""
    if isinstance(mine, dict) and isinstance(other, dict):
        return mine.keys() == other.keys() and all(_same(v, other[k]) for k, v in mine.items())
    if isinstance(mine, list) and isinstance(other, list):
        return len(mine) == len(other) and all(map(_same, mine, other))
    return isinstance(mine, bool) == isinstance(other, bool) and mine == other
