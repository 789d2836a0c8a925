"""Whatever a tree of kustomizations holds, the native engine and the reference agree about it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from gitops_ci.model.severity import Severity
from gitops_ci.render.kustomize.emit import emit
from gitops_ci.render.kustomize.engine import KustomizeEngine, KustomizeOptions
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from tests.support.kustomize_compare import difference, parsed
from tests.support.kustomize_random import trees
from tests.support.kustomize_reference import Verdict, reference
from tests.support.tools import require_tool

pytestmark = [pytest.mark.full, pytest.mark.timeout(3600)]


def disagreement(files: Mapping[str, str], directory: str, verdict: Verdict) -> str:
    """What the native engine sees differently than the reference, "" when nothing."""
    options = KustomizeOptions(load_restrictor="root-only")
    built = KustomizeEngine(Files(MemoryTree(files)), options).build(directory)
    errors = [f.message for f in built.findings if f.severity is Severity.ERROR]
    if verdict.error:
        refused = not built.objects and errors
        return "" if refused else f"{directory}: accepts what fails with {verdict.error}"
    values = [item.value for item in built.objects]
    found = difference(values, parsed(verdict.output))
    if not found and emit(values).encode() != verdict.output:
        found = "the text differs"
    return f"{directory}: {found} {errors}" if found else ""


@given(trees())
@settings(suppress_health_check=list(HealthCheck))
def test_native_equals_the_reference(tree: tuple[dict[str, str], tuple[str, ...]]) -> None:
    binary = require_tool("kustomize")
    files, tops = tree
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8", newline="")
        verdict = reference(binary, folder, ["build", "."])
        verdicts = {"": verdict}
        if verdict.error:
            verdicts = {top: reference(binary, folder, ["build", top]) for top in tops}
    for directory, single in verdicts.items():
        assert not disagreement(files, directory, single)
