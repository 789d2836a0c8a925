"""The example repository hangs together, and the changes to it still apply."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gitops_ci.documents.manifests import manifests_of, ref_of
from gitops_ci.documents.read import read
from tests.support.command import gitops_ci
from tests.support.repository import Repository
from tests.support.tools import ROOT

EXAMPLES = ROOT / "examples"
SHOP = EXAMPLES / "shop"
ENVIRONMENTS = ("dev", "staging", "prod")
CHANGES = ("bad-change", "broken-reference", "good-change")


def yaml_files() -> list[Path]:
    return [path for path in sorted(SHOP.rglob("*.yaml")) if "templates" not in path.parts]


@pytest.mark.parametrize("path", yaml_files(), ids=lambda path: str(path.relative_to(SHOP)))
def test_every_file_is_read_without_a_finding(path: Path) -> None:
    source = read(str(path.relative_to(SHOP)), path.read_bytes())
    assert source.problems == ()
    assert not source.broken
    assert [doubt.text for document in source.documents for doubt in document.doubts] == []


@pytest.mark.parametrize("config", ["", "policy: {packs: [pss-baseline]}\n", None])
def test_the_policies_find_nothing(config: str | None, tmp_path: Path) -> None:
    # without a configuration the packs are those of the zero configuration; None is the shop's own
    repository = Repository(tmp_path / "shop")
    shutil.copytree(SHOP, repository.root, dirs_exist_ok=True)
    if config is not None:
        allowed = "validate: {allowIncomplete: [missing-tool]}\n"
        repository.write({".gitops-ci.yaml": f"{config}{allowed}"})
    ended = gitops_ci(repository.root, "policy", "--format", "json")
    assert (ended.code, ended.places()) == (0, [])
    assert ended.report["summary"]["suppressed"] == 0


def test_every_deployer_points_at_something() -> None:
    found = []
    for path in yaml_files():
        for manifest in manifests_of(read(path.name, path.read_bytes())):
            kind = ref_of(manifest.value).kind
            spec = manifest.value.get("spec")
            if kind == "Kustomization" and isinstance(spec, dict):
                found.append(kind)
                assert (SHOP / str(spec["path"]) / "kustomization.yaml").is_file()
            if kind == "Application" and isinstance(spec, dict):
                found.append(kind)
                source = spec["source"]
                assert isinstance(source, dict)
                assert isinstance(source["helm"], dict)
                chart = SHOP / str(source["path"])
                assert [
                    chart.joinpath(name).is_file() for name in source["helm"]["valueFiles"]
                ] == [True]
    assert (found.count("Kustomization"), found.count("Application")) == (12, 3)


@pytest.mark.parametrize("app", ["cart", "payments", "web"])
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_images_are_pinned_in_every_overlay(app: str, environment: str) -> None:
    text = (SHOP / "apps" / app / "overlays" / environment / "kustomization.yaml").read_text()
    (tag,) = re.findall(r"newTag: (\S+)", text)
    assert re.match(r"\d+\.\d+\.\d+", tag)


@pytest.mark.parametrize("name", CHANGES)
def test_changes_apply(name: str, tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shutil.copytree(SHOP, shop)
    subprocess.run(["git", "init", "-q", shop], check=True)
    before = {path: path.read_bytes() for path in shop.rglob("*.yaml")}
    subprocess.run(["git", "-C", shop, "apply", EXAMPLES / f"{name}.diff"], check=True)
    changed = [path for path, data in before.items() if path.read_bytes() != data]
    assert len(changed) == 1


def test_every_change_is_known() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.diff")} == set(CHANGES)
    assert all(name in (SHOP / "README.md").read_text("utf-8") for name in CHANGES)
