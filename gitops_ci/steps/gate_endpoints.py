"""What the endpoints say that a gate names: measurements, and values of JSON documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote, urlsplit

from gitops_ci.clients.http_json import values
from gitops_ci.clients.prometheus import query
from gitops_ci.config.layout import fill
from gitops_ci.config.model_promotion import HttpGate, MetricGate
from gitops_ci.model.errors import EndpointError
from gitops_ci.promote.gates.facts import HttpFact, MetricFact
from gitops_ci.steps.world import World

_HOST, _TOKEN = "GITOPS_CI_HTTP_HOST", "GITOPS_CI_HTTP_TOKEN"


def metric_facts(gates: Iterable[MetricGate], world: World) -> Iterator[MetricFact]:
    """The number of each query."""
    token = world.environ.get("GITOPS_CI_PROMETHEUS_TOKEN", "")
    for metric in gates:
        try:
            yield MetricFact(metric, query(metric.prometheus, metric.query, token))
        except EndpointError as error:
            yield MetricFact(metric, None, error.message)


def http_facts(
    gates: Iterable[HttpGate], environment: str, apps: Iterable[str], world: World
) -> Iterator[HttpFact]:
    """The values of each document, one for each app where the address names it. Names come from
    the change and are no more than a part of a path or query there."""
    names = sorted(apps) or [""]
    for gate in gates:
        filled = (
            fill(gate.url, {"app": quote(app, safe=""), "env": quote(environment, safe="")})
            for app in names
        )
        for url in dict.fromkeys(filled):
            try:
                yield HttpFact(gate, url, values(url, gate.path, _token(url, world)))
            except EndpointError as error:
                yield HttpFact(gate, url, problem=error.message)


def _token(url: str, world: World) -> str:
    """The token, if it is meant for this host."""
    ours = urlsplit(url).netloc == world.environ.get(_HOST)
    return world.environ.get(_TOKEN, "") if ours else ""
