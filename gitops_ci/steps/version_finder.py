"""The newest version of an image that its registry offers under a policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from gitops_ci.clients.registry import Registry
from gitops_ci.clients.registry_auth import credentials_for
from gitops_ci.model.ports import Clock, Progress
from gitops_ci.promote.versions.policy import Order, PolicyError, VersionPolicy, ranked

_MOST_BUILDS = 200


class VersionFinder:
    """Finds versions in registries; each list of tags is asked for once. Methods raise
    EndpointError when a registry does not answer, and PolicyError."""

    def __init__(self, clock: Clock, progress: Progress, environ: Mapping[str, str]) -> None:
        self._clock, self._progress, self._environ = clock, progress, environ
        self._registries: dict[str, Registry] = {}
        self._tags: dict[str, tuple[str, ...]] = {}

    def newest(self, repository: str, current: str, policy: VersionPolicy) -> str:
        """The newest tag that fits; empty when nothing is newer than `current`."""
        registry, path = self._at(repository)
        if repository not in self._tags:
            self._progress.step(f"asking for {repository}", 0, 0)
            self._tags[repository] = registry.tags(path)
        tags = ranked(policy, current, self._tags[repository])
        if policy.order is Order.NEWEST_BUILD:
            return self._newest_build(repository, current, tags, policy)
        return next((tag for tag in tags if self._is_old_enough(repository, tag, policy)), "")

    def digest(self, repository: str, tag: str) -> str:
        """The digest of the tag: that of the index when the image has several platforms."""
        registry, path = self._at(repository)
        return registry.manifest(path, tag).digest

    def _newest_build(
        self, repository: str, current: str, tags: tuple[str, ...], policy: VersionPolicy
    ) -> str:
        if len(tags) > _MOST_BUILDS:
            raise PolicyError(f"more than {_MOST_BUILDS} tags match; narrow the pattern")
        registry, path = self._at(repository)
        times = {tag: when for tag in tags if (when := registry.created(path, tag))}
        young = self._clock.now() - timedelta(seconds=policy.minimum_age)
        old = [tag for tag, when in times.items() if when <= young]
        newest = max(old, key=lambda tag: (times[tag], tag), default="")
        is_newer = newest and (current not in times or times[newest] > times[current])
        return newest if is_newer else ""

    def _is_old_enough(self, repository: str, tag: str, policy: VersionPolicy) -> bool:
        if not policy.minimum_age:
            return True
        registry, path = self._at(repository)
        when = registry.created(path, tag)
        age = timedelta(seconds=policy.minimum_age)
        return when is not None and self._clock.now() - when >= age

    def _at(self, repository: str) -> tuple[Registry, str]:
        host, _, path = repository.partition("/")
        if host not in self._registries:
            self._registries[host] = Registry(host, credentials_for(host, self._environ))
        return self._registries[host], path
