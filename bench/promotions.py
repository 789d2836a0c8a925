"""What a promotion costs: whole runs of the program, from its start to the printed plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.clock import of_command
from bench.figure import Figure, most
from bench.repository import PROGRAM, Repository

_CONFIG = """\
version: 1
layouts: ["apps/{app}/overlays/{env}"]
environments: {dev: {}, qa: {from: [dev]}, staging: {from: [qa]}, prod: {from: [staging]}}
"""


def plans(repository: Repository) -> Iterator[Figure]:
    """The plan of one edge of the graph over the whole generated repository."""
    config = repository.folder / "promote.yaml"
    config.write_text(_CONFIG, "utf-8")
    words: list[str | Path] = [*PROGRAM, "-C", repository.root, "--config", config]
    cost = of_command([*words, "promote", "--to", "prod"], 3)
    yield most(f"promote, a plan over {len(repository.paths):,} files", cost, 3, "s")
