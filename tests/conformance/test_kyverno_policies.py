"""Kyverno's own test files about its policies in CEL: what they expect is what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_ci.policy.kyverno_suites import suites_in
from gitops_ci.policy.kyverno_test import run
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.files import Files
from tests.support.tools import require_corpora

DIFFERS = Path(__file__).with_name("kyverno_differs.tsv")
"""What comes out otherwise, each with the reason."""
FEWEST = 1359
SHARE = 0.99


@pytest.mark.full
def test_expectations_come_out() -> None:
    files = Files(DiskTree(require_corpora("kyverno-cel")))
    found = [item for suite in suites_in(files) for item in run(suite)]
    other = {
        (item.place.path, item.policy, item.rule, item.kind, item.resource, item.got)
        for item in found
        if not item.is_met
    }
    lines = DIFFERS.read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert all(len(row) == 7 for row in rows)
    assert other == {tuple(row[:6]) for row in rows}
    assert len(found) >= FEWEST
    assert len(found) - len(other) >= SHARE * len(found)
