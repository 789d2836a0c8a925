"""No report shows a secret, whether or not secrets were looked for where it stands."""

from __future__ import annotations

import pytest

from tests.support.command import gitops_ci
from tests.support.fakes import fill
from tests.support.repository import Repository

TOKEN = fill("{{fake:alnum 40}}", "hiding")
RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop}\n"
QUOTED = f"{RELEASE}spec: {{interval: {TOKEN}, values: {{password: {TOKEN}}}}}\n"


@pytest.mark.parametrize("command", [("validate",), ("check", "--only", "validate"), ("check",)])
def test_what_a_schema_says_of_a_value(repository: Repository, command: tuple[str, ...]) -> None:
    repository.commit({"release.yaml": QUOTED})
    for form in ("text", "json", "sarif"):
        ended = gitops_ci(repository.root, *command, "--format", form)
        assert "schema/invalid-value" in ended.out
        assert TOKEN not in ended.out + ended.err


def test_finished_yaml(repository: Repository) -> None:
    repository.write({"out/release.yaml": QUOTED})
    ended = gitops_ci(repository.root, "check", "--rendered", "out=prod")
    assert "schema/invalid-value" in ended.out
    assert TOKEN not in ended.out + ended.err


def test_lines_that_a_change_leaves_alone(repository: Repository) -> None:
    spec = f"spec:\n  values: {{password: {TOKEN}}}\n  interval: %s\n"
    base = repository.commit({"release.yaml": RELEASE + spec % "10m", "old.yaml": QUOTED})
    repository.commit({"release.yaml": RELEASE + spec % "soon"})
    for scope in ("release.yaml", "."):
        ended = gitops_ci(repository.root, "check", scope, "--changed-since", base)
        assert "schema/invalid-value" in ended.out
        assert TOKEN not in ended.out + ended.err
