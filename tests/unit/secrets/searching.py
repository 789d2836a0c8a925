"""Scans of small repositories in memory."""

from __future__ import annotations

from gitops_ci.model.finding import Finding
from gitops_ci.model.severity import Severity
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.secrets.scan import ScanRequest, ScanResult, scan
from tests.support.fakes import fill

SEED = "unit"


def search(files: dict[str, str | bytes], **options: object) -> ScanResult:
    """The result for files whose markers are filled."""
    made = {
        path: fill(text, SEED) if isinstance(text, str) else text for path, text in files.items()
    }
    return scan(ScanRequest(Files(MemoryTree(made)), **options))  # type: ignore[arg-type]


def found(files: dict[str, str | bytes], **options: object) -> list[tuple[str, int, str, Severity]]:
    """Path, line, rule and severity of each finding."""
    return [_short(finding) for finding in search(files, **options).findings]


def _short(finding: Finding) -> tuple[str, int, str, Severity]:
    place = finding.location
    return place.path, place.line, finding.rule.id, finding.severity
