"""The `roots` of the configuration, filled in with what the tree holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from gitops_ci.config.layout import fill, layout
from gitops_ci.config.model import RootRule
from gitops_ci.repo.paths import parents
from gitops_ci.repo.tree import Tree


class ConfiguredRoot(Struct, frozen=True):
    """One root that a rule names. `chart` says that `directory` is to be rendered by Helm."""

    directory: str
    chart: bool
    environment: str = ""
    app: str = ""
    values: tuple[str, ...] = ()
    release: str = ""
    namespace: str = ""


def configured_roots(rules: Iterable[RootRule], tree: Tree) -> Iterator[ConfiguredRoot]:
    """The roots of all rules. Names of a pattern, such as `{env}`, take every value for which the
    directory exists, and the required value files do, too."""
    directories: set[str] = set()
    files = [entry.path for entry in tree.entries()]
    for path in files:
        directories.update(parents(path))
    for rule in rules:
        pattern = layout(rule.chart or rule.path)
        for directory in sorted(directories):
            named = pattern.match(directory, exact=True)
            if named is not None:
                for values in _all_values(rule, named, files):
                    yield _root(rule, directory, values, tree)


def _all_values(
    rule: RootRule, named: dict[str, str], files: list[str]
) -> Iterator[dict[str, str]]:
    """The names of the directory, completed by those that only value files have: one set for each
    value for which such a file exists."""
    sets = [named]
    for text in rule.values:
        pattern = text.removesuffix("?")
        fresh: list[dict[str, str]] = []
        for known in sets:
            filled = layout(fill(pattern, known))
            if not filled.names:
                fresh.append(known)
                continue
            found = [v for path in files if (v := filled.match(path, exact=True)) is not None]
            fresh += [{**known, **values} for values in found] or [known]
        sets = fresh
    yield from sets


def _root(rule: RootRule, directory: str, values: dict[str, str], tree: Tree) -> ConfiguredRoot:
    files = []
    for text in rule.values:
        path = fill(text.removesuffix("?"), values)
        if not text.endswith("?") or tree.entry(path) is not None:
            files.append(path)
    return ConfiguredRoot(
        directory,
        bool(rule.chart),
        rule.environment or values.get("env", ""),
        values.get("app", ""),
        tuple(files),
        _filled(rule.release, values),
        _filled(rule.namespace, values),
    )


def _filled(text: str, values: dict[str, str]) -> str:
    """The text with its names filled in; what has no value is left out with its separator."""
    return re.sub(r"[-_.]?\{[^}]*\}", "", fill(text, values)).strip("-_.")
