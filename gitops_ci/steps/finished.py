"""Finished YAML that another tool made: from stdin, or in the directories of `--rendered`."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read
from gitops_ci.model.errors import UsageError
from gitops_ci.render.objects import Rendered, Root, RootKind
from gitops_ci.render.plain import no_objects_in, objects_in
from gitops_ci.repo.names import is_json, is_yaml
from gitops_ci.steps.check import Inputs
from gitops_ci.steps.world import World

STDIN = "-"
"""The path that stands for stdin."""
SHOWN_STDIN = "<stdin>"
"""How reports call it."""


class Finished(Struct, frozen=True):
    """What one source of finished YAML holds: its objects with the faults of its form, and the
    parsed files."""

    rendered: Rendered
    sources: tuple[SourceFile, ...]


def finished_yaml(inputs: Inputs, world: World) -> tuple[Finished, ...]:
    """What the user hands over as finished. Raises UsageError."""
    result = []
    if STDIN in inputs.path:
        result.append(_finished(Root("", RootKind.STDIN), {SHOWN_STDIN: world.stdin()}))
    for text in inputs.rendered:
        folder, equals, environment = text.rpartition("=")
        if not equals or not folder or not environment:
            raise UsageError(
                f"--rendered {text} is not DIR=ENV", "such as --rendered out/prod=prod"
            )
        directory = world.root / folder
        if not directory.is_dir():
            raise UsageError(f"--rendered: {folder} is not a directory")
        root = Root(folder, RootKind.PLAIN, environment)
        result.append(_finished(root, _yaml_in(directory, folder)))
    return tuple(result)


def _yaml_in(directory: Path, shown: str) -> dict[str, bytes]:
    files = {}
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if (is_yaml(name) or is_json(name)) and path.is_file() and not path.is_symlink():
            files[f"{shown.rstrip('/')}/{name}"] = path.read_bytes()
    return files


def _finished(root: Root, files: dict[str, bytes]) -> Finished:
    sources = tuple(read(path, data) for path, data in files.items())
    objects = tuple(thing for source in sources for thing in objects_in(source))
    faults = tuple(
        fault for source in sources for fault in (*source.problems, *no_objects_in(source))
    )
    return Finished(Rendered(root, objects, faults, used=frozenset(files)), sources)
