"""Circles in the history, and places with two writers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.image import Version
from gitops_ci.model.span import Location
from gitops_ci.promote.bump.past import version_at
from gitops_ci.promote.loops import PERIOD, Stand, circle
from gitops_ci.promote.writers import IMAGE_LIST, Updated, two_writers, updated_images
from tests.unit.promote.build import deployment, facts

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD, NEW = Version("1.0"), Version("1.1")


def stands(*told: tuple[float, Version | None]) -> list[Stand]:
    """Stands so many hours ago."""
    return [Stand(NOW - timedelta(hours=hours), f"c{hours}", v) for hours, v in told]


@pytest.mark.parametrize(
    ("history", "commit"),
    [
        (((90, OLD), (5, NEW), (2, OLD)), "c5"),
        (((90, OLD), (23.9, NEW), (2, OLD)), "c23.9"),
        (((90, OLD), (24, NEW), (2, OLD)), "c24"),
        (((90, OLD), (24.1, NEW), (2, OLD)), ""),
        (((90, NEW), (5, OLD)), ""),
        (((90, OLD), (5, None), (4, NEW), (2, OLD)), ""),
        (((90, OLD), (5, Version("1.1", "sha256:" + "a" * 64)), (2, OLD)), ""),
        ((), ""),
    ],
)
def test_what_was_taken_back_within_a_day_is_a_circle(
    history: tuple[tuple[float, Version | None], ...], commit: str
) -> None:
    found = circle(OLD, NEW, stands(*history), NOW)
    assert (found.commit if found else "") == commit
    assert timedelta(days=1) == PERIOD


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (deployment("shop/web:0.9"), Version("0.9")),
        (deployment('"shop/web:0.8"'), Version("0.8")),
        (deployment(f"shop/web@sha256:{'c' * 64}"), Version("", "sha256:" + "c" * 64)),
        ("kind: Other\n", None),
        ("{", None),
        (deployment("{{ .image }}"), None),
    ],
)
def test_the_version_of_an_earlier_text(text: str, version: Version | None) -> None:
    (site,) = facts({"web.yaml": deployment("shop/web:1.0")}).sites
    assert version_at(site, text.encode()) == version
    assert version_at(site, None) is None


def test_an_earlier_number_keeps_its_zero() -> None:
    values = "image:\n  repository: shop/web\n  tag: {tag}\n"
    files = {"Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n"}
    (site,) = facts({**files, "values.yaml": values.format(tag='"1.9"')}).sites
    assert version_at(site, values.format(tag="1.10").encode()) == Version("1.10")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("shop/web", {"docker.io/shop/web"}),
        ("web=shop/web:1.x, api=ghcr.io/shop/api:~2", {"docker.io/shop/web", "ghcr.io/shop/api"}),
        ("host:5000/a/b", {"host:5000/a/b"}),
        ("a=host:5000/a/b:1.x", {"host:5000/a/b"}),
        ("SHOUT ING,,=", set()),
    ],
)
def test_the_images_of_the_image_updater(text: str, names: set[str]) -> None:
    assert updated_images({IMAGE_LIST: text}) == names
    assert updated_images({IMAGE_LIST: 7}) == frozenset()


def test_a_marker_or_an_application_makes_a_second_writer() -> None:
    marked = deployment('shop/web:1.0 # {"$imagepolicy": "flux-system:web"}')
    hinted = deployment("shop/web:1.0 # renovate: datasource=docker depName=shop/web")
    ours = deployment("shop/web:1.0 # gitops-ci: image=shop/web")
    files = {"a.yaml": marked, "b.yaml": hinted, "c.yaml": ours, "apps/d.yaml": deployment("shop/web:1.0")}  # fmt: skip # noqa: E501
    places = [(site, Location(site.path)) for site in facts(files).sites]
    application = Updated(
        "argo.yaml",
        ObjectRef("argoproj.io", "v1alpha1", "Application", "argocd", "web"),
        frozenset({"docker.io/shop/web"}),
        ("apps",),
    )
    found = two_writers(places, (application,))
    assert {(item.location.path, item.message.split(" writes")[0]) for item in found} == {
        ("a.yaml", "Flux image automation"),
        ("b.yaml", "Renovate"),
        ("apps/d.yaml", "Argo CD Image Updater"),
    }
    assert {item.rule.id for item in found} == {"promote/two-writers"}
