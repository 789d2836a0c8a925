"""All objects of a repository, for rules that compare environments or follow deployers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from gitops_ci.policy.kinds import Kinds
from gitops_ci.policy.settings import Settings
from gitops_ci.policy.subject import Subject
from gitops_ci.render.objects import Root


class Places(Protocol):
    """What is known about the environments of the repository."""

    def is_protected(self, name: str) -> bool:
        """Whether mistakes weigh more in the environment."""
        ...

    def of(self, path: str) -> str:
        """The environment of a file or directory; empty when it belongs to none or to all."""
        ...

    def by_name(self, text: str) -> str:
        """The environment that the name of a cluster or project speaks of."""
        ...

    @property
    def are_declared(self) -> bool:
        """Whether the configuration names the environments, so that nothing is inferred."""
        ...


class Estate:
    """Everything that was rendered: each root with its objects. `earlier` holds, for an
    environment, those that its versions come from; `own_url` is the address of this repository, if
    it is known."""

    def __init__(
        self,
        applied: list[tuple[Root, list[Subject]]],
        places: Places,
        settings: Settings,
        unseen: Kinds = frozenset(),
    ) -> None:
        self.places = places
        self.earlier = settings.earlier
        self.own_url = settings.own_url
        self._unseen = unseen
        self._of: dict[str, list[Subject]] = {}
        self._deployed: dict[str, list[tuple[Root, list[Subject]]]] = {}
        for root, subjects in applied:
            path, mark, name = root.deployer.partition("#")
            if mark:
                self._deployed.setdefault(name, []).append((root, subjects))
                self._deployed.setdefault(path, []).append((root, subjects))
            for subject in subjects:
                self._of.setdefault(subject.environment, []).append(subject)

    def of(self, environment: str, kinds: Kinds) -> Iterator[Subject]:
        """The objects of the kinds in an environment."""
        return (item for item in self._of.get(environment, ()) if item.kind in kinds)

    def every(self, kinds: Kinds) -> Iterator[Subject]:
        """The objects of the kinds in all environments."""
        for environment in sorted(self._of):
            yield from self.of(environment, kinds)

    def applied_by(self, deployer: Subject) -> list[tuple[Root, list[Subject]]]:
        """The roots that an Argo CD Application or ApplicationSet, or a Flux Kustomization or
        HelmRelease renders, with their objects."""
        ref = deployer.ref
        path = deployer.rendered.origin.trace(()).location.path
        if ref.kind == "ApplicationSet":
            return self._deployed.get(path, [])
        place = f"{ref.namespace}/" if ref.namespace else ""
        name = f"{ref.kind}/{place}{ref.name}"
        found = self._deployed.get(name, [])
        return [item for item in found if item[0].deployer == f"{path}#{name}"] or found

    def is_protected(self, deployer: Subject) -> bool:
        """Whether any environment that the object deploys to is protected. What Flux applies
        belongs to the environment in which its object stands; Argo CD's may stand anywhere."""
        if deployer.environment and deployer.kind[0] != "argoproj.io":
            return deployer.protected
        roots = [root for root, _ in self.applied_by(deployer)]
        if not any(root.environment for root in roots):
            return deployer.protected
        return any(self.places.is_protected(root.environment) for root in roots)

    def sees_all(self, kinds: Kinds) -> bool:
        """Whether every object of the kinds that the repository holds was looked at."""
        return kinds.isdisjoint(self._unseen)
