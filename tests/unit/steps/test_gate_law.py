"""`gate` on environments that are branches: which configuration, holds and freezes count there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gitops_ci.model.errors import IncompleteError
from tests.support.repository import Repository
from tests.unit.promote.build import images
from tests.unit.steps.test_gate import OBJECT, Scene

CONFIG = """\
version: 1
environments:
  dev: {branch: env/dev}
  prod: {from: [dev], branch: env/prod}
"""
GATES = "gates: {prod: {checks: [{name: e2e, on: pr}]}}\n"


def files(version: str) -> dict[str, str]:
    text = images("shop/web", version) + "resources: [web.yaml]\n"
    return {"web/kustomization.yaml": text, "web/web.yaml": OBJECT}


class Branches(Scene):
    """The configuration on main, the manifests on branches of their own."""

    def __init__(self, repository: Repository, more: dict[str, str]) -> None:
        super().__init__(repository, "")
        git = repository.git
        for name, version in (("env/dev", "1.1.0"), ("env/prod", "1.0.0")):
            git("checkout", "--quiet", "--orphan", name)
            git("rm", "-rfq", ".")
            repository.commit(files(version))
        git("checkout", "--quiet", "main")
        git("rm", "-rfq", ".")
        repository.commit({".gitops-ci.yaml": CONFIG + GATES, **more})

    def to(self, branch: str, version: str, more: dict[str, str] | None = None) -> None:
        """Propose a version to a branch."""
        git = self.repository.git
        if more:
            git("checkout", "--quiet", branch)
            self.repository.commit(more)
        self.base = git("rev-parse", branch)
        git("checkout", "--quiet", "-B", "topic", branch)
        self.head = self.repository.commit(files(version))
        git("checkout", "--quiet", "main")
        self.change_of(branch)

    def change_of(self, branch: str) -> None:
        made = replace(self.fake.pull_, head_sha=self.head, base=branch, base_sha=self.base)
        self.fake.pull_ = replace(made, created=self.clock.time)
        self.fake.tips = {branch: self.base}


@pytest.fixture
def branches(repository: Repository) -> Branches:
    return Branches(repository, {})


def test_the_default_branch_rules_a_branch_without_a_configuration(branches: Branches) -> None:
    branches.to("env/prod", "1.1.0")
    (message,) = branches.closed()
    assert message.startswith("prod")
    assert "e2e" in message


def test_an_environment_without_gates_is_open(branches: Branches) -> None:
    branches.to("env/dev", "1.2.0")
    assert branches.closed() == []


def test_a_branch_that_is_no_environment_is_open(branches: Branches) -> None:
    branches.repository.git("branch", "other", "env/prod")
    branches.to("other", "1.1.0")
    assert branches.closed() == []


def test_a_configuration_on_the_branch_rules_it(branches: Branches) -> None:
    branches.to("env/prod", "1.1.0", {".gitops-ci.yaml": CONFIG})
    assert branches.closed() == []


def test_holds_of_the_default_branch_count(repository: Repository) -> None:
    hold = "- {environment: prod, app: web, version: 1.1.0, reason: they are away}\n"
    branches = Branches(repository, {".gitops-ci/holds.yaml": hold})
    branches.to("env/prod", "1.1.0")
    assert any("they are away" in message for message in branches.closed())


def test_without_the_pull_request_nobody_knows_the_branch(branches: Branches) -> None:
    branches.to("env/prod", "1.1.0")
    with pytest.raises(IncompleteError, match="its branch is not known"):
        branches.run(f"{branches.base}..{branches.head}")
