"""What a bump costs: whole runs of the program, from its start to the printed plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.clock import of_command
from bench.figure import Figure, most
from bench.repository import PROGRAM, Repository, git

_SITES = 100
_ENTRY = "images:\n- name: bench/shop\n  newTag: 1.0.0  # kept\n"


def plans(repository: Repository) -> Iterator[Figure]:
    """A plan over the whole generated repository, and one with many sites."""
    words = [*PROGRAM, "-C", repository.root, "bump", "registry.example/app-0000:2.0.0"]
    cost = of_command(words, 3)
    yield most(f"bump, a plan over {len(repository.paths):,} files", cost, 3, "s")
    folder = repository.folder / "sites"
    _many(folder)
    words = [*PROGRAM, "-C", folder, "bump", "bench/shop:1.0.1", "--write"]
    yield most(f"bump, {_SITES} sites written", of_command(words), 0.5, "s")


def _many(folder: Path) -> None:
    for number in range(_SITES):
        path = folder / f"apps/app-{number:03d}/overlays/prod/kustomization.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(_ENTRY, "utf-8")
    git(folder, ["init", "-q"])
    git(folder, ["add", "."])
    git(folder, ["commit", "-q", "-m", "start"])
