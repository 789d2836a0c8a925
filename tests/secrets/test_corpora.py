"""Public repositories: each finding was read, and there is no other one."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.files import Files
from gitops_ci.secrets.scan import ScanRequest, scan
from tests.support.tools import require_corpora

KNOWN = Path(__file__).with_name("corpora.tsv")
REPOSITORIES = (
    "GoogleCloudPlatform--microservices-demo",
    "fluxcd--flux2-hub-spoke-example",
    "fluxcd--flux2-kustomize-helm-example",
    "fluxcd--flux2-multi-tenancy",
    "gitops-bridge-dev--gitops-bridge",
    "onedr0p--home-ops",
    "redhat-cop--gitops-catalog",
    "stefanprodan--podinfo",
)


def known(name: str) -> set[tuple[str, int, str]]:
    rows = [line.split("\t") for line in KNOWN.read_text("utf-8").splitlines() if line[:1] != "#"]
    return {(path, int(line), rule) for repo, path, line, rule, _ in rows if repo == name}


@pytest.mark.full
@pytest.mark.parametrize("name", REPOSITORIES)
def test_only_what_was_read_and_is_true_is_found(name: str) -> None:
    result = scan(ScanRequest(Files(DiskTree(require_corpora("repos", name)))))
    found = {(f.location.path, f.location.line, f.rule.id) for f in result.findings}
    assert found == known(name)
    assert result.counts.files > 0
