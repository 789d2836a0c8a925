"""Whole runs of the program: cold, with a warning on every root, and for a pull request."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

from bench import tree
from bench.clock import of_command, peak_of_command
from bench.figure import Figure, most, shown
from bench.repository import Repository, git, program
from gitops_ci.tools.find import find_tool

_WARNING = 'version: 1\npolicy:\n  rules:\n    "schema/unknown-field": warning\n'


def whole(repository: Repository) -> Iterator[Figure]:
    """A check of everything, nothing known before."""
    floor = repository.floor
    clean = of_command(program(repository.root, "validate"), 3)
    yield most("cold check without secrets / floor", clean / floor, 2.0)
    cost = of_command(program(repository.root, "check"), 3)
    yield most("secrets / floor", (cost - clean) / floor, 0.4)
    yield most("cold check of everything / floor", cost / floor, 3.0)
    peak = peak_of_command(program(repository.root, "check"))
    yield most(f"peak memory at {len(repository.paths):,} files", peak, 300, "MB")
    yield _memory_per_file(repository)
    yield from _loop(repository, cost)
    yield from _pull_request(repository, cost)
    yield _warned(repository, clean)


def _memory_per_file(repository: Repository) -> Figure:
    """How much each further file adds, between two repositories that differ in nothing else."""
    apps = max(2, len(repository.overlays) // len(tree.ENVIRONMENTS))
    sizes = []
    for count in (apps // 2, apps):
        root = repository.folder / f"apps-{count}"
        tree.generate(root, count, large=1)
        files = sum(1 for _ in root.rglob("*.yaml"))
        sizes.append((files, peak_of_command(program(root, "check"))))
    (fewer, small), (more, large) = sizes
    return most("memory of each further file", (large - small) * 1024 / (more - fewer), 10, "KB")


def _loop(repository: Repository, own: float) -> Iterator[Figure]:
    name = "kustomize piped into kubeconform, for each overlay / our check"
    kustomize, kubeconform = find_tool("kustomize"), find_tool("kubeconform")
    if kustomize is None or kubeconform is None:
        yield Figure(name, "no tools")
        return
    cost = 0.0
    for path in repository.sample:
        built = subprocess.run([kustomize, "build", path], capture_output=True, check=True).stdout
        cost += of_command([kustomize, "build", path])
        cost += of_command([kubeconform, *repository.schema_words()], stdin=built)
    yield shown(name, cost / len(repository.sample) * len(repository.overlays) / own)


def _pull_request(repository: Repository, cold: float) -> Iterator[Figure]:
    """A change to one overlay, compared with its base: both are read, only one root is built."""
    root = repository.root
    git(root, ("init", "-q"))
    git(root, ("add", "."))
    git(root, ("commit", "-qm", "base"))
    patch = repository.overlays[0] / "patch.yaml"
    patch.write_text(patch.read_text("utf-8").replace("Seconds: ", "Seconds: 1"), "utf-8")
    git(root, ("commit", "-qam", "change"))
    cost = of_command(program(root, "check", "--changed-since", "HEAD~1"), 3)
    yield shown(f"change to one overlay of {len(repository.overlays):,}", cost, "s")
    yield shown("change to one overlay / cold check of everything", cost / cold)


def _warned(repository: Repository, clean: float) -> Figure:
    """A misspelt field in the patch of each overlay, found in the output and shown at its line. It
    spoils the repository, so it comes last."""
    tree.misspell(repository.overlays)
    (repository.root / ".gitops-ci.yaml").write_text(_WARNING, "utf-8")
    cost = of_command(program(repository.root, "validate"), 3)
    return most("a warning on every root / none", cost / clean, 1.3)
