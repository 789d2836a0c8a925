"""`gate` on environments that are branches: which configuration, holds and freezes count there."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gitops_ci.model.errors import IncompleteError
from gitops_ci.steps.context import Occasion
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


def test_of_commits_alone_nobody_knows_the_branch(branches: Branches) -> None:
    branches.to("env/prod", "1.1.0")
    with pytest.raises(IncompleteError, match="its branch is not known"):
        branches.run(f"{branches.base}..{branches.head}")


def test_a_range_may_name_the_branch(branches: Branches) -> None:
    branches.to("env/prod", "1.1.0")
    ended = branches.run("env/prod..topic")
    assert ended.code == 1
    assert "prod: checks is closed: e2e" in ended.out


def test_the_ci_system_knows_the_branch_without_the_forge(branches: Branches) -> None:
    branches.to("env/prod", "1.1.0")
    branches.branch = "env/prod"
    branches.repository.git("checkout", "--quiet", "topic")
    ended = branches.run(occasion=Occasion.MERGE_GROUP)
    assert ended.code == 1
    assert "prod: checks is closed: e2e" in ended.out


class TestWithoutTheDefaultBranch:
    """A checkout of one branch alone, as GitLab's runner makes it."""

    @pytest.fixture
    def alone(self, branches: Branches) -> Branches:
        branches.to("env/prod", "1.1.0")
        git = branches.repository.git
        self.main = git("rev-parse", "main")
        git("checkout", "--quiet", "topic")
        git("branch", "-D", "main")
        branches.default_branch = "main"
        return branches

    def test_its_configuration_comes_from_the_forge(self, alone: Branches) -> None:
        alone.fake.tips["main"] = self.main
        (message,) = alone.closed()
        assert "e2e" in message

    def test_where_it_cannot_be_had_nothing_is_open(self, alone: Branches) -> None:
        with pytest.raises(IncompleteError, match="the default branch main is not here"):
            alone.run()

    def test_a_configuration_on_the_branch_needs_no_other(self, branches: Branches) -> None:
        branches.to("env/prod", "1.1.0", {".gitops-ci.yaml": CONFIG})
        branches.default_branch = "trunk"
        assert branches.closed() == []


class TestDeployments:
    """What was pushed to the branch of an environment is recorded there."""

    def push(self, branches: Branches, branch: str, version: str = "1.1.0") -> None:
        git = branches.repository.git
        git("checkout", "--quiet", branch)
        branches.base = git("rev-parse", branch)
        branches.head = branches.repository.commit(files(version))
        branches.branch = branch

    def recorded(self, branches: Branches, *words: str) -> dict[str, list[str]]:
        occasion = Occasion.OTHER if words else Occasion.PUSH
        assert branches.run("--deployment", "success", *words, occasion=occasion).code == 0
        made = branches.fake.deployments_
        return {name: [item.sha for item in items] for name, items in made.items()}

    def test_the_branch_that_was_pushed(self, branches: Branches) -> None:
        self.push(branches, "env/prod")
        assert self.recorded(branches) == {"prod": [branches.head]}

    @pytest.mark.parametrize("end", ["env/prod", ""])
    def test_the_branch_that_a_range_ends_with(self, branches: Branches, end: str) -> None:
        self.push(branches, "env/prod")
        branches.branch = ""
        assert self.recorded(branches, f"env/prod~..{end}") == {"prod": [branches.head]}

    def test_the_configuration_of_the_branch_rules_it(self, branches: Branches) -> None:
        git = branches.repository.git
        git("checkout", "--quiet", "env/prod")
        config = CONFIG.replace("prod:", "live:").replace("branch: env/prod", "paths: ['web']")
        branches.repository.commit({".gitops-ci.yaml": config})
        self.push(branches, "env/prod")
        assert self.recorded(branches) == {"live": [branches.head]}

    def test_a_branch_that_is_no_environment(self, branches: Branches) -> None:
        branches.repository.git("branch", "other", "env/prod")
        self.push(branches, "other")
        assert self.recorded(branches) == {}

    def test_commits_alone_name_no_branch(self, branches: Branches) -> None:
        self.push(branches, "env/prod")
        range_ = f"{branches.base}..{branches.head}"
        with pytest.raises(IncompleteError, match="its branch is not known"):
            branches.run(range_, "--deployment", "success", occasion=Occasion.OTHER)
        assert branches.fake.written == []
