"""The newest version under each kind of policy, from a registry that this test plays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from gitops_ci.model.errors import EndpointError
from gitops_ci.model.ports import Silent
from gitops_ci.promote.versions.policy import Order, PolicyError, VersionPolicy
from gitops_ci.steps.version_finder import VersionFinder
from tests.support.registry import Reply, Seen, as_json, digest, image, served

BUILT = {
    "1.0.0": "2026-01-01T00:00:00Z",
    "1.1.0": "2026-01-08T00:00:00Z",
    "1.2.0": "2026-01-09T12:00:00Z",
    "main-a": "2026-01-03T00:00:00Z",
    "main-b": "2026-01-02T00:00:00Z",
    "main-c": "2026-01-09T23:00:00Z",
    "main-d": "nobody knows",
}
IMAGES = {tag: image(when) for tag, when in BUILT.items()}
BLOBS = {digest(blob): blob for item in IMAGES.values() for blob in item.blobs}
DAY = 86400.0


class Noon:
    """Ten days into the year."""

    def now(self) -> datetime:
        return datetime(2026, 1, 10, tzinfo=UTC)


def answer(seen: Seen) -> Reply:
    name = seen.path.rpartition("/")[2].partition("?")[0]
    if name == "list":
        more = [f"many-{number}" for number in range(201)]
        return Reply(200, as_json({"tags": [*IMAGES, *more]}))
    if "/manifests/" in seen.path:
        return Reply(200, IMAGES[name].top) if name in IMAGES else Reply(404)
    return Reply(200, BLOBS[name])


@pytest.fixture(scope="module")
def repository() -> Iterator[str]:
    with served(answer) as host:
        yield f"{host}/shop/web"


def newest(repository: str, policy: VersionPolicy, current: str) -> str:
    return VersionFinder(Noon(), Silent(), {}).newest(repository, current, policy)


@pytest.mark.parametrize(
    ("age", "tag"), [(0.0, "1.2.0"), (DAY / 2, "1.2.0"), (DAY, "1.1.0"), (5 * DAY, "")]
)
def test_an_image_has_to_be_old_enough(repository: str, age: float, tag: str) -> None:
    assert newest(repository, VersionPolicy(minimum_age=age), "1.0.0") == tag


@pytest.mark.parametrize(
    ("current", "age", "tag"),
    [
        ("main-a", 0.0, "main-c"),
        ("main-b", DAY, "main-a"),
        ("main-c", 0.0, ""),
        ("main-c", DAY, ""),
        ("main-a", DAY, ""),
    ],
)
def test_the_newest_build_by_the_time_that_it_states(
    repository: str, current: str, age: float, tag: str
) -> None:
    policy = VersionPolicy(Order.NEWEST_BUILD, pattern="^main-", minimum_age=age)
    assert newest(repository, policy, current) == tag


def test_too_many_builds_need_a_narrower_pattern(repository: str) -> None:
    with pytest.raises(PolicyError, match="more than 200"):
        newest(repository, VersionPolicy(Order.NEWEST_BUILD, pattern="^many-"), "many-1")


def test_a_tag_that_is_listed_and_not_there_is_an_endpoint_error(repository: str) -> None:
    policy = VersionPolicy(Order.NUMERICAL, r"", r"^many-(\d+)$", "$1", minimum_age=DAY)
    with pytest.raises(EndpointError, match="answers 404"):
        newest(repository, policy, "many-1")
