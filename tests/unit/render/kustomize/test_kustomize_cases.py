"""Every recorded case: the same output byte for byte, or the fault at the right place."""

from __future__ import annotations

import pytest

from gitops_ci.render.kustomize.emit import emit
from gitops_ci.render.kustomize.engine import KustomizeEngine, KustomizeOptions
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from tests.unit.render.kustomize.kustomize_cases import Case, all_cases

CASES = all_cases()
ROOT_ONLY = KustomizeOptions(load_restrictor="root-only")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_build_gives_what_the_reference_gives(case: Case) -> None:
    built = KustomizeEngine(Files(MemoryTree(case.files)), ROOT_ONLY).build(case.root)
    if case.error:
        assert built.failed
        finding = built.findings[0]
        place = f"{finding.location.path}:{finding.location.line}"
        assert f"{finding.rule.id} {place}" == case.error
        assert not built.objects
    else:
        assert [f.message for f in built.findings if built.failed] == []
        assert emit([item.value for item in built.objects]) == case.output


def test_the_cases_cover_the_features() -> None:
    assert len(CASES) >= 200
