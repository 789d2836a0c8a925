"""What travels together, and under which name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.config.model import App, Config, Environment, Group
from gitops_ci.config.model_promotion import PullRequestConfig
from gitops_ci.promote.bump.planner import plan_bump
from gitops_ci.promote.bump.request import Request, image_target
from gitops_ci.promote.units import branch_of, short, slug, title_of, units_of
from tests.support.repository import Repository
from tests.unit.promote.build import deployment, facts

FILES = {
    f"apps/{app}/overlays/{env}/{app}.yaml": deployment("shop/proxy:1.0", app)
    for app in ("cart", "pay", "web")
    for env in ("dev", "prod")
}
MOVES = plan_bump(Request((image_target("shop/proxy:1.1"),)), facts(FILES)).moves


def named(config: Config) -> list[tuple[str, str, int]]:
    return [(unit.environment, unit.name, len(unit.moves)) for unit in units_of(MOVES, config)]


def test_each_app_travels_alone_unless_the_configuration_says_otherwise() -> None:
    assert named(Config()) == [
        (env, app, 1) for env in ("dev", "prod") for app in ("cart", "pay", "web")
    ]
    groups = {"checkout": Group(("cart", "p*"))}
    by_group = Config(groups=groups, pr=PullRequestConfig(unit="group"))
    assert named(by_group)[:2] == [("dev", "checkout", 2), ("dev", "web", 1)]
    atomic = Config(groups={"checkout": Group(("cart", "p*"), atomic=True)})
    assert named(atomic)[:2] == [("dev", "checkout", 2), ("dev", "web", 1)]
    owners = {"defaults": App(owners=("@org/all",)), "pay": App(owners=("@org/money",))}
    by_team = Config(apps=owners, pr=PullRequestConfig(unit="team"))
    assert named(by_team)[:2] == [("dev", "org/all", 2), ("dev", "org/money", 1)]
    own = Environment(pr=PullRequestConfig(unit="environment"))
    assert named(Config(environments={"prod": own}))[3:] == [("prod", "all", 3)]


def test_branch_and_title_come_from_the_templates() -> None:
    unit = units_of(MOVES, Config())[0]
    assert branch_of(unit, "bump", Config()) == "gitops-ci/bump/dev/cart"
    assert title_of(unit, "bump", Config()) == "chore(dev): bump cart 1.0 to 1.1"
    own = Config(pr=PullRequestConfig(branch="bots/{app}-{env}", title="{kind}: {from} > {to}"))
    assert branch_of(unit, "bump", own) == "bots/cart-dev"
    assert title_of(unit, "bump", own) == "bump: 1.0 > 1.1"


def test_no_environment_leaves_no_hole() -> None:
    moves = plan_bump(
        Request((image_target("shop/web:1.1"),)),
        facts({"apps/web/a.yaml": deployment("shop/web:1.0")}),
    ).moves
    (unit,) = units_of(moves, Config())
    assert branch_of(unit, "bump", Config()) == "gitops-ci/bump/web"
    assert title_of(unit, "bump", Config()) == "chore: bump web 1.0 to 1.1"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.0", "1.0"),
        ("1.0@sha256:" + "a" * 64, "1.0"),
        ("@sha256:" + "a" * 64, "sha256:aaaaaaaaaaaa"),
        ("sha256:" + "a" * 64, "sha256:aaaaaaaaaaaa"),
        ("", "none"),
    ],
)
def test_versions_in_titles_are_short(version: str, expected: str) -> None:
    assert short(version) == expected


@given(st.text(max_size=120), st.text(max_size=120))
def test_different_names_have_different_slugs(one: str, other: str) -> None:
    assert (slug(one) == slug(other)) is (one == other)


@pytest.mark.parametrize(
    "text", ["a..b", ".a", "a.lock", "a b", "-a", "a~1", "ä", "@{", "a/b", "x" * 300, "a.", "a\\b"]
)
def test_git_takes_every_slug(text: str, repository: Repository) -> None:
    made = slug(text)
    assert made == repository.git("check-ref-format", "--branch", f"x/{made}").removeprefix("x/")
