"""What each part of a check costs, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.clock import of_call, of_command
from bench.figure import Figure, least, most
from bench.repository import PROGRAM, VERSION, Repository, program
from gitops_ci.config.model_checks import PACKS
from gitops_ci.documents.read import read
from gitops_ci.policy.check import PolicyCheck
from gitops_ci.policy.choice import choose
from gitops_ci.policy.settings import Settings
from gitops_ci.render.objects import Rendered
from gitops_ci.schemas.crd import CrdSet
from gitops_ci.schemas.lifecycle import minor
from gitops_ci.tools.find import find_tool
from gitops_ci.validate.schema import SchemaCheck

_STARTS = 9


def start_up(repository: Repository) -> Iterator[Figure]:
    """What a run costs before it has anything to do."""
    cost = of_command([*PROGRAM, "--help"], _STARTS)
    yield most("`--help`", cost * 1000, 60, "ms")
    one = repository.folder / "one"
    one.mkdir()
    (one / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    cost = of_command([*PROGRAM, "-C", one, "check"], _STARTS)
    yield most("check of one file", cost * 1000, 150, "ms")


def budget(repository: Repository) -> Iterator[Figure]:
    """Parsing, rendering, validation and policies beside the floor."""
    floor, count = repository.floor, len(repository.overlays)

    def parse() -> None:
        for path in repository.paths:
            read("x.yaml", path.read_bytes())

    yield most("parse / floor", of_call(parse) / floor, 1.0)
    cost = rendering(repository)
    yield most("render / floor", cost / floor, 0.7)
    yield most("render, per overlay", cost / count * 1000, 1.3, "ms")
    cost = _validation(repository)
    yield most("schemas / floor", cost / floor, 0.3)
    objects = sum(len(objects) for _, objects in repository.rendered)
    yield least("schemas, objects per CPU second", objects / cost, 50_000)
    yield most("all packs / floor", _policies(repository) / floor, 0.3)


def rendering(repository: Repository) -> float:
    """The cost of building every overlay; each run has an engine of its own."""
    engines = iter([repository.engine() for _ in range(3)])

    def job() -> None:
        engine = next(engines)
        for path in repository.overlays:
            engine.build(repository.name(path))

    return of_call(job)


def _validation(repository: Repository) -> float:
    rendered = repository.rendered

    def job() -> None:
        schemas = SchemaCheck((VERSION,), CrdSet())
        for root, objects in rendered:
            if list(schemas.check(objects, root)):
                raise RuntimeError("the generated repository has a finding")

    return of_call(job)


class _Places:
    """Environments as rules ask for them: that of the bench are no matter of names."""

    are_declared = False

    def is_protected(self, name: str) -> bool:
        """Only production."""
        return name == "prod"

    def of(self, _path: str) -> str:
        """None."""
        return ""

    by_name = of


def _policies(repository: Repository) -> float:
    """Every rule of every pack, loaded before: that is part of a program's start."""
    rendered = [Rendered(root, objects) for root, objects in repository.rendered]
    choice = choose(PACKS, minor(VERSION)[1])

    def job() -> None:
        check = PolicyCheck(choice, Settings(), _Places(), unseen=frozenset())
        if list(check.findings(rendered)):
            raise RuntimeError("the generated repository has a finding")

    return of_call(job)


def peers(repository: Repository) -> Iterator[Figure]:
    """The same work done by the programs that people use today."""
    kubeconform, kustomize = find_tool("kubeconform"), find_tool("kustomize")
    if kubeconform is None:
        yield Figure("our check of rendered files / kubeconform -n 2", "no kubeconform", "≤ 1")
    else:
        yield _against_kubeconform(repository, kubeconform)
    if kustomize is None:
        yield Figure("one kustomize process each / native", "no kustomize", "≥ 100")
        return
    own = rendering(repository) / len(repository.overlays)
    each = sum(of_command([kustomize, "build", path]) for path in repository.sample)
    yield least("one kustomize process each / native", each / len(repository.sample) / own, 100)
    together = _in_batches(repository, kustomize)
    yield least("kustomize in batches of 50 / native", together / own, 10)


def _against_kubeconform(repository: Repository, binary: Path) -> Figure:
    """Reading, parsing and validating rendered files, secrets left out as kubeconform does."""
    folder = repository.rendered_folder
    theirs = of_command([binary, "-n", "2", *repository.schema_words(), folder], 3)
    own = of_command(program(folder, "validate"), 3)
    return most("our check of rendered files / kubeconform -n 2", own / theirs, 1.0)


def _in_batches(repository: Repository, kustomize: Path) -> float:
    """CPU seconds per overlay when one process builds 50 of them."""
    batch = repository.overlays[:50]
    folder = repository.root / "batch"
    folder.mkdir()
    listed = "".join(f"- ../{repository.name(path)}\n" for path in batch)
    (folder / "kustomization.yaml").write_text("resources:\n" + listed)
    cost = of_command([kustomize, "build", folder], 3)
    (folder / "kustomization.yaml").unlink()
    folder.rmdir()
    return cost / len(batch)
