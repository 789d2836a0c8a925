"""Every repository of the corpora is rendered to its end, by each engine, with the same result."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_ci.config.model import Config
from gitops_ci.render.objects import Rendered
from gitops_ci.render.options import RenderOptions
from gitops_ci.render.programs import LocalPrograms
from gitops_ci.render.render import Ports, Renderer, render_all
from gitops_ci.render.workspace import Workspace
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.environments import find_environments
from gitops_ci.repo.files import Files
from gitops_ci.repo.graph_build import build_graph
from gitops_ci.repo.inventory import take_inventory
from gitops_ci.repo.roots import find_roots
from tests.support.tools import require_corpora, require_tool

REPOSITORIES = {
    "GoogleCloudPlatform--microservices-demo": 300,
    "fluxcd--flux2-hub-spoke-example": 40,
    "fluxcd--flux2-kustomize-helm-example": 30,
    "fluxcd--flux2-multi-tenancy": 20,
    "gitops-bridge-dev--gitops-bridge": 30,
    "onedr0p--home-ops": 500,
    "redhat-cop--gitops-catalog": 1000,
    "stefanprodan--podinfo": 30,
}
"""Each with the number of objects that it gives at least."""

pytestmark = pytest.mark.full


def _render(root: Path, engine: str) -> list[Rendered]:
    tree, config = DiskTree(root), Config()
    files = Files(tree)
    inventory = take_inventory(files, config)
    graph = build_graph(files, inventory)
    environments = find_environments(inventory, config)
    plan = find_roots(files, inventory, graph, config, environments)
    workspace = Workspace(tree, root)
    renderer = Renderer(files, RenderOptions(engine=engine), Ports(workspace, LocalPrograms()))
    return list(render_all(renderer, plan.roots, environments.of_deployer))


@pytest.mark.parametrize("name", sorted(REPOSITORIES))
def test_both_engines_agree_on_everything_that_is_deployed(name: str) -> None:
    require_tool("kustomize")
    require_tool("helm")
    root = require_corpora("repos", name)
    rendered = _render(root, "both")
    differences = [
        finding.message
        for item in rendered
        for finding in item.findings
        if finding.rule.id == "kustomize/engine-difference"
    ]
    assert differences == []
    assert sum(len(item.objects) for item in rendered) >= REPOSITORIES[name]


@pytest.mark.parametrize("name", sorted(REPOSITORIES))
def test_every_object_has_an_origin_in_a_file_of_the_repository(name: str) -> None:
    root = require_corpora("repos", name)
    rendered = _render(root, "auto")
    for item in rendered:
        for rendered_object in item.objects:
            for route in ((), ("kind",), ("metadata", "name"), ("spec", "absent")):
                location = rendered_object.origin.trace(route).location
                assert (root / location.path).is_file()


def test_nothing_is_left_unrendered_without_a_reason() -> None:
    for name in REPOSITORIES:
        root = require_corpora("repos", name)
        require_tool("helm")
        require_tool("kustomize")
        for item in _render(root, "auto"):
            assert all(skip.klass.value != "incomplete" for skip in item.skipped), item.skipped
            assert all(skip.detail for skip in item.skipped)
