"""The Kubernetes versions that a run may name."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_ci.config.load import Loaded
from gitops_ci.config.model import Config
from gitops_ci.config.rules import BAD_VALUE
from gitops_ci.model.errors import UsageError
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.span import Route
from gitops_ci.schemas.pack import load


def versions_of(config: Config) -> tuple[str, ...]:
    """The versions to check against: those that `kubernetes` lists, else those of the clusters.
    Empty when neither says any."""
    mine = {cluster.kubernetes for cluster in config.clusters if cluster.kubernetes}
    return config.kubernetes or tuple(sorted(mine, key=_number))


def require_known(versions: Iterable[str]) -> None:
    """Raise UsageError for a Kubernetes version whose structures are not on board."""
    for version in versions:
        if version not in load().versions:
            raise UsageError(_message(version), _hint())


def check_versions(loaded: Loaded) -> tuple[Finding, ...]:
    """A finding for each version in the configuration whose structures are not on board."""
    routes: list[tuple[str | None, Route]] = [
        (version, ("kubernetes", index)) for index, version in enumerate(loaded.config.kubernetes)
    ]
    for index, cluster in enumerate(loaded.config.clusters):
        routes.append((cluster.kubernetes, ("clusters", index, "kubernetes")))
    return tuple(
        found(BAD_VALUE, _message(version), loaded.place(route), hint=_hint(), key=version)
        for version, route in routes
        if version and version not in load().versions
    )


def _message(version: str) -> str:
    return f"the structures of Kubernetes {version} are not on board"


def _hint() -> str:
    known = load().versions
    return f"on board are {known[0]} to {known[-1]}"


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
