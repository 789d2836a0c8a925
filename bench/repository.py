"""The generated repository and what several figures need of it, each computed once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import yaml

from bench import tree
from bench.clock import of_call
from gitops_ci.render.kustomize.engine import KustomizeEngine
from gitops_ci.render.objects import RenderedObject, Root
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.files import Files
from gitops_ci.schemas.crd import CrdSet
from gitops_ci.schemas.export import LAYOUT, export
from gitops_ci.schemas.gvk import gvk
from gitops_ci.schemas.pack import load
from gitops_ci.validate.catalogue import Catalogue

VERSION = "1.34"
PROGRAM = (sys.executable, "-m", "gitops_ci")
_IDENTITY = ("-c", "user.name=bench", "-c", "user.email=bench@bench.example")


class Repository:
    """A generated repository below `folder`, which holds nothing else yet."""

    def __init__(self, folder: Path, overlays: int, sample: int) -> None:
        self.folder = folder
        self.root = folder / "repository"
        apps = max(1, overlays // len(tree.ENVIRONMENTS))
        self.overlays = tree.generate(self.root, apps)
        self.sample = self.overlays[:: max(1, len(self.overlays) // sample)][:sample]

    @cached_property
    def paths(self) -> list[Path]:
        """Every YAML file."""
        return sorted(self.root.rglob("*.yaml"))

    @cached_property
    def floor(self) -> float:
        """Reading and parsing the same files with PyYAML's C loader, nothing else."""

        def job() -> None:
            for path in self.paths:
                list(yaml.load_all(path.read_bytes(), yaml.CSafeLoader))

        return of_call(job)

    @cached_property
    def rendered(self) -> list[tuple[Root, tuple[RenderedObject, ...]]]:
        """Every overlay, rendered natively."""
        engine = self.engine()
        return [
            (Root(self.name(path), "kustomize"), engine.build(self.name(path)).objects)
            for path in self.overlays
        ]

    @cached_property
    def schemas(self) -> Path:
        """The schemas of the generated kinds in kubeconform's layout."""
        folder = self.folder / "schemas"
        catalogue = Catalogue(load(), (VERSION,), CrdSet())
        kinds = {
            gvk(item.value["apiVersion"], item.value["kind"])
            for _, objects in self.rendered
            for item in objects
        }
        for kind in kinds:
            export(kind, catalogue.schema(kind) or {}, folder)
        return folder

    @cached_property
    def rendered_folder(self) -> Path:
        """A folder with one file per overlay, as rendered."""
        folder = self.folder / "rendered"
        folder.mkdir()
        for number, (_, objects) in enumerate(self.rendered):
            text = "\n---\n".join(json.dumps(item.value) for item in objects)
            (folder / f"{number}.yaml").write_text(text)
        return folder

    def name(self, path: Path) -> str:
        """The path inside the repository."""
        return path.relative_to(self.root).as_posix()

    def engine(self) -> KustomizeEngine:
        """A native engine that has built nothing yet, with all files parsed."""
        files = Files(DiskTree(self.root))
        for path in self.paths:
            _ = files.source(self.name(path)).documents  # parsed when somebody asks
        return KustomizeEngine(files)

    def schema_words(self) -> list[str]:
        """The words that let kubeconform use `schemas`."""
        return ["-strict", "-schema-location", f"{self.schemas}/{LAYOUT}"]


def program(root: Path, *words: str) -> list[str | Path]:
    """The command line of a run on the tree at `root`."""
    return [*PROGRAM, "-C", root, *words, "--k8s", VERSION]


def git(root: Path, words: Sequence[str]) -> None:
    """Run git in `root`."""
    subprocess.run(["git", *_IDENTITY, "-C", root, *words], check=True, capture_output=True)
