"""The figures that the product is held to, each beside what was asked."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from bench import tree
from bench.clock import Cost, of_call, of_command
from gitops_ci.documents.read import read
from gitops_ci.render.kustomize.engine import KustomizeEngine
from gitops_ci.render.objects import RenderedObject, Root
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.files import Files
from gitops_ci.schemas.crd import CrdSet
from gitops_ci.schemas.export import LAYOUT, export
from gitops_ci.schemas.gvk import gvk
from gitops_ci.schemas.pack import load
from gitops_ci.tools.find import find_tool
from gitops_ci.validate.catalogue import Catalogue
from gitops_ci.validate.schema import SchemaCheck

VERSION = "1.34"
PYTHON = (sys.executable, "-m", "gitops_ci")


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: what was measured, what was asked, and whether it was met (None: no peer here)."""

    name: str
    measured: str
    asked: str
    met: bool | None


class Bench:
    """One generated repository and what is measured on it; shared results are computed once."""

    def __init__(self, folder: Path, overlays: int, sample: int) -> None:
        self.root = folder / "repository"
        self.overlays = tree.generate(self.root, max(1, overlays // len(tree.ENVIRONMENTS)))
        self.sample = self.overlays[:: max(1, len(self.overlays) // sample)][:sample]

    def figures(self) -> Iterator[Figure]:
        """Every figure, cheap ones first."""
        yield from self._start_up()
        yield from self._budget()
        yield from self._schemas()
        yield from self._rendering()
        yield from self._whole()

    @cached_property
    def paths(self) -> list[Path]:
        """Every YAML file."""
        return sorted(self.root.rglob("*.yaml"))

    @cached_property
    def floor(self) -> Cost:
        """Reading and parsing the same files with PyYAML's C loader, nothing else."""

        def job() -> None:
            for path in self.paths:
                list(yaml.load_all(path.read_bytes(), yaml.CSafeLoader))

        return of_call(job)

    @cached_property
    def rendered(self) -> list[tuple[Root, tuple[RenderedObject, ...]]]:
        """Every overlay, rendered natively."""
        engine = self._engine()
        return [
            (Root(self._name(path), "kustomize"), engine.build(self._name(path)).objects)
            for path in self.overlays
        ]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _engine(self) -> KustomizeEngine:
        files = Files(DiskTree(self.root))
        for path in self.paths:
            files.source(self._name(path))
        return KustomizeEngine(files)

    def _start_up(self) -> Iterator[Figure]:
        cost = of_command([*PYTHON, "--help"], times=7)
        yield _most("`--help`, CPU", cost.cpu * 1000, 60, "ms")
        one = self.root.parent / "one"
        one.mkdir()
        (one / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
        cost = of_command([*PYTHON, "-C", one, "check"], times=7)
        yield _most("check of one file, CPU", cost.cpu * 1000, 150, "ms")

    def _budget(self) -> Iterator[Figure]:
        def parse() -> None:
            for path in self.paths:
                read("x.yaml", path.read_bytes())

        yield _most("parse / floor", of_call(parse).cpu / self.floor.cpu, 1.0)
        engines = iter([self._engine() for _ in range(3)])

        def render() -> None:
            engine = next(engines)
            for path in self.overlays:
                engine.build(self._name(path))

        cost = of_call(render)
        yield _most("render / floor", cost.cpu / self.floor.cpu, 0.7)
        yield _most("render, CPU per overlay", cost.cpu / len(self.overlays) * 1000, 1.3, "ms")
        yield _most("schema check / floor", self._validated().cpu / self.floor.cpu, 0.3)

    def _validated(self) -> Cost:
        def job() -> None:
            schemas = SchemaCheck((VERSION,), CrdSet())
            for root, objects in self.rendered:
                if list(schemas.check(objects, root)):
                    raise RuntimeError("the generated repository has a finding")

        return of_call(job)

    def _schemas(self) -> Iterator[Figure]:
        count = sum(len(objects) for _, objects in self.rendered)
        mine = self._validated()
        yield _least("schema validation, objects per CPU second", count / mine.cpu, 50_000)
        binary = find_tool("kubeconform")
        if binary is None:
            yield Figure("validation / kubeconform -n 2", "no kubeconform", "≤ 1.0", None)
            return
        yield _most("read + parse + validate / kubeconform -n 2", self._against(binary), 1.0)

    def _against(self, binary: Path) -> float:
        """Our whole work on rendered files beside that of kubeconform on the same files."""
        folder = self.root.parent / "rendered"
        folder.mkdir()
        for number, (_, objects) in enumerate(self.rendered):
            text = "\n---\n".join(json.dumps(item.value) for item in objects)
            (folder / f"{number}.yaml").write_text(text)
        location = f"{self._exported()}/{LAYOUT}"
        words = [binary, "-n", "2", "-strict", "-schema-location", location, folder]
        theirs = of_command(words, times=3)
        own = of_command([*PYTHON, "-C", folder, "validate", "--k8s", VERSION], times=3)
        return own.cpu / theirs.cpu

    def _exported(self) -> Path:
        """The schemas of the generated kinds in kubeconform's layout."""
        folder = self.root.parent / "schemas"
        catalogue = Catalogue(load(), (VERSION,), CrdSet())
        kinds = {
            gvk(item.value["apiVersion"], item.value["kind"])
            for _, objects in self.rendered
            for item in objects
        }
        for kind in kinds:
            export(kind, catalogue.schema(kind) or {}, folder)
        return folder

    def _rendering(self) -> Iterator[Figure]:
        engine = self._engine()

        def job() -> None:
            for path in self.overlays:
                engine.build(self._name(path))

        own = of_call(job, times=1).cpu / len(self.overlays)
        binary = find_tool("kustomize")
        if binary is None:
            yield Figure("one kustomize process each / native", "no kustomize", "≥ 100", None)
            return
        each = sum(of_command([binary, "build", path]).cpu for path in self.sample)
        yield _least("one kustomize process each / native", each / len(self.sample) / own, 100)
        batch = self.overlays[:50]
        folder = self.root / "batch"
        folder.mkdir()
        (folder / "kustomization.yaml").write_text(
            "resources:\n" + "".join(f"- ../{self._name(path)}\n" for path in batch)
        )
        together = of_command([binary, "build", folder]).cpu / len(batch)
        yield _least("kustomize in batches of 50 / native", together / own, 10)
        (folder / "kustomization.yaml").unlink()
        folder.rmdir()

    def _beyond_snapshot(self, words: list[object]) -> float:
        """What a part costs over a run that has no part to do, in floors."""
        idle = of_command([*PYTHON, "-C", self.root, "init", "--print"], times=3)
        part = of_command([str(word) for word in words], times=3)
        return (part.cpu - idle.cpu) / self.floor.cpu

    def _whole(self) -> Iterator[Figure]:
        cost = of_command([*PYTHON, "-C", self.root, "check", "--k8s", VERSION], times=3)
        yield _most("cold check of everything / floor", cost.cpu / self.floor.cpu, 3.0)
        words = [*PYTHON, "-C", self.root, "secrets"]
        yield _most("of that the secret scan / floor", self._beyond_snapshot(words), 0.4)
        yield _most(f"peak memory at {len(self.paths):,} files", cost.memory, 300, "MB")
        kustomize, kubeconform = find_tool("kustomize"), find_tool("kubeconform")
        if kustomize is None or kubeconform is None:
            yield Figure("shell loop / our check", "no tools", "", None)
            return
        loop = 0.0
        schemas = self.root.parent / "schemas"
        for path in self.sample:
            built = subprocess.run([kustomize, "build", path], capture_output=True, check=True)
            loop += of_command([kustomize, "build", path]).cpu
            words = [kubeconform, "-strict", "-schema-location", f"{schemas}/{LAYOUT}"]
            loop += of_command(words, stdin=built.stdout).cpu
        each = loop / len(self.sample)
        ratio = each * len(self.overlays) / cost.cpu
        yield Figure("`kustomize build | kubeconform` loop / our check", f"{ratio:.1f}", "", None)


def _most(name: str, value: float, limit: float, unit: str = "") -> Figure:
    measured, asked = f"{value:.2f} {unit}".strip(), f"≤ {limit:g} {unit}".strip()
    return Figure(name, measured, asked, value <= limit)


def _least(name: str, value: float, limit: float) -> Figure:
    return Figure(name, f"{value:,.1f}", f"≥ {limit:,}", value >= limit)
