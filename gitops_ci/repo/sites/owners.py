"""Whose a site is: its environment and its app."""

from __future__ import annotations

from collections import defaultdict

from msgspec.structs import replace

from gitops_ci.repo import environment_names as names
from gitops_ci.repo.environments import Environments
from gitops_ci.repo.inventory import Inventory
from gitops_ci.repo.paths import parent, parents
from gitops_ci.repo.sites.model import Site

_DEPLOYERS = frozenset({"Application", "HelmRelease"})


class Owners:
    """Answers by what the site says itself, by its path, and by what deploys that path."""

    def __init__(self, inventory: Inventory, environments: Environments) -> None:
        self._environments = environments
        self._deployed: dict[str, set[str]] = defaultdict(set)
        self._paths: dict[str, tuple[str, str]] = {}
        for deployment in inventory.deployments:
            environment = environments.of_deployer(
                deployment.deployer, deployment.directory or deployment.deployer.path
            )
            if deployment.directory:
                self._deployed[deployment.directory].add(environment)
            for path, _, _ in deployment.values:
                self._deployed[path].add(environment)

    def owned(self, site: Site) -> Site:
        """The site with its environment and app filled in."""
        if site.path not in self._paths:
            self._paths[site.path] = (self._environment(site.path), self._app(site.path))
        environment, app = self._paths[site.path]
        own = self._told(site.environment) or environment
        if not site.app and site.object and site.object.kind in _DEPLOYERS:
            app = app or site.object.name
        return replace(site, environment=own, app=site.app or app)

    def _told(self, word: str) -> str:
        """The environment that a word in the file means."""
        if not word:
            return ""
        for spelling in (word.lower(), names.word(word).lower()):
            for name in self._environments.names:
                if spelling and (spelling == name.lower() or spelling in names.synonym(name)):
                    return name
        return ""

    def _environment(self, path: str) -> str:
        by_path = self._environments.of(path)
        if by_path:
            return by_path
        for place in (path, *parents(path)):
            found = self._deployed.get(place)
            if found:
                return next(iter(found)) if len(found) == 1 else ""
        return ""

    def _app(self, path: str) -> str:
        return self._environments.app_of(path if self._is_place(path) else parent(path))

    def _is_place(self, path: str) -> bool:
        """Whether the whole path, and not its directory, is what a layout places."""
        return not parent(path)
