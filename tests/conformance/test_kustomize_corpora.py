"""Every kustomization of the corpora: the native engine gives what kustomize 5.5.0 gave."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from gitops_ci.render.kustomize.engine import Built, KustomizeEngine, UnsupportedError
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.files import Files
from tests.support.tools import require_corpora

REPOSITORIES = (
    "GoogleCloudPlatform--microservices-demo",
    "fluxcd--flux2-hub-spoke-example",
    "fluxcd--flux2-kustomize-helm-example",
    "fluxcd--flux2-multi-tenancy",
    "onedr0p--home-ops",
    "redhat-cop--gitops-catalog",
    "stefanprodan--podinfo",
)
NATIVE_SHARE = 0.97
"""The least share of what the reference builds that has to be built natively."""


def _copy(repository: str, folder: Path) -> Path:
    """The repository with the stubs of the corpora, outside any git work tree."""
    target = folder / repository
    shutil.copytree(require_corpora("repos", repository), target, symlinks=True)
    stubs = json.loads(require_corpora("expected", "stubs.json").read_text())
    for path in stubs["files"].get(repository, ()):
        file = target / path
        for directory in (*reversed(file.parents), file.parent):
            if directory.is_dir() and target in (directory, *directory.parents):
                directory.chmod(0o755)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(stubs["content"])
    return target


def _item(value: dict[str, Any]) -> str:
    metadata = value.get("metadata") or {}
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    identity = (value.get("apiVersion"), value.get("kind"), metadata.get("namespace") or "")
    return "|".join(map(str, (*identity, metadata.get("name"), digest)))


def _build(engine: KustomizeEngine, directory: str) -> Built | None:
    try:
        return engine.build("" if directory == "." else directory)
    except UnsupportedError:
        return None


@pytest.mark.parametrize("repository", REPOSITORIES)
def test_every_directory_gives_what_the_reference_gives(repository: str, tmp_path: Path) -> None:
    expected = json.loads(require_corpora("expected", f"{repository}.json").read_text())
    engine = KustomizeEngine(Files(DiskTree(_copy(repository, tmp_path))))
    different: list[str] = []
    buildable = native = 0
    for directory, entry in expected.items():
        wanted = {**entry, **entry.get("with_stubs", {})}
        built = _build(engine, directory)
        buildable += wanted["status"] == "ok"
        if built is None:
            continue
        if wanted["status"] != "ok":
            if not (built.failed or built.skipped):
                different.append(directory)
            continue
        native += 1
        if [_item(item.value) for item in built.objects] != wanted["items"]:
            different.append(directory)
    assert different == []
    assert native >= NATIVE_SHARE * buildable
