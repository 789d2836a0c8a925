"""`--fix`: safe fixes into the work tree, and nothing else."""

from __future__ import annotations

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web  # the one
        image: example/web:1.0.0
        env:
        - {name: A, value: 3}
        - {name: B, value: true}
"""
FIXED = WEB.replace("3}", '"3"}').replace("true", '"true"')
RESTRICTED = "policy: {packs: [pss-restricted]}\n"


@pytest.mark.parametrize("command", ["check", "validate"])
def test_safe_fixes_change_what_they_must_and_no_more(repository: Repository, command: str) -> None:
    repository.commit({"base/web.yaml": WEB, ".gitops-ci.yaml": RESTRICTED})
    before = gitops_ci(repository.root, command, "--format", "json").report["findings"]
    ended = gitops_ci(repository.root, command, "--fix")
    assert (repository.root / "base/web.yaml").read_text() == FIXED
    assert "fixed: 2 findings" in ended.out
    assert "base/web.yaml:13: quote the value (schema/wrong-type)" in ended.out
    after = gitops_ci(repository.root, command, "--format", "json")
    assert len(after.report["findings"]) == len(before) - 2
    again = gitops_ci(repository.root, command, "--fix")
    assert "fixed: 0 findings" in again.out
    assert repository.git("diff", "--numstat") == "2\t2\tbase/web.yaml"


def test_what_changes_behaviour_is_only_proposed(repository: Repository) -> None:
    repository.commit({"base/web.yaml": FIXED, ".gitops-ci.yaml": RESTRICTED})
    ended = gitops_ci(repository.root, "policy", "--format", "json")
    fixes = {item["rule"]: item["fix"] for item in ended.report["findings"] if item.get("fix")}
    escalation = fixes["pss/privilege-escalation"]
    assert escalation["safe"] is False
    assert escalation["edits"][0]["text"] == (
        "\n        securityContext:\n          allowPrivilegeEscalation: false"
    )
    gitops_ci(repository.root, "policy", "--fix")
    assert (repository.root / "base/web.yaml").read_text() == FIXED


def test_a_dry_run_writes_nothing(repository: Repository) -> None:
    repository.commit({"base/web.yaml": WEB})
    ended = gitops_ci(repository.root, "check", "--fix", "--dry-run")
    assert (repository.root / "base/web.yaml").read_text() == WEB
    assert ended.code == 1
    (repository.root.parent / "fix.diff").write_text(ended.out)
    repository.git("apply", "../fix.diff")
    assert (repository.root / "base/web.yaml").read_text() == FIXED
    assert gitops_ci(repository.root, "check", "--dry-run").code == 2


def test_one_fault_through_several_roots_is_mended_once(repository: Repository) -> None:
    overlay = "resources: [../../base]\n"
    repository.commit(
        {
            "base/web.yaml": WEB,
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "overlays/dev/kustomization.yaml": overlay,
            "overlays/prod/kustomization.yaml": overlay,
        }
    )
    assert gitops_ci(repository.root, "check", "--fix").code == 0
    assert (repository.root / "base/web.yaml").read_text() == FIXED


def test_what_is_suppressed_or_no_file_of_the_repository_is_left(repository: Repository) -> None:
    ignored = WEB.replace("value: 3}", "value: 3}  # gitops-ci: ignore schema/wrong-type fine")
    repository.commit({"base/web.yaml": ignored, ".gitignore": "out/\n"})
    repository.write({"out/prod/web.yaml": WEB})
    ended = gitops_ci(repository.root, "check", "--fix", "--rendered", "out/prod=prod")
    assert "left: out/prod/web.yaml:13: schema/wrong-type: it is no file" in ended.out
    assert (repository.root / "out/prod/web.yaml").read_text() == WEB
    gitops_ci(repository.root, "check", "--fix")
    assert "{name: A, value: 3}" in (repository.root / "base/web.yaml").read_text()
