"""Which environments there are, and what belongs to which."""

from __future__ import annotations

import pytest

from gitops_ci.config.model import Cluster, Config, Environment, EnvironmentMatch, Sources
from gitops_ci.repo import environment_names as names
from gitops_ci.repo.apps import app_of_path
from tests.unit.repo.support import application, flux_kustomization, kustomization, look, manifest


def _tree(*paths: str) -> dict[str, str]:
    return {path: kustomization() if "kustomization" in path else manifest() for path in paths}


INFERRED = [
    ("overlays", ["a/overlays/dev/kustomization.yaml", "a/overlays/prod/x.yaml"], ("dev", "prod")),
    ("classic flux", ["apps/base/x.yaml", "apps/production/x.yaml", "apps/staging/x.yaml"],
     ("staging", "production")),
    ("any name below envs", ["envs/blue/x.yaml", "envs/green/x.yaml"], ("blue", "green")),
    ("files below environments", ["environments/qa.yaml", "environments/live.yaml"],
     ("qa", "live")),
    ("compound names", ["clusters/prod-eu-1/x.yaml", "clusters/dev-eu-1/x.yaml"],
     ("dev-eu-1", "prod-eu-1")),
    ("neighbours of known names", ["o/overlays/dev/x.yaml", "o/overlays/prod/x.yaml",
     "o/overlays/edge/x.yaml", "o/overlays/base/x.yaml"], ("edge", "dev", "prod")),
    ("release channels are none", ["o/overlays/stable-1.2/x.yaml", "o/overlays/latest/x.yaml",
     "o/overlays/default/x.yaml"], ()),
    ("value files", ["web/values-prod.yaml", "web/values-stage.yaml", "web/values-schema.yaml"],
     ("stage", "prod")),
    ("one spelling wins", ["overlays/production/a.yaml", "overlays/production/b.yaml",
     "web/values-prod.yaml"], ("production",)),
    ("manifests named so", ["hub/production.yaml", "hub/staging.yaml"], ("staging", "production")),
    ("weak words alone", ["test/x.yaml", "live/x.yaml", "local/x.yaml"], ()),
    ("nothing", ["a/b.yaml"], ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("paths", "expected"), [row[1:] for row in INFERRED], ids=[row[0] for row in INFERRED]
)
def test_environments_are_inferred_in_order(paths: list[str], expected: tuple[str, ...]) -> None:
    assert look(_tree(*paths)).environments.names == expected


def test_each_inference_says_why_and_guards_production() -> None:
    world = look(_tree("overlays/dev/x.yaml", "overlays/prod/x.yaml"))

    dev, prod = world.environments.infos
    assert (dev.protected, prod.protected) == (False, True)
    assert prod.why == "inferred from 'prod' below 'overlays'"
    assert not prod.declared
    assert not any(i.protected for i in look(_tree("envs/pre-prod/x.yaml")).environments.infos)
    assert world.environments.is_protected("prod")
    assert not world.environments.is_protected("elsewhere")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("apps/shop/overlays/prod/deep/er/x.yaml", "prod"),
        ("apps/shop/overlays/dev", "dev"),
        ("apps/shop/base/x.yaml", ""),
        ("web/values-production.yaml", "prod"),
        ("web/values.yaml", ""),
        ("clusters/prod/overlays/dev/x.yaml", "prod"),
    ],
)
def test_a_path_belongs_to_its_environment(path: str, expected: str) -> None:
    files = _tree(
        "apps/shop/overlays/prod/x.yaml", "apps/shop/overlays/dev/x.yaml", path + "/y.yaml"
    )

    assert look(files).environments.of(path) == expected


DECLARED = Config(
    layouts=("apps/{app}/{env}", "clusters/{env}/{cluster}/{app}"),
    environments={
        "prod": Environment(sources=Sources(("stage",)), match=EnvironmentMatch(project="live*")),
        "stage": Environment(sources=Sources(("int",))),
        "int": Environment(paths=("special/*/inside",)),
    },
    clusters=(Cluster("eu-1", "prod"),),
)


@pytest.mark.parametrize(
    ("path", "environment", "app"),
    [
        ("apps/shop/stage/x.yaml", "stage", "shop"),
        ("apps/shop/elsewhere/x.yaml", "", "x.yaml"),
        ("clusters/prod/eu-1/shop/x.yaml", "prod", "shop"),
        ("special/a/inside/x.yaml", "int", "x.yaml"),
        ("overlays/production/x.yaml", "prod", "x.yaml"),
        ("overlays/dev/x.yaml", "", "x.yaml"),
    ],
)
def test_declared_environments_are_the_only_ones(path: str, environment: str, app: str) -> None:
    environments = look(_tree(path), DECLARED).environments

    assert environments.names == ("int", "stage", "prod")
    assert environments.of(path) == environment
    assert environments.app_of(path) == app


def _environment_of(deployer: str, path: str, config: Config | None = None) -> str:
    files = {path: deployer, **_tree("x/kustomization.yaml", "envs/dev/a.yaml", "envs/prod/a.yaml")}
    roots = look(files, config).plan.roots
    return next(root.environment for root in roots if root.deployer)


@pytest.mark.parametrize(
    ("deployer", "path", "expected"),
    [
        (application("a", "x", "prod-eu-1"), "argocd/a.yaml", "prod"),
        (application("a", "x", "in-cluster"), "argocd/a.yaml", ""),
        (application("a", "x"), "envs/dev/a2.yaml", "dev"),
        (application("shop-prod", "x"), "argocd/a.yaml", "prod"),
        (application("a", "envs/prod"), "envs/dev/b.yaml", "prod"),
        (flux_kustomization("a", "./x"), "clusters/dev/a.yaml", "dev"),
        (flux_kustomization("a", "./envs/prod"), "clusters/dev/a.yaml", "dev"),
        (
            flux_kustomization("a", "./x", "  postBuild: {substitute: {CLUSTER_ENV: prod}}\n"),
            "sync.yaml",
            "prod",
        ),
    ],
)
def test_a_root_has_the_environment_its_deployer_names(
    deployer: str, path: str, expected: str
) -> None:
    assert _environment_of(deployer, path) == expected


@pytest.mark.parametrize(
    ("deployer", "expected"),
    [
        (application("a", "x", "eu-1"), "prod"),
        (application("a", "x").replace("spec:\n", "spec:\n  project: live-1\n"), "prod"),
        (application("a", "x", "us-1"), ""),
    ],
)
def test_the_configuration_says_where_deployers_belong(deployer: str, expected: str) -> None:
    assert _environment_of(deployer, "a.yaml", DECLARED) == expected


@pytest.mark.parametrize(
    ("name", "word", "known"),
    [
        ("prod", "prod", True),
        ("prod-eu-1", "prod", True),
        ("eu1-staging", "staging", True),
        ("prod1", "prod", True),
        ("nonprod", "nonprod", True),
        ("eu-non_prod", "non-prod", True),
        ("pre-prod", "pre-prod", True),
        ("product", "", False),
        ("devspaces", "", False),
        ("tech-preview", "", False),
        ("internal-registry-integration", "integration", False),
    ],
)
def test_words(name: str, word: str, known: bool) -> None:
    assert names.word(name) == word
    assert names.is_known(name) is known


@pytest.mark.parametrize(
    ("path", "app"),
    [
        ("apps/shop/overlays/prod", "shop"),
        ("apps/shop/base", "shop"),
        ("deploy/overlays/dev", "deploy"),
        ("apps/production", "apps"),
        ("kubernetes/apps/media/plex/app", "plex"),
        ("clusters/prod/eu-1/shop", "shop"),
        ("", ""),
    ],
)
def test_apps_by_path(path: str, app: str) -> None:
    assert app_of_path(path, ("prod", "dev")) == app
