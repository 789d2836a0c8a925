"""What moves at all: the configuration's `promote` section as questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from gitops_ci.config.globs import Globs, name_matches, segment_source
from gitops_ci.config.model_promotion import PromoteConfig, ValuesRule
from gitops_ci.documents.values import Value
from gitops_ci.model.image import DOCKER_HUB
from gitops_ci.model.span import Route
from gitops_ci.repo.sites.change import main_part
from gitops_ci.repo.sites.model import Site, Subject
from gitops_ci.repo.sites.text import TEMPLATED

OWN_KEYS = (
    "replicas",
    "replicaCount",
    "minReplicas",
    "maxReplicas",
    "resources",
    "host",
    "hosts",
    "hostname",
    "hostnames",
    "domain",
    "name",
    "namespace",
    "nameOverride",
    "fullnameOverride",
)
"""Keys that belong to an environment: a `*` in `promote.values` does not mean them, one that is
written out does."""


class Scope(Struct, frozen=True):
    """Which pins, keys and files of a repository a promotion may touch."""

    config: PromoteConfig

    def admits_file(self, path: str) -> bool:
        """Whether anything in the file may move."""
        return not Globs(self.config.never.files).match(path)

    def admits_pin(self, site: Site) -> bool:
        """Whether the version moves: it is a fixed one, of a kind that is wanted, and `never` does
        not name the way to it."""
        if site.refusal == TEMPLATED or site.floating or not self._admits_subject(site):
            return False
        return self.admits_file(site.path) and not self.is_never(main_part(site).at.route)

    def _admits_subject(self, site: Site) -> bool:
        pins = self.config.pins
        if site.subject is Subject.IMAGE:
            return any(image_matches(glob, site.name) for glob in pins.images)
        if site.subject is Subject.GIT:
            return pins.git_refs
        return pins.charts

    def is_never(self, route: Route) -> bool:
        """Whether `never.keys` names the route or something above it, at any depth."""
        return any(_contains(route, tuple(key.split("."))) for key in self.config.never.keys)

    def rules(self, path: str, rest: str) -> tuple[ValuesRule, ...]:
        """The rules for value files that mean the file, by its path or by the part of it that lies
        inside its place."""
        if not self.admits_file(path):
            return ()
        return tuple(
            rule
            for rule in self.config.values
            if Globs((rule.file,)).match(path) or Globs((rule.file,)).match(rest)
        )

    def is_copied(self, path: str, rest: str) -> bool:
        """Whether the whole file moves."""
        globs = Globs(self.config.files)
        return self.admits_file(path) and (globs.match(path) or globs.match(rest))

    def keys(self, value: Value, pattern: str) -> Iterator[tuple[Route, Value]]:
        """The scalars below `value` that a dotted pattern means; the route ends at each of them."""
        steps = tuple(pattern.split("."))
        pending: list[tuple[Route, Value, bool]] = [((), value, False)]
        for step in steps:
            pending = [
                ((*route, key), item, open_ or "*" in step)
                for route, holder, open_ in pending
                for key, item in _children(holder)
                if _step(step).match(str(key))
            ]
        for route, found, open_ in pending:
            for at, leaf in _leaves(route, found):
                if not (self.is_never(at) or (open_ and _is_own(at))):
                    yield at, leaf


def image_matches(glob: str, repository: str) -> bool:
    """Whether a glob for images means the normalised `repository`, also in its short spelling."""
    short = repository.removeprefix(f"{DOCKER_HUB}/")
    spellings = (repository, short, short.removeprefix("library/"))
    return any(name_matches(glob, spelling) for spelling in spellings)


def _is_own(route: Route) -> bool:
    return any(step in OWN_KEYS for step in route)


def _children(value: Value) -> list[tuple[str | int, Value]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _leaves(route: Route, value: Value) -> Iterator[tuple[Route, Value]]:
    stack = [(route, value)]
    while stack:
        at, item = stack.pop()
        children = _children(item)
        if not children and not isinstance(item, (dict, list)):
            yield at, item
        stack += [((*at, key), child) for key, child in reversed(children)]


def _contains(route: Route, steps: tuple[str, ...]) -> bool:
    words = [str(step) for step in route if not isinstance(step, int)]
    return any(
        all(_step(step).match(word) for step, word in zip(steps, words[start:], strict=False))
        for start in range(len(words) - len(steps) + 1)
    )


@lru_cache(1024)
def _step(pattern: str) -> re.Pattern[str]:
    return re.compile(segment_source(pattern) + r"\Z", re.DOTALL)
