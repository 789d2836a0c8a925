"""Which environment a path belongs to by its names alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.repo import environment_names as names
from gitops_ci.repo.paths import parents

_VALUES = regex(r"values[-._]([\w.-]+?)\.(?:ya?ml|json)|([\w.-]+?)[-._]values\.(?:ya?ml|json)")
_STEM = regex(r"(.+)\.(?:ya?ml|json)")


_TELLING = 2
"""So many known names in one directory make the other names there environments, too."""


class Guess(Struct, frozen=True):
    """An environment's name as written, and a phrase that says where it was read."""

    name: str
    why: str


class PathNames:
    """Reads environments from paths. Needs all of them once, because a name such as `perf` means
    an environment only beside others; `deploying` are the files that hold deployers."""

    def __init__(self, paths: Iterable[str], deploying: Iterable[str]) -> None:
        children: dict[str, set[str]] = defaultdict(set)
        for path in paths:
            segments = path.split("/")
            for index, segment in enumerate(segments[:-1]):
                if segment.lower() in names.CONTAINERS:
                    children["/".join(segments[: index + 1])].add(_stem(segments[index + 1]))
        self._telling = frozenset(
            container
            for container, found in children.items()
            if sum(names.is_known(child) for child in found) >= _TELLING
        )
        self._with_deployers = frozenset(
            directory for path in deploying for directory in parents(path)
        )
        self._cache: dict[str, Guess | None] = {}

    def guess(self, path: str) -> Guess | None:
        """The environment of a file or directory, or None."""
        if path not in self._cache:
            self._cache[path] = self._guess(path)
        return self._cache[path]

    def _guess(self, path: str) -> Guess | None:
        segments = path.split("/")
        contained = self._contained(segments)
        if contained is not None and names.is_known(contained.name):
            return contained
        for segment in segments[:-1]:
            if names.is_strong(segment):
                return Guess(segment, f"the directory '{segment}' in '{path}'")
        last = segments[-1]
        values = _VALUES.fullmatch(last)
        told = next((part for part in values.groups() if part), "") if values else ""
        if told and names.is_known(told):
            return Guess(told, f"the file name '{last}'")
        if names.is_strong(_stem(last)):
            return Guess(_stem(last), f"the name '{last}' in '{path}'")
        return contained

    def _contained(self, segments: list[str]) -> Guess | None:
        """The child of a container: one with a known name before one with any name."""
        found: list[Guess] = []
        for index, segment in enumerate(segments[:-1]):
            container, child = "/".join(segments[: index + 1]), segments[index + 1]
            if index + 2 == len(segments):
                child = _stem(child)
            if segment.lower() in names.CONTAINERS and self._accepts(container, segment, child):
                found.append(Guess(child, f"'{child}' below '{container}'"))
        known = [guess for guess in found if names.is_known(guess.name)]
        return next(iter(known or found), None)

    def _accepts(self, container: str, segment: str, child: str) -> bool:
        if child.lower() in names.NEUTRAL or child in ("kustomization", "README.md"):
            return False
        if names.takes_any_name(segment) or names.is_known(child):
            return True
        if container in self._telling and not names.is_channel(child):
            return True
        return segment.lower() == "clusters" and f"{container}/{child}" in self._with_deployers


def _stem(segment: str) -> str:
    match = _STEM.fullmatch(segment)
    return match[1] if match else segment
