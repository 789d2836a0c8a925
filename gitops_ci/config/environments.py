"""What is wrong with the environments and with what names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from gitops_ci.config import kinds, rules
from gitops_ci.config.decode import MOST
from gitops_ci.config.model import Config
from gitops_ci.config.places import Layered
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.regex import regex
from gitops_ci.model.rule import Rule
from gitops_ci.model.span import Location, Route

_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z", re.ASCII)


def check_environments(config: Config, layers: Layered) -> tuple[Finding, ...]:
    """The faults between entries: names that do not exist, circles, names that come twice."""
    checks = (
        _odd_names,
        _unknown_sources,
        _cycles,
        _unknown_names,
        _unknown_clusters,
        _duplicate_clusters,
    )
    return tuple(
        found(rule, kinds.clipped(message), _place(layers, route), hint=hint, key=message)
        for check in checks
        for rule, message, route, hint in islice(check(config), MOST)
    )


def _place(layers: Layered, route: Route) -> Location:
    """The name itself, also where it is a key."""
    return layers.place(route, "value" if route[2:] else "key")


Fault = tuple[Rule, str, Route, str]


def _source_route(config: Config, name: str, index: int) -> Route:
    either = config.environments[name].sources.any
    return ("environments", name, "from", *(("any",) if either else ()), index)


def _odd_names(config: Config) -> Iterator[Fault]:
    """Names end up in branches, labels and file names."""
    for section, names in (("environments", config.environments), ("groups", config.groups)):
        for name in names:
            if not _NAME.match(name):
                message = f"'{name}' cannot be the name of an environment or group"
                hint = "use letters, digits, '-', '_' and '.'"
                yield rules.BAD_VALUE, message, (section, name), hint


def _unknown_sources(config: Config) -> Iterator[Fault]:
    for name, environment in config.environments.items():
        for index, source in enumerate(environment.sources.names):
            if source not in config.environments:
                yield _unknown(source, config, _source_route(config, name, index))


def _unknown(name: str, config: Config, route: Route, also: tuple[str, ...] | None = None) -> Fault:
    known = [*config.environments, *(also or ())]
    what = "environment or group" if also is not None else "environment"
    return (
        rules.UNKNOWN_ENVIRONMENT,
        f"there is no {what} '{name}'",
        route,
        kinds.near(name, known),
    )


def _cycles(config: Config) -> Iterator[Fault]:
    """One fault per circle, at the entry that closes it."""
    state: dict[str, int] = {}
    for start in config.environments:
        path: list[str] = []
        stack: list[tuple[str, int]] = [(start, 0)] if start not in state else []
        while stack:
            name, index = stack.pop()
            if index == 0:
                state[name] = 1
                path.append(name)
            sources = config.environments[name].sources.names
            if index >= len(sources):
                state[name] = 2
                path.pop()
                continue
            stack.append((name, index + 1))
            source = sources[index]
            if state.get(source) == 1:
                circle = [*path[path.index(source) :], source]
                message = f"environments go round in a circle: {_shown(circle)}"
                yield rules.ENVIRONMENT_CYCLE, message, _source_route(config, name, index), ""
            elif source in config.environments and source not in state:
                stack.append((source, 0))


def _shown(circle: list[str]) -> str:
    most = 10
    kept = circle if len(circle) <= most else [*circle[: most - 2], "…", circle[-1]]
    return " ← ".join(kept)


def _unknown_names(config: Config) -> Iterator[Fault]:
    """Names used elsewhere; without declared environments they are found in the tree instead."""
    if not config.environments:
        return
    for index, cluster in enumerate(config.clusters):
        if cluster.environment and cluster.environment not in config.environments:
            yield _unknown(cluster.environment, config, ("clusters", index, "environment"))
    groups = tuple(config.groups)
    for name in config.gates:
        if name not in config.environments and name not in groups:
            yield _unknown(name, config, ("gates", name), groups)
    for index, override in enumerate(config.overrides):
        name = override.match.environment
        plain = name and not set(name) & set("*?[\\")
        if plain and name not in config.environments:
            yield _unknown(name, config, ("overrides", index, "match", "environment"))


def _unknown_clusters(config: Config) -> Iterator[Fault]:
    known = [cluster.name for cluster in config.clusters]
    if not known or config.clusters_from is not None:
        return
    for name, environment in config.environments.items():
        for number, wave in enumerate(environment.waves):
            for index, cluster in enumerate(wave.clusters):
                if cluster not in known:
                    route: Route = ("environments", name, "waves", number, "clusters", index)
                    message = f"there is no cluster '{cluster}'"
                    yield rules.UNKNOWN_CLUSTER, message, route, kinds.near(cluster, known)


def _duplicate_clusters(config: Config) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, cluster in enumerate(config.clusters):
        if cluster.name in seen:
            message = f"cluster '{cluster.name}' is listed twice"
            yield rules.DUPLICATE_NAME, message, ("clusters", index, "name"), ""
        seen.add(cluster.name)
