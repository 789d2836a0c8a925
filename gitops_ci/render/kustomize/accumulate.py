"""Building one kustomization after its parts: resources, generators, components, transformers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from gitops_ci.model.finding import Finding, Related, found
from gitops_ci.model.skip import Skip
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError
from gitops_ci.render.kustomize.field_specs import EMPTY, Config
from gitops_ci.render.kustomize.ids import Id
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.transform.variables import Variable, merge_variables


class Accumulator(Struct):
    """What a kustomization has gathered so far."""

    resources: list[Resource] = field(default_factory=list)
    config: Config = EMPTY
    variables: dict[str, Variable] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
    directories: set[str] = field(default_factory=set)

    def append(self, resources: Iterable[Resource], spot: Spot) -> None:
        """Add resources. Raises BuildError when one of them is already there."""
        ids = {resource.id for resource in self.resources}
        for resource in resources:
            if resource.id in ids:
                raise BuildError(duplicate(self.resources, resource, spot))
            ids.add(resource.id)
            self.resources.append(resource)

    def absorb(self, other: Accumulator | Frozen, spot: Spot) -> None:
        """Take over all of a base."""
        resources: Sequence[Resource] = other.resources
        if isinstance(other, Frozen):
            resources = [resource.copy() for resource in resources]
        self.append(resources, spot)
        self.config = self.config.merge(other.config)
        self.variables = merge_variables(self.variables, tuple(other.variables.values()))
        self.findings.extend(other.findings)
        self.skipped.extend(other.skipped)
        self.directories.update(other.directories)


class Frozen(Struct, frozen=True):
    """A finished base: shared by the overlays over it, so nobody changes it."""

    resources: tuple[Resource, ...]
    config: Config
    variables: Mapping[str, Variable]
    findings: tuple[Finding, ...]
    skipped: tuple[Skip, ...]
    directories: frozenset[str]
    used: frozenset[str]


def freeze(accumulator: Accumulator, used: Iterable[str]) -> Frozen:
    """The finished result."""
    return Frozen(
        tuple(accumulator.resources),
        accumulator.config,
        accumulator.variables,
        tuple(accumulator.findings),
        tuple(accumulator.skipped),
        frozenset(accumulator.directories),
        frozenset(used),
    )


def duplicate(resources: Sequence[Resource], twin: Resource, spot: Spot) -> Finding:
    """The finding for a resource whose identity one of the resources has already."""
    identity: Id = twin.id
    first = next(resource for resource in resources if resource.id == identity)
    message = f"{identity} is already part of this build"
    earlier = first.source.hit(("metadata", "name"), key=False).spot.location
    later = twin.source.hit(("metadata", "name"), key=False).spot.location
    related = (Related(earlier, "first here"), Related(later, "and again here"))
    hint = "remove one of the two, or give it another name or namespace"
    return found(rules.DUPLICATE_ID, message, spot.location, related=related, hint=hint)
