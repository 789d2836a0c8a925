"""Waves: in which order the clusters of an environment take a version."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from gitops_ci.config.model import Config
from gitops_ci.promote.slots import Place

_CLUSTER = "cluster="


def waves_of(config: Config, environment: str, places: Iterable[Place]) -> tuple[list[Place], ...]:
    """The places of one app, sorted into the waves of their environment; one wave when it has
    none. A share counts all clusters, those of earlier waves too, and means at least one more
    cluster; what no wave names comes last."""
    known = config.environments.get(environment)
    rest = sorted(places, key=_rank(config))
    if known is None or not known.waves or len(rest) < 2:
        return (rest,) if rest else ()
    total, done = len(rest), 0
    found: list[list[Place]] = []
    for wave in known.waves:
        if wave.percent is None:
            here = [place for place in rest if cluster_of(place) in wave.clusters]
        else:
            here = rest[: max(1, math.ceil(total * wave.percent / 100) - done)]
        rest = [place for place in rest if place not in here]
        done += len(here)
        found += [here] if here else []
    return (*found, *((rest,) if rest else ()))


def cluster_of(place: Place) -> str:
    """The cluster that the place lies on; its whole variant when no layout names clusters."""
    for word in place.variant.split(","):
        if word.startswith(_CLUSTER):
            return word.removeprefix(_CLUSTER)
    return place.variant.partition("=")[2] or place.variant


def _rank(config: Config) -> _Rank:
    return _Rank(tuple(cluster.name for cluster in config.clusters))


class _Rank:
    """Clusters in the order of the configuration, then by name."""

    def __init__(self, names: Sequence[str]) -> None:
        self._order = {name: number for number, name in enumerate(names)}

    def __call__(self, place: Place) -> tuple[int, Place]:
        return (self._order.get(cluster_of(place), len(self._order)), place)
