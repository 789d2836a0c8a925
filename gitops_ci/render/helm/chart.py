"""A chart of the repository, and its private copy with every local dependency in place.

Fields of Chart.yaml: https://helm.sh/docs/topics/charts/#the-chartyaml-file"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from gitops_ci.documents.locate import locate
from gitops_ci.model.span import Location
from gitops_ci.render.paths import is_directory, is_file
from gitops_ci.render.workspace import copy_tree
from gitops_ci.repo.files import Files
from gitops_ci.repo.paths import join
from gitops_ci.repo.tree import UnreadableError

_MAX_DEPTH = 10
_LOCKS = {"Chart.yaml": "Chart.lock", "requirements.yaml": "requirements.lock"}


class Dependency(Struct, frozen=True):
    """One entry of `dependencies`; `location` is where it stands. `version` is what the lock file
    of the chart says, else what is asked for, which may be a range."""

    name: str
    alias: str
    repository: str
    version: str
    location: Location

    @property
    def key(self) -> str:
        """The key of its values in the parent chart."""
        return self.alias or self.name


class Missing(Struct, frozen=True):
    """A dependency that lies elsewhere, the folder of the charts that it belongs to, and its path
    in helm's output."""

    dependency: Dependency
    charts: Path
    shown: str


class Assembly(Struct):
    """A chart on disk, ready for helm. `folders` leads from a chart's path in the output, such as
    `shop/charts/db`, to its directory in the repository; `missing` are the dependencies that would
    have to be fetched."""

    name: str
    folders: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    missing: list[Missing] = field(default_factory=list)


def is_chart(files: Files, directory: str) -> bool:
    """Whether `directory` holds a Chart.yaml."""
    return is_file(files.tree, f"{directory}/Chart.yaml" if directory else "Chart.yaml")


def top_of(files: Files, path: str) -> dict[str, Any]:
    """The mapping in the first document of the file, empty when there is none."""
    try:
        source = files.source(path)
    except UnreadableError:
        return {}
    value = source.documents[0].value if source.documents else None
    return value if isinstance(value, dict) else {}


def dependencies(files: Files, directory: str) -> tuple[Dependency, ...]:
    """The dependencies in Chart.yaml, or in the requirements.yaml of an old chart."""
    found = []
    for file in _LOCKS:
        path = f"{directory}/{file}" if directory else file
        if not is_file(files.tree, path):
            continue
        locked = _locked(files, directory, _LOCKS[file])
        entries = top_of(files, path).get("dependencies")
        for index, item in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(item, dict) and item.get("name"):
                place = locate(files.source(path), 0, ("dependencies", index, "name"))
                name, alias, repository, version = (
                    str(item.get(key) or "") for key in ("name", "alias", "repository", "version")
                )
                version = locked.get((name, repository), version)
                found.append(Dependency(name, alias, repository, version, place.location))
    return tuple(found)


def _locked(files: Files, directory: str, name: str) -> dict[tuple[str, str], str]:
    """The versions in the lock file of a chart, by name and repository."""
    path = f"{directory}/{name}" if directory else name
    entries = top_of(files, path).get("dependencies")
    return {
        (str(item.get("name")), str(item.get("repository") or "")): str(item["version"])
        for item in (entries if isinstance(entries, list) else ())
        if isinstance(item, dict) and item.get("version")
    }


def assemble(files: Files, directory: str, target: Path) -> Assembly:
    """Copy the chart in `directory` to the folder `target`, its `file://` dependencies with it."""
    name = str(top_of(files, f"{directory}/Chart.yaml".lstrip("/")).get("name") or "chart")
    assembly = Assembly(name)
    _copy(files, directory, target, name, assembly, 0)
    return assembly


def _copy(
    files: Files, directory: str, target: Path, shown: str, assembly: Assembly, depth: int
) -> None:
    assembly.folders[shown] = directory
    assembly.used.update(copy_tree(files.tree, directory, target))
    if depth >= _MAX_DEPTH:
        return
    charts = target / "charts"
    for dependency in dependencies(files, directory):
        inner = f"{shown}/charts/{dependency.key}"
        assembly.aliases[inner] = dependency.key
        place = charts / dependency.name
        local = _local(files, directory, dependency)
        if place.is_dir():
            assembly.folders[inner] = f"{directory}/charts/{dependency.name}".lstrip("/")
        elif any(charts.glob(f"{dependency.name}-*.tgz")):
            assembly.folders[inner] = ""
        elif local is not None:
            if place.exists():
                shutil.rmtree(place)
            _copy(files, local, place, inner, assembly, depth + 1)
        else:
            assembly.missing.append(Missing(dependency, charts, inner))


def _local(files: Files, directory: str, dependency: Dependency) -> str | None:
    """The directory of a dependency that lies in the repository."""
    if not dependency.repository.startswith("file://"):
        return None
    path = join(directory, dependency.repository.removeprefix("file://"))
    return path if path is not None and is_directory(files.tree, path) else None
