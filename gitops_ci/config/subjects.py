"""What a finding or a path is about, in the words by which overrides and exceptions select."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from gitops_ci.config.globs import matches, name_matches
from gitops_ci.config.layout import Layout, layout
from gitops_ci.config.model import Config, OverrideMatch
from gitops_ci.model.finding import Finding


class Subject(Struct, frozen=True):
    """The paths (of the file, and of the root that showed it), environment, app, groups, and the
    object of a finding. Unknown parts are empty."""

    paths: tuple[str, ...] = ()
    environment: str = ""
    app: str = ""
    groups: tuple[str, ...] = ()
    namespace: str = ""
    kind: str = ""
    name: str = ""

    def has_path(self, glob: str) -> bool:
        """Whether the file or its root matches the path glob."""
        return any(matches(glob, path) for path in self.paths)

    def in_group(self, glob: str) -> bool:
        """Whether one of the groups matches."""
        return any(name_matches(glob, group) for group in self.groups)


AppOf = Callable[[Finding], str]
"""Tells the app of a finding where the layouts do not; an empty text when unknown."""


class Subjects:
    """Derives subjects from the config's layouts and groups."""

    def __init__(self, config: Config, app_of: AppOf | None = None) -> None:
        known = {"env": tuple(config.environments)} if config.environments else {}
        self._layouts: tuple[Layout, ...] = tuple(layout(text, known) for text in config.layouts)
        self._groups = config.groups
        self._app_of = app_of
        self._placed: dict[str, dict[str, str]] = {}

    def of(self, finding: Finding) -> Subject:
        """The subject of `finding`."""
        root = finding.root.partition("#")[0]
        paths = tuple(dict.fromkeys(path for path in (finding.location.path, root) if path))
        named = {**self.named(finding.location.path), **self.named(root)}
        app = (self._app_of(finding) if self._app_of else "") or named.get("app", "")
        ref = finding.object
        return Subject(
            paths,
            finding.environment or named.get("env", ""),
            app,
            self.groups_of(app),
            ref.namespace if ref else "",
            ref.kind if ref else "",
            ref.name if ref else "",
        )

    def of_path(self, path: str, namespace: str = "") -> Subject:
        """The subject that a path alone tells."""
        named = self.named(path)
        app = named.get("app", "")
        return Subject((path,), named.get("env", ""), app, self.groups_of(app), namespace)

    def named(self, path: str) -> dict[str, str]:
        """The names that the first matching layout finds in `path`."""
        if not self._layouts or not path:
            return {}
        known = self._placed.get(path)
        if known is None:
            hits = (item.match(path) for item in self._layouts)
            known = next((hit for hit in hits if hit is not None), {})
            self._placed[path] = known
        return known

    def groups_of(self, app: str) -> tuple[str, ...]:
        """The groups that the app belongs to."""
        if not app:
            return ()
        return tuple(name for name, group in self._groups.items() if _any_matches(group.apps, app))


def _any_matches(globs: Iterable[str], name: str) -> bool:
    return any(name_matches(glob, name) for glob in globs)


def override_matches(match: OverrideMatch, subject: Subject) -> bool:
    """Whether everything that an override's `match` says is true of the subject."""
    return (
        (not match.environment or name_matches(match.environment, subject.environment))
        and (not match.app or name_matches(match.app, subject.app))
        and (not match.namespace or name_matches(match.namespace, subject.namespace))
        and (not match.group or subject.in_group(match.group))
        and (not match.path or subject.has_path(match.path))
    )
